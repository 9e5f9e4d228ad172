// What a program may leave open in a reference, and name across records, and what nobody may: keep a record of a person who is not here.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { program, type Program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('references of a program', () => {
  let server: TestServer;
  let partner: Program;
  let asha: Person;
  let ravi: Person;
  before(async () => {
    server = await startServer();
    partner = await program(server);
    asha = await signUp(server.url);
    ravi = await signUp(server.url);
  });
  after(() => server.stop());

  const status = async (who: Program | Person, resource: Record<string, unknown>): Promise<number> =>
    (await who.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, { body: resource })).status;

  test('what is not here yet may be named by a program, not by a person', async () => {
    const early = { ...conditionOf(asha.patientId), encounter: { reference: 'Encounter/not-yet' } };
    const made = await partner.call('POST', '/fhir/R4/Condition', { body: early });
    assert.equal(made.status, 201, made.text);
    assert.equal(await status(asha, early), 422);
    // The person may change the rest of it, and adds no such name.
    const stored = made.json<{ id: string }>();
    const put = (body: object) => asha.call('PUT', `/fhir/R4/Condition/${stored.id}`, { body });
    assert.equal((await put({ ...stored, code: { text: 'better now' } })).status, 200);
    assert.equal((await put({ ...stored, asserter: { reference: 'Practitioner/not-yet' } })).status, 422);
  });

  test('what stands in another person’s record is named by programs, and opens that record to nobody', async () => {
    const { id } = await ravi.create({ ...conditionOf(ravi.patientId), code: { text: 'of another' } });
    const crossing = {
      ...conditionOf(asha.patientId),
      evidence: [{ detail: [{ reference: `Condition/${id}` }] }],
    };
    assert.equal(await status(asha, crossing), 422);
    const made = await partner.call('POST', '/fhir/R4/Condition', { body: crossing });
    assert.equal(made.status, 201, made.text);
    const naming = made.json<{ id: string }>().id;
    const found = async (who: Program | Person, search: string): Promise<string[]> =>
      (
        (await who.get(`/fhir/R4/Condition?${search}`)).json<{ entry?: { resource: { id: string } }[] }>()
          .entry ?? []
      ).map(({ resource }) => resource.id);
    // The program finds it by what it names and by what names it, wherever either stands.
    assert.deepEqual(await found(partner, `evidence-detail=Condition/${id}`), [naming]);
    assert.deepEqual(await found(partner, `_has:Condition:evidence-detail:_id=${naming}`), [id]);
    assert.deepEqual(
      (await found(partner, `_id=${naming}&_include=Condition:evidence-detail`)).toSorted(),
      [id, naming].toSorted(),
    );
    // To the person it leads nowhere.
    assert.deepEqual(await found(asha, `_id=${naming}&_include=Condition:evidence-detail`), [naming]);
    assert.deepEqual(await found(asha, `evidence-detail:Condition.subject=Patient/${ravi.patientId}`), []);
    assert.equal((await asha.get(`/fhir/R4/Condition/${id}`)).status, 404);
    assert.deepEqual(await found(ravi, `_has:Condition:evidence-detail:_id=${naming}`), []);
    const everything = (await asha.get(`/fhir/R4/Patient/${asha.patientId}/$everything`)).text;
    assert.ok(everything.includes(naming) && !everything.includes('of another'));
  });

  test('a search by person finds what names them in other places than the one that says whose it is', async () => {
    const link = {
      resourceType: 'Patient',
      link: [{ other: { reference: `Patient/${ravi.patientId}` }, type: 'seealso' }],
    };
    const made = await partner.call('POST', '/fhir/R4/Patient', { body: link });
    assert.equal(made.status, 201, made.text);
    const both = {
      resourceType: 'Appointment',
      status: 'booked',
      participant: [asha, ravi].map(({ patientId }) => ({
        actor: { reference: `Patient/${patientId}` },
        status: 'accepted',
      })),
      start: '2026-01-01T10:00:00Z',
      end: '2026-01-01T10:30:00Z',
    };
    assert.equal(await status(partner, both), 201);
    for (const search of [`Patient?link=Patient/${ravi.patientId}`, `Appointment?patient=${ravi.patientId}`])
      assert.equal((await partner.get(`/fhir/R4/${search}`)).json()['total'], 1, search);
  });

  test('nothing is kept in the record of somebody who is not here', async () => {
    assert.equal(await status(partner, conditionOf('nobody-here')), 422);
  });

  test('a resource that names nobody, or several, is in nobody’s record when a program keeps it', async () => {
    const free = { resourceType: 'Basic', code: { text: 'x' } };
    assert.equal(await status(partner, free), 201);
    assert.equal(await status(asha, free), 422);
  });
});
