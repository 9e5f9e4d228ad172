// Two records of one person are joined and parted: nothing moves, nothing is lost, nobody sees more than before but the person themself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRecordFile } from '../../core/ledger/record-file.ts';
import { verifyRecordFile } from '../../core/ledger/verify-record-file.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { runVerifier, temporaryFolder, writeRecord } from '../harness/verifier.ts';
import { ask, confirm, doctor, lastCode, patient, sealed, server, whole } from './consent-world.ts';
import { act, join, officerOf, propose, reason } from './merges-world.ts';

const measured = (of: Person, text: string, category = 'laboratory', more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] },
  ],
  code: { text },
  subject: { reference: `Patient/${of.patientId}` },
  valueString: text,
  ...more,
});

/** Everything of one record but its chain: each row with its text, and of the Patient what it says without number and time. */
async function stateOf(patientId: string): Promise<unknown> {
  const { rows } = await server.pool.query<{ key: string; content: string; deleted: boolean }>(
    `select resource_type || '/' || resource_id as key, content, deleted from resource where patient_id = $1 order by 1`,
    [patientId],
  );
  const { rows: held } = await server.pool.query(
    `select authority_id, basis, holder_id, categories, entries, sealed, ended_at from authority where patient_id = $1 and basis <> 'merged' order by 1`,
    [patientId],
  );
  const said = rows.map(({ key, content, deleted }) => {
    if (!key.startsWith('Patient/')) return { key, content, deleted };
    const { meta, ...rest } = JSON.parse(content) as { meta: { tag: unknown } };
    return { key, content: rest, tag: meta.tag, deleted };
  });
  return { said, held };
}

const codesOf = async (who: Person, of: Person): Promise<string[]> => {
  const found: string[] = [];
  let next: string | undefined = `/fhir/R4/Observation?patient=${of.patientId}&_count=50`;
  while (next !== undefined) {
    const bundle: { entry?: { resource: { id: string } }[]; link?: { relation: string; url: string }[] } = (
      await who.get(next)
    ).json();
    found.push(...(bundle.entry ?? []).map(({ resource }) => resource.id));
    const link = bundle.link?.find(({ relation }) => relation === 'next')?.url;
    next = link === undefined ? undefined : new URL(link).pathname + new URL(link).search;
  }
  return found.toSorted();
};

async function assertVerifies(of: Person): Promise<void> {
  const key = (await of.get('/log/vkey')).text.trim();
  const exported = await of.get('/api/export?files=none');
  assert.equal(exported.status, 200, exported.text);
  const result = verifyRecordFile({ file: parseRecordFile(exported.text), verifierKeys: [key] });
  assert.deepEqual(result.problems, []);
}

