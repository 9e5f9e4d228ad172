// Erased for good: what was destroyed is nowhere any more, the log and everybody's proofs still hold, and the person has a receipt.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseReceiptFile, verifyReceiptFile } from '../../core/ledger/receipt-file.ts';
import { erasePerson, holdRecord } from '../../server/admin/erase.ts';
import { registerPath } from '../../server/ledger/erasure-register.ts';
import { repeatErasures } from '../../server/ledger/repeat-erasures.ts';
import type { Stores } from '../../server/stores.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { verifyOverHttp } from '../harness/record.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { runVerifier, temporaryFolder } from '../harness/verifier.ts';

describe('LOG-10 erasing for good', () => {
  let server: TestServer;
  let asha: Person;
  let other: Person;
  let vkey: string;
  let nowMs = Date.now();
  const folder = temporaryFolder();
  before(async () => {
    server = await startServer({ sources: { now: () => (nowMs += 1) } });
    [asha, other] = [await signUp(server.url), await signUp(server.url)];
    vkey = (await asha.get('/log/vkey')).text.trim();
  });
  after(async () => {
    folder.remove();
    await server.stop();
  });

  const eraseOne = (who: Person, type: string, id: string, confirm = 'erase for good') =>
    who.call('POST', '/api/erasures', { body: { scope: 'resource', type, id, confirm } });

  /** Whether a text stands in any column of any table. */
  async function stands(text: string): Promise<string[]> {
    const { rows } = await server.pool.query(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const places: string[] = [];
    for (const { name } of rows as { name: string }[]) {
      const { rowCount } = await server.pool.query(
        `select 1 from ${name} t where strpos(t::text, $1) > 0 limit 1`,
        [text],
      );
      if (rowCount) places.push(name);
    }
    return places;
  }

  async function verifyAll(
    who: Person,
  ): Promise<{ exitCode: number; codes: readonly string[]; erased: number }> {
    const exported = await who.get('/api/export');
    assert.equal(exported.status, 200, exported.text);
    writeFileSync(folder.path('record.json'), exported.bytes);
    const log = await runVerifier(
      server.url,
      '--no-state',
      '--key',
      vkey,
      '--record',
      folder.path('record.json'),
    );
    return { ...log, erased: (await verifyOverHttp(who)).erased };
  }

  test('one entry: all versions, statements, salts, notices and files are gone; the chain still has every leaf; the receipt proves it', async () => {
    const made = await asha.create(conditionOf(asha.patientId, 'Secretitis'));
    await asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
      body: changed(made.text, { code: { text: 'Secretitis, mild' } }),
    });
    const { rows: salts } = await server.pool.query('select salt from entry where entry_id = $1', [
      made.entryId,
    ]);
    const answer = await eraseOne(asha, 'Condition', made.id);
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(await stands('Secretitis'), []);
    assert.deepEqual(await stands((salts as { salt: Buffer }[])[0]!.salt.toString('hex')), []);
    for (const path of ['', '/_history', '/_history/1'])
      assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}${path}`)).status, 404, path);
    assert.equal(
      (await asha.get('/fhir/R4/Condition?code:text=Secretitis')).json<{ total?: number }>().total ?? 0,
      0,
    );

    const receipt = verifyReceiptFile(parseReceiptFile(answer.text), [vkey]);
    assert.deepEqual([receipt.verdict, receipt.claim?.count], ['passed', 2]);
    const again = await asha.get(`/api/erasures/${answer.headers.get('ledger-entry')}/receipt`);
    assert.equal(
      verifyReceiptFile(parseReceiptFile(again.text), [vkey]).verdict,
      'passed',
      'given again when asked',
    );
    assert.equal(
      (await other.get(`/api/erasures/${answer.headers.get('ledger-entry')}/receipt`)).status,
      404,
    );
    writeFileSync(folder.path('receipt.json'), answer.bytes);
    const checked = await runVerifier(
      server.url,
      '--no-state',
      '--key',
      vkey,
      '--record',
      folder.path('receipt.json'),
    );
    assert.deepEqual([checked.exitCode, checked.codes], [0, []]);

    assert.deepEqual(await verifyAll(asha).then(({ exitCode, codes, erased }) => [exitCode, codes, erased]), [
      0,
      [],
      2,
    ]);
    assert.equal((await verifyAll(other)).exitCode, 0, 'everybody else’s proofs hold');
  });

  test('a receipt that lists other leaves, or is of another log, proves nothing', async () => {
    const receipt = JSON.parse(readFileSync(folder.path('receipt.json'), 'utf8')) as {
      erased: unknown[];
      statement: string;
    };
    for (const forged of [
      { ...receipt, erased: receipt.erased.slice(1) },
      { ...receipt, erased: receipt.erased.toReversed() },
      { ...receipt, statement: receipt.statement.replace('"erased":2', '"erased":3') },
    ])
      assert.equal(verifyReceiptFile(parseReceiptFile(JSON.stringify(forged)), [vkey]).verdict, 'failed');
    assert.equal(verifyReceiptFile(parseReceiptFile(JSON.stringify(receipt)), []).verdict, 'failed');
  });

  test('a document goes with its bytes, unless another document names the same file', async () => {
    const files = () =>
      readdirSync(fileURLToPath(server.deps.config.storageUrl), { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.length > 20,
      );
    const upload = async (title: string) => {
      const answer = await asha.call('POST', `/api/files?title=${title}`, {
        body: Buffer.from(`%PDF-1.4 ${title}`),
        headers: { 'content-type': 'application/pdf' },
      });
      return answer.json<{ id: string; fileId: string }>();
    };
    const [one, two] = [await upload('one'), await upload('two')];
    const text = (await asha.get(`/fhir/R4/DocumentReference/${two.id}`)).text;
    const copy = await asha.create(changed(text, { id: undefined, description: 'copy' }));
    assert.equal((await eraseOne(asha, 'DocumentReference', one.id)).status, 201);
    assert.equal((await eraseOne(asha, 'DocumentReference', two.id)).status, 201);
    assert.ok(!files().some((name) => name.includes(one.fileId)));
    assert.ok(
      files().some((name) => name.includes(two.fileId)),
      'the copy still names it',
    );
    assert.equal((await asha.get(`/api/files/${two.fileId}`)).status, 200);
    assert.equal((await verifyAll(asha)).exitCode, 0);
    assert.equal((await eraseOne(asha, 'DocumentReference', copy.id)).status, 201);
    assert.ok(!files().some((name) => name.includes(two.fileId)));
    assert.equal((await verifyAll(asha)).exitCode, 0);
  });

  test('what is another’s, absent, or who one is, is not erased; nor by a slip, nor with a stale sign-in', async () => {
    const made = await other.create(conditionOf(other.patientId));
    const body = { scope: 'resource', type: 'Condition', id: made.id, confirm: 'erase for good' };
    assert.equal((await eraseOne(asha, 'Condition', made.id)).status, 404);
    assert.equal((await eraseOne(asha, 'Condition', 'nothing')).status, 404);
    assert.equal((await eraseOne(asha, 'Patient', asha.patientId)).status, 409);
    assert.equal((await eraseOne(other, 'Condition', made.id, 'erase')).status, 409);
    assert.equal((await newClient(server.url).call('POST', '/api/erasures', { body })).status, 401);
    for (const wrong of [
      {},
      { ...body, scope: 'all' },
      { ...body, id: '../x' },
      { ...body, type: undefined },
      { ...body, extra: 1 },
      { scope: 'resource', confirm: 'erase for good' },
    ])
      assert.equal(
        (await other.call('POST', '/api/erasures', { body: wrong })).status,
        400,
        JSON.stringify(wrong),
      );
    nowMs += 11 * 60_000;
    assert.equal((await eraseOne(other, 'Condition', made.id)).status, 403);
    await Promise.all(
      [asha, other].map((who) =>
        who.call('POST', '/api/reauthenticate', { body: { password: goodPassword } }),
      ),
    );
    assert.equal((await other.get(`/fhir/R4/Condition/${made.id}`)).status, 200, 'it is still there');
  });

  const stores = async (): Promise<Stores> => {
    const { openLogKey } = await import('../../server/ledger/log-key.ts');
    const logKey = await openLogKey(server.dataDir, '', false);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the operator's verbs use of it
    return { deps: server.deps, sequencer: server.sequencer, logKey } as unknown as Stores;
  };

  test('a legal hold stops it with its reason, and leaves the refusal in the chain; lifted, it goes', async () => {
    const made = await asha.create(conditionOf(asha.patientId));
    const operator = await stores();
    await holdRecord(operator, { uhid: asha.uhid, reason: 'Case 12 of the district court.', lift: false });
    await assert.rejects(holdRecord(operator, { uhid: asha.uhid, reason: 'again', lift: false }), /already/);
    const refused = await eraseOne(asha, 'Condition', made.id);
    assert.deepEqual([refused.status, refused.json()['code']], [409, 'legal-hold']);
    assert.match(refused.text, /Case 12 of the district court\./);
    const whole = await asha.call('POST', '/api/erasures', { body: { scope: 'person', confirm: asha.uhid } });
    assert.equal(whole.status, 409);
    assert.equal((await asha.get(`/fhir/R4/Condition/${made.id}`)).status, 200);
    await holdRecord(operator, { uhid: asha.uhid, reason: 'The case is closed.', lift: true });
    const { rows } = await server.pool.query(
      `select statement::jsonb ->> 'event' as event, statement::jsonb ->> 'outcome' as outcome from entry
        where patient_id = $1 and (statement like '%"event":"hold%' or statement like '%"event":"erase"%"outcome":"refused"%') order by entry_id`,
      [asha.patientId],
    );
    assert.deepEqual(rows, [
      { event: 'hold', outcome: 'done' },
      { event: 'erase', outcome: 'refused' },
      { event: 'erase', outcome: 'refused' },
      { event: 'hold-lifted', outcome: 'done' },
    ]);
    assert.equal((await eraseOne(asha, 'Condition', made.id)).status, 201);
    assert.equal((await verifyAll(asha)).exitCode, 0);
  });

  test('a whole person: nothing of them stands anywhere, the log holds, the receipt is the only paper left', async () => {
    const ravi = await signUp(server.url, { name: 'Ravi Zyx Unmistakable' });
    await ravi.create(conditionOf(ravi.patientId, 'Secretosis'));
    await ravi.get('/fhir/R4/Practitioner?name=somebody');
    const card = await ravi.call('POST', '/api/emergency-card', { body: {} });
    assert.ok(card.status < 300, card.text);
    await ravi.call('POST', '/api/files?title=Letter', {
      body: Buffer.from('%PDF-1.4 secret'),
      headers: { 'content-type': 'application/pdf' },
    });
    const { rows } = await server.pool.query(
      `select encode(pseudonym, 'hex') as pseudonym, (select count(*)::int from entry e where e.patient_id = p.patient_id) as entries
         from person p where patient_id = $1`,
      [ravi.patientId],
    );
    const [{ pseudonym, entries }] = rows as [{ pseudonym: string; entries: number }];
    const wrong = await ravi.call('POST', '/api/erasures', { body: { scope: 'person', confirm: asha.uhid } });
    assert.equal(wrong.status, 409);
    const answer = await ravi.call('POST', '/api/erasures', {
      body: { scope: 'person', confirm: ravi.uhid },
    });
    assert.equal(answer.status, 201, answer.text);
    const receipt = verifyReceiptFile(parseReceiptFile(answer.text), [vkey]);
    assert.deepEqual([receipt.verdict, receipt.claim?.count], ['passed', entries]);

    for (const fact of [ravi.patientId, ravi.uhid, 'Unmistakable', 'Secretosis', ravi.login, ravi.accountId])
      assert.deepEqual(await stands(fact), [], fact);
    assert.ok(!readFileSync(registerPath(server.dataDir), 'utf8').includes(ravi.patientId));
    assert.equal((await ravi.get('/api/me')).status, 401, 'the session is over');
    // The pseudonym stands with the leaves alone, and nothing leads from it to anybody.
    assert.deepEqual((await stands(pseudonym)).toSorted(), ['log_chain', 'log_leaf']);
    assert.equal((await runVerifier(server.url, '--no-state', '--key', vkey)).exitCode, 0);
    assert.equal((await verifyAll(other)).exitCode, 0);
    const again = await signUp(server.url, { login: ravi.login, name: 'Ravi Zyx Unmistakable' });
    assert.notEqual(again.patientId, ravi.patientId, 'coming back is beginning anew');
  });

  test('the operator erases at somebody’s request, with the reason in the chain', async () => {
    const made = await other.create(conditionOf(other.patientId, 'Secretoma'));
    const file = folder.path('by-operator.json');
    const said = await erasePerson(await stores(), {
      uhid: other.uhid,
      what: `Condition/${made.id}`,
      reason: 'Asked for by letter.',
      file,
    });
    assert.match(said, /^1 entries are erased/);
    assert.equal(verifyReceiptFile(parseReceiptFile(readFileSync(file, 'utf8')), [vkey]).verdict, 'passed');
    assert.equal((await verifyAll(other)).exitCode, 0);
  });

  test('a database from before the erasures gives nothing back: they are carried out again', async () => {
    const made = await asha.create(conditionOf(asha.patientId, 'Secretopathy'));
    const ravi = await signUp(server.url, { name: 'Ravi Restored' });
    await server.sequencer.flush();
    const tables = ['resource', 'resource_history', 'entry', 'person', 'account'];
    // Elsewhere: an erasure goes through every table of the schema that knows the person.
    await server.pool.query('create schema older');
    for (const table of tables)
      await server.pool.query(`create table older.${table} as select * from ${table}`);
    assert.equal((await eraseOne(asha, 'Condition', made.id)).status, 201);
    assert.equal(
      (await ravi.call('POST', '/api/erasures', { body: { scope: 'person', confirm: ravi.uhid } })).status,
      201,
    );
    // What an older copy would bring back.
    for (const table of tables) {
      await server.pool.query(
        `insert into ${table} select o.* from older.${table} o where o.patient_id = '${ravi.patientId}' on conflict do nothing`,
      );
      if (table.startsWith('resource') || table === 'entry') {
        await server.pool.query(`delete from ${table} where entry_id = '${made.entryId}'`);
        await server.pool.query(
          `insert into ${table} select * from older.${table} where entry_id = '${made.entryId}'`,
        );
      }
    }
    await server.pool.query('drop schema older cascade');
    assert.notDeepEqual(await stands('Secretopathy'), []);
    assert.notDeepEqual(await stands('Ravi Restored'), []);
    assert.equal(await repeatErasures(server.deps), 2);
    assert.deepEqual(await stands('Secretopathy'), []);
    assert.deepEqual(await stands('Ravi Restored'), []);
    assert.equal(await repeatErasures(server.deps), 0, 'once is enough');
    assert.equal((await verifyAll(asha)).exitCode, 0);
  });
});
