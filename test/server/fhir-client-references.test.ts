// What a program may leave open in a reference, and what nobody may: another person's record, a person who is not here.
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
    assert.equal(await status(partner, early), 201);
    assert.equal(await status(asha, early), 422);
  });

  test('nobody names what stands in another person’s record', async () => {
    const { id } = await ravi.create(conditionOf(ravi.patientId));
    const crossing = {
      ...conditionOf(asha.patientId),
      evidence: [{ detail: [{ reference: `Condition/${id}` }] }],
    };
    assert.equal(await status(partner, crossing), 422);
    assert.equal(await status(asha, crossing), 422);
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