describe('joining two records', () => {
  it('needs two officers and everybody who speaks for one of the two; the order is free', async () => {
    const twin = await signUp(server.url);
    const [first, second] = [await officerOf(), await officerOf()];
    const { id } = (await propose(first, patient, twin)).json<{ id: string }>();
    assert.equal((await act(first, id, 'second')).status, 403, 'nobody seconds themself');
    for (const who of [await officerOf('elsewhere'), await signUp(server.url), doctor])
      for (const what of ['second', 'agree', 'refuse'])
        assert.ok([403, 404].includes((await act(who, id, what)).status), what);
    const state = async () =>
      (await patient.get('/api/merges')).json<{ id: string; state: string }[]>().find((one) => one.id === id)
        ?.state;
    assert.equal((await act(twin, id, 'agree')).json()['state'], 'proposed');
    assert.equal((await act(twin, id, 'agree')).status, 409);
    assert.equal((await act(patient, id, 'agree')).json()['state'], 'proposed');
    assert.equal(await state(), 'proposed');
    const before = await twin.create(measured(twin, 'Of the twin'));
    assert.equal((await patient.get(`/fhir/R4/Observation/${before.id}`)).status, 404);
    assert.equal((await act(second, id, 'second')).json()['state'], 'merged');
    assert.equal((await patient.get(`/fhir/R4/Observation/${before.id}`)).status, 200);
    assert.equal((await propose(first, patient, twin)).status, 409, 'once');
    assert.equal((await propose(first, twin, await signUp(server.url))).status, 409, 'no chain');
    const { text } = await twin.get('/api/notices');
    assert.match(text, /merge-proposed.*|merge-done/);
    assert.ok(!text.includes('spellings'));
  });

  it('can be refused by either side, and is never about an officer themself', async () => {
    const twin = await signUp(server.url);
    const officer = await officerOf();
    assert.equal((await propose(officer, officer, twin)).status, 403);
    assert.equal((await propose(officer, patient, patient)).status, 422);
    const { id } = (await propose(officer, patient, twin)).json<{ id: string }>();
    assert.equal((await act(twin, id, 'refuse')).status, 204);
    assert.equal((await act(patient, id, 'agree')).status, 409);
    assert.equal((await propose(officer, patient, twin)).status, 201);
  });

  it('without anybody who speaks for the other record only where it was begun at their own desk, and opens nothing sealed', async () => {
    const clerk = await officerOf('a-hospital', 'desk');
    const enrolled = await clerk.call('POST', '/api/desk/people', {
      body: { name: 'Twin of Asha', birthDate: '1950-01-02', sure: true },
    });
    assert.equal(enrolled.status, 201, enrolled.text);
    const { id: mergedId, uhid } = enrolled.json<{ id: string; uhid: string }>();
    const offer = (officer: Person) =>
      officer.call('POST', '/api/merges', { body: { survivor: patient.uhid, merged: uhid, reason } });
    assert.equal((await offer(await officerOf('elsewhere'))).status, 403);
    const { id } = (await offer(await officerOf())).json<{ id: string }>();
    assert.equal((await act(await officerOf(), id, 'second')).status, 200);
    assert.equal((await act(patient, id, 'agree')).json()['state'], 'merged');
    assert.equal((await patient.get(`/fhir/R4/Patient/${mergedId}`)).status, 200);
    const { rows } = await server.pool.query<{ sealed: boolean }>(
      `select sealed from authority where patient_id = $1 and basis = 'merged'`,
      [mergedId],
    );
    assert.deepEqual(rows, [{ sealed: false }]);
    // Somebody takes that record over with its code: whoever that is said no yes, and is not read by anybody.
    const { claimCode: code } = enrolled.json<{ claimCode: string }>();
    const claimed = await newClient(server.url).call('POST', '/api/sign-up/claim', {
      body: { uhid, code, login: `${mergedId}@example.org`, password: 'copper lantern 73 rain' },
    });
    assert.equal(claimed.status, 201, claimed.text);
    assert.equal((await patient.get(`/fhir/R4/Patient/${mergedId}`)).status, 404);
  });

  it('opens the other record to its person and to nobody else: grants, pens and guardians stay where they were', async () => {
    const twin = await signUp(server.url);
    const mine = await patient.create(measured(patient, 'Of the survivor'));
    const theirs = await twin.create(measured(twin, 'Of the twin'));
    const hidden = await twin.create(measured(twin, 'Sealed of the twin', 'laboratory', sealed));
    const { id: request } = await ask(whole);
    assert.equal((await confirm(request, lastCode())).status, 201);
    const seen = async (who: Person) =>
      Promise.all(
        [mine, theirs, hidden].map(async ({ id }) => (await who.get(`/fhir/R4/Observation/${id}`)).status),
      );
    const [doctorsBefore, twinsBefore] = [await seen(doctor), await seen(twin)];
    assert.deepEqual(doctorsBefore, [200, 404, 404]);
    await join(patient, twin);
    assert.deepEqual(await seen(doctor), doctorsBefore);
    assert.deepEqual(await seen(twin), twinsBefore);
    assert.deepEqual(await seen(patient), [200, 200, 200], 'both owners agreed, sealed entries too');
    assert.deepEqual(await codesOf(doctor, patient), [mine.id]);
    assert.deepEqual(await codesOf(patient, patient), [mine.id, theirs.id, hidden.id].toSorted());
    const timeline = (await patient.get('/api/timeline?from=2000-01&to=2100-01')).json<{
      entries: { id: string }[];
    }>();
    assert.deepEqual(
      timeline.entries.map(({ id }) => id).toSorted(),
      [mine.id, theirs.id, hidden.id].toSorted(),
    );
    const within = (await patient.get(`/fhir/R4/Patient/${patient.patientId}/Observation`)).json<{
      total: number;
    }>();
    assert.equal(within.total, 3);
    const write = await patient.call('PUT', `/fhir/R4/Observation/${theirs.id}`, {
      body: { ...(JSON.parse(theirs.text) as object), valueString: 'changed' },
    });
    assert.equal(write.status, 403, 'read, not written');
    assert.match(
      (await twin.get('/api/entries')).text,
      new RegExp(`"basis":"merged"`),
      'each look is in the chain',
    );
  });

  it('leads the card of the merged record to the survivor, and back when they are parted', async () => {
    const twin = await signUp(server.url, { name: 'Twin Rao' });
    const face = async (of: Person) =>
      new URL((await of.get('/api/emergency-card')).json<{ url: string }>().url).pathname;
    await patient.call('POST', '/api/emergency-card');
    await twin.call('POST', '/api/emergency-card');
    const path = await face(twin);
    const scan = async () => (await newClient(server.url).get(path)).text;
    assert.match(await scan(), /Twin Rao/);
    const { id, first } = await join(patient, twin);
    const joined = await scan();
    assert.ok(joined.includes('Asha Rao') && !joined.includes('Twin Rao'));
    assert.match((await patient.get('/api/notices')).text, /card-scan/);
    assert.equal((await act(first, id, 'undo', { reason: 'They are two sisters after all.' })).status, 200);
    assert.match(await scan(), /Twin Rao/);
  });
});

