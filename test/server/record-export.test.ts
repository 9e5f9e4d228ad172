// A person takes their whole record away: one file that verifies without this server, and in which every change is found.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseRecordFile } from '../../core/ledger/record-file.ts';
import { verifyRecordFile } from '../../core/ledger/verify-record-file.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { changed, conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const pdf = Buffer.from(`%PDF-1.4\n${'x'.repeat(300_000)}`);

describe('the export of a record', () => {
  let server: TestServer;
  let asha: Person;
  let key: string;
  let nowMs = Date.now();
  before(async () => {
    server = await startServer({ sources: { now: () => (nowMs += 1) } });
    asha = await signUp(server.url);
    key = (await asha.get('/log/vkey')).text.trim();
    const made = await asha.create(conditionOf(asha.patientId, 'Asthma'));
    await asha.call('PUT', `/fhir/R4/Condition/${made.id}`, {
      body: changed(made.text, { code: { text: 'Asthma, mild' } }),
    });
    const gone = await asha.create(conditionOf(asha.patientId, 'Removed'));
    await asha.call('DELETE', `/fhir/R4/Condition/${gone.id}`);
    const file = await asha.call('POST', '/api/files?title=Letter', {
      body: pdf,
      headers: { 'content-type': 'application/pdf' },
    });
    assert.equal(file.status, 201, file.text);
  });
  after(() => server.stop());

  const exported = async (query = '') => {
    const answer = await asha.get(`/api/export${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer;
  };

  test('verifies whole, holds every version and file, and ends with the entry of the export itself', async () => {
    const answer = await exported();
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="medallion-record-/);
    const file = parseRecordFile(answer.text);
    const result = verifyRecordFile({ file, verifierKeys: [key] });
    assert.deepEqual(result.problems, []);
    assert.equal(result.verdict, 'passed');
    assert.equal(file.entries.at(-1)?.entry, answer.headers.get('ledger-entry'), 'nothing came after it');
    assert.equal(result.waiting, 0);
    const { rows } = await server.pool.query(
      `select (select count(*)::int from resource where patient_id = $1) + (select count(*)::int from resource_history where patient_id = $1) as versions,
              (select count(*)::int from entry where patient_id = $1) as entries`,
      [asha.patientId],
    );
    assert.deepEqual(
      { versions: file.entries.filter(({ version }) => version).length, entries: file.entries.length },
      rows[0],
    );
    assert.deepEqual(Buffer.from(file.files[0]?.bytes ?? []), pdf);
  });

  test('without the bytes of files it still names them by their digests', async () => {
    const file = parseRecordFile((await exported('?files=none')).text);
    assert.equal(file.files[0]?.bytes, undefined);
    assert.deepEqual(verifyRecordFile({ file, verifierKeys: [key] }).problems, []);
  });

  test('is refused to nobody, to a stale sign-in, with a wrong choice, and to HEAD', async () => {
    assert.equal((await newClient(server.url).get('/api/export')).status, 401);
    assert.equal((await asha.get('/api/export?files=some')).status, 400);
    assert.equal((await asha.call('HEAD', '/api/export')).status, 404);
    nowMs += 11 * 60_000;
    const stale = await asha.get('/api/export');
    assert.deepEqual([stale.status, stale.json()['code']], [403, 'reauthentication-required']);
    await asha.call('POST', '/api/reauthenticate', { body: { password: goodPassword } });
    await exported('?files=none');
  });

  test('every single character of the file that carries a fact is found when it is changed', async () => {
    const { text } = await exported('?files=none');
    const keysToTry: [RegExp, string][] = [
      [/"leaf":"[^"]{20}(.)/g, 'leaf'],
      [/"statement":".{60}(.)/g, 'statement'],
      [/"salt":"(.)/g, 'salt'],
      [/"content":".{30}(.)/g, 'content'],
      [/"seq":(\d)/g, 'seq'],
      [/"kind":(\d)/g, 'kind'],
      [/"recordedAt":".{18}(.)/g, 'recorded at'],
      [/"lastUpdated":"[^"]{18}(\d)/g, 'last updated'],
      [/"version":(\d),"deleted"/g, 'version'],
      [/"sha256":"(.)/g, 'digest of a file'],
      [/"uhid":"\d{5}(\d)/g, 'UHID'],
      [/"pseudonym":"(.)/g, 'pseudonym'],
      [/"head":"(.)/g, 'head of the chain'],
      [/"checkpoint":"[^\\]+\\n(\d)/g, 'size'],
    ];
    for (const [pattern, what] of keysToTry) {
      const hits = [...text.matchAll(pattern)];
      assert.ok(hits.length > 0, what);
      for (const hit of hits.slice(0, 20)) {
        const at = hit.index + hit[0].lastIndexOf(hit[1]!);
        const other = hit[1] === '1' ? '2' : hit[1] === 'A' ? 'B' : /\d/.test(hit[1]!) ? '1' : 'A';
        const forged = text.slice(0, at) + other + text.slice(at + 1);
        assert.equal(problemsOf(forged, key) > 0, true, `${what} at ${at}: ${text.slice(at - 20, at + 10)}`);
      }
    }
  });

  test('a file that breaks off, lacks an entry or a file, or has two swapped, is found', async () => {
    const { text } = await exported();
    const whole = JSON.parse(text) as { entries: object[]; files: object[]; end: object };
    assert.throws(() => parseRecordFile(text.slice(0, -100)));
    assert.throws(() => parseRecordFile(JSON.stringify({ ...whole, entries: whole.entries.slice(1) })));
    const entries = whole.entries;
    for (const [what, forged] of Object.entries<object[]>({
      'one is missing': entries.toSpliced(3, 1),
      'two are swapped': entries.with(2, entries[3]!).with(3, entries[2]!),
      'one is doubled': entries.toSpliced(3, 0, entries[3]!),
    }))
      assert.ok(
        problemsOf(
          JSON.stringify({ ...whole, entries: forged, end: { ...whole.end, entries: forged.length } }),
          key,
        ) > 0,
        what,
      );
    const bare = JSON.stringify({ ...whole, files: [], end: { ...whole.end, files: 0 } });
    assert.ok(problemsOf(bare, key) > 0, 'a file is missing');
    assert.ok(problemsOf(text, `${key.slice(0, -2)}A=`) > 0, 'another key');
  });
});

/** How many problems are found; a file that cannot be read is one. */
function problemsOf(text: string, key: string): number {
  try {
    return verifyRecordFile({ file: parseRecordFile(text), verifierKeys: [key] }).problems.length;
  } catch {
    return 1;
  }
}