describe('likely duplicates', () => {
  it('are two numbers of those this desk enrolled and how alike they are, and both have an entry of the comparison', async () => {
    const clerk = await officerOf('a-hospital', 'desk');
    const enrol = async (name: string) => {
      const body = { name, birthDate: '1961-05-31', phone: '+91 98765 43210', sure: true };
      const answer = await clerk.call('POST', '/api/desk/people', { body });
      assert.equal(answer.status, 201, answer.text);
      return answer.json<{ id: string; uhid: string }>();
    };
    const [one, two] = [await enrol('Lakshmi Venkataraman'), await enrol('Laxmi Venkataraman')];
    for (const who of [patient, doctor, clerk])
      assert.equal((await who.call('POST', '/api/duplicates')).status, 403);
    const found = await (await officerOf()).call('POST', '/api/duplicates');
    assert.equal(found.status, 200, found.text);
    const pairs = found.json<{ enrolled: string; other: string; grade: string }[]>();
    assert.ok(
      pairs.some(({ enrolled, other }) => enrolled === two.uhid && other === one.uhid),
      found.text,
    );
    assert.ok(!found.text.includes('Venkat') && !found.text.includes('1961-05'), 'numbers alone');
    const { rows } = await server.pool.query<{ id: string }>(
      `select distinct patient_id as id from entry where statement::json ->> 'event' = 'match' and statement::json ->> 'basis' = 'records-officer'
          and patient_id = any($1::text[])`,
      [[one.id, two.id]],
    );
    assert.equal(rows.length, 2);
    assert.deepEqual((await (await officerOf('elsewhere')).call('POST', '/api/duplicates')).json(), []);
  });
});

describe('parting them again', () => {
  it('gives back exactly what there was, whatever was written before and since; both chains verify (property)', async () => {
    const entry = fc.record({
      text: fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() === text && text !== ''),
      category: fc.constantFrom('laboratory', 'vital-signs', 'social-history'),
      sealed: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 4 }),
        fc.array(entry, { maxLength: 4 }),
        fc.array(fc.record({ to: fc.constantFrom('survivor', 'merged'), entry }), { maxLength: 4 }),
        async (ofSurvivor, ofMerged, since) => {
          const [survivor, merged] = [await signUp(server.url), await signUp(server.url)];
          const write = (of: Person, one: { text: string; category: string; sealed: boolean }) =>
            of.create(measured(of, one.text, one.category, one.sealed ? sealed : {}));
          for (const one of ofSurvivor) await write(survivor, one);
          for (const one of ofMerged) await write(merged, one);
          const before = {
            survivor: await stateOf(survivor.patientId),
            merged: await stateOf(merged.patientId),
          };
          const seenBefore = {
            survivor: await codesOf(survivor, survivor),
            merged: await codesOf(merged, merged),
          };
          const { id, first } = await join(survivor, merged);
          assert.deepEqual(
            await codesOf(survivor, survivor),
            [...seenBefore.survivor, ...seenBefore.merged].toSorted(),
            'everything is reachable',
          );
          const late = { survivor: [] as string[], merged: [] as string[] };
          for (const { to, entry: one } of since)
            late[to].push((await write(to === 'survivor' ? survivor : merged, one)).id);
          assert.equal(
            (await act(first, id, 'undo', { reason: 'They are two sisters after all.' })).status,
            200,
          );
          for (const side of ['survivor', 'merged'] as const) {
            const person = side === 'survivor' ? survivor : merged;
            const now = (await stateOf(person.patientId)) as { said: { key: string }[]; held: unknown };
            const said = now.said.filter(
              ({ key }) => !late[side].some((one) => key === `Observation/${one}`),
            );
            assert.deepEqual({ ...now, said }, before[side], 'as it was');
            assert.deepEqual(
              await codesOf(person, person),
              [...seenBefore[side], ...late[side]].toSorted(),
              'nothing lost, nothing leaked',
            );
          }
          await assertVerifies(survivor);
          await assertVerifies(merged);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('lets an officer say which later entries of their organisation belong to the other, as new entries; the rest stays', async () => {
    const twin = await signUp(server.url);
    const { id, first } = await join(patient, twin);
    const { id: request } = await ask({ ...whole, scope: { write: true } });
    assert.equal((await confirm(request, lastCode())).status, 201);
    const write = async (text: string) => {
      const answer = await doctor.call('POST', '/fhir/R4/Observation', { body: measured(patient, text) });
      assert.equal(answer.status, 201, answer.text);
      return answer.json<{ id: string }>().id;
    };
    const [goes, stays] = [await write('Goes over'), await write('Stays')];
    const own = await patient.create(measured(patient, 'Own words'));
    const undo = (move: string[], who: Person = first) =>
      act(who, id, 'undo', { reason: 'They are two sisters after all.', move });
    assert.equal((await undo([`Observation/${own.id}`])).status, 422, 'not of the organisation');
    assert.equal((await undo([`Observation/${goes}`], patient)).status, 403);
    const done = await undo([`Observation/${goes}`]);
    assert.equal(done.status, 200, done.text);
    const moved = done.json<{ moved: Record<string, string> }>().moved[`Observation/${goes}`] ?? '';
    assert.equal((await twin.get(`/fhir/R4/${moved}`)).json()['valueString'], 'Goes over');
    assert.equal((await patient.get(`/fhir/R4/${moved}`)).status, 404);
    assert.equal((await patient.get(`/fhir/R4/Observation/${goes}`)).status, 410);
    assert.equal((await patient.get(`/fhir/R4/Observation/${goes}/_history/1`)).status, 200, 'it was here');
    assert.deepEqual(await codesOf(patient, patient), [stays, own.id].toSorted());
    for (const person of [patient, twin]) await assertVerifies(person);
    const folder = temporaryFolder();
    try {
      const key = (await twin.get('/log/vkey')).text.trim();
      const file = await writeRecord(server, twin.patientId, folder.path('twin.json'));
      const report = await runVerifier(server.url, '--no-state', '--key', key, '--record', file);
      assert.deepEqual(report.codes, []);
    } finally {
      folder.remove();
    }
  });

  it('may be asked for by either side alone, once; and holds from the next request on', async () => {
    const twin = await signUp(server.url);
    const theirs = await twin.create(measured(twin, 'Of the twin'));
    const { id } = await join(patient, twin);
    assert.equal((await patient.get(`/fhir/R4/Observation/${theirs.id}`)).status, 200);
    const undo = (who: Person) => act(who, id, 'undo', { reason: 'This is not my record at all.' });
    assert.equal((await undo(doctor)).status, 404);
    assert.equal((await undo(twin)).status, 200);
    assert.equal((await undo(patient)).status, 409);
    assert.equal((await patient.get(`/fhir/R4/Observation/${theirs.id}`)).status, 404);
  });
});
