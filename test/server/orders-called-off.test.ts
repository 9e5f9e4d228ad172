// An order that is not to be done where it was: called off by those who ordered it, with a reason and until a result is in; and what a
// laboratory is told of one that went elsewhere.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Resource } from '../../core/fhir/types.ts';
import { passResults } from '../../server/fhir/laboratory/pass.ts';
import { give } from '../access/world.ts';
import type { Person } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Laboratory } from '../harness/laboratory.ts';
import { accept, atOrder, employ, enter, openLaboratory, order, salts } from '../harness/laboratory.ts';
import { doctor, later, letIn, moveClock, nowMs, patient, server, whole } from './consent-world.ts';

let lab: Laboratory;
let other: Laboratory;
beforeEach(async () => {
  [lab, other] = [await openLaboratory(server), await openLaboratory(server)];
});

interface Listed {
  id: string;
  test: string;
  state: string;
}
const worklist = async ({ person }: Laboratory) =>
  (await person.get('/api/laboratory/orders')).json<{ fresh: Listed[]; work: Listed[] }>();
interface Own {
  id: string;
  code: string | null;
  mayCancel: boolean;
  maySend: boolean;
}
const ownOrder = async (id: string): Promise<Own | undefined> =>
  (await patient.get('/api/orders')).json<Own[]>().find((one) => one.id === id);
const stored = async (id: string): Promise<Resource> =>
  (await patient.get(`/fhir/R4/ServiceRequest/${id}`)).json<Resource>();
const unsent = async (): Promise<string> => {
  await letIn({ ...whole, scope: { write: true } });
  return order(doctor, patient.patientId, lab.id, { performer: undefined });
};
const send = (id: string, to: Laboratory, by: Person = patient, query = '') =>
  by.call('PUT', `/api/orders/${id}/laboratory${query}`, { body: { laboratory: to.id } });
const cancel = (id: string, by: Person = patient, query = '') =>
  by.call('POST', `/api/orders/${id}/cancel${query}`, { body: { reason: 'Done elsewhere' } });
const find = (at: Laboratory, code: string) =>
  at.person.call('POST', '/api/laboratory/orders/find', { body: { code } });
const entriesOf = async (id: string) => {
  const { rows } = await server.pool.query<{ statement: string }>(
    `select statement from entry where patient_id = $1 and statement::json -> 'on' ->> 'id' = $2`,
    [patient.patientId, id],
  );
  return rows.map(
    ({ statement }) =>
      JSON.parse(statement) as {
        event: string;
        outcome: string;
        basis: string;
        who: { role: string };
        detail?: Record<string, unknown>;
      },
  );
};

describe('an order that went elsewhere', () => {
  const rowsAt = async (at: Laboratory, id: string) => {
    const { fresh, work } = await worklist(at);
    return [...fresh, ...work].filter((one) => one.id === id) as unknown as Record<string, unknown>[];
  };
  const movedAway = async (): Promise<string> => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    await send(id, other);
    return id;
  };

  it('stays in the list of who had it by its number and the times, and by nothing that says what it is, of whom, or where it is', async () => {
    const id = await movedAway();
    const own = await ownOrder(id);
    const [row, ...more] = await rowsAt(lab, id);
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(row ?? {}).toSorted(), ['at', 'code', 'id', 'leftAt', 'opens', 'state']);
    assert.deepEqual([row?.['state'], row?.['code'], row?.['opens']], ['elsewhere', own?.code, false]);
    assert.equal((await lab.person.get(atOrder(id))).status, 404);
    const said = await find(lab, own?.code ?? '');
    assert.deepEqual(
      said.json<{ state: string }[]>().map(({ state }) => state),
      ['elsewhere'],
    );
    for (const word of ['Salts', 'Asha', patient.uhid.slice(-4), other.id])
      assert.ok(!JSON.stringify(row).includes(word) && !said.text.includes(word), word);
    assert.deepEqual((await find(lab, patient.uhid)).json(), [], 'a card finds nothing of it');
  });

  it('is there once for each who had it, and not at all where it came back', async () => {
    const id = await movedAway();
    await send(id, lab);
    assert.deepEqual(
      [await rowsAt(lab, id), await rowsAt(other, id)].map((rows) => rows.map(({ state }) => state)),
      [['new'], ['elsewhere']],
    );
    await send(id, lab);
    assert.deepEqual(
      (await rowsAt(lab, id)).map(({ state }) => state),
      ['new'],
      'sent where it is',
    );
  });

  it('is forgotten after a week, also on disk', async () => {
    const id = await movedAway();
    const week = 7 * 86_400_000;
    await later(week - 60_000, lab.person);
    assert.equal((await rowsAt(lab, id)).length, 1);
    moveClock(120_000);
    assert.deepEqual(await rowsAt(lab, id), []);
    await passResults(server.deps);
    const { rows } = await server.pool.query('select from lab_departure where order_id = $1', [id]);
    assert.equal(rows.length, 0);
  });
});

describe('those who ordered a test', () => {
  const query = () => `?patient=${patient.patientId}`;
  const taken = async (): Promise<string> => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    assert.equal((await lab.person.call('POST', atOrder(id, '/sample'), { body: {} })).status, 201);
    return id;
  };
  const listedFor = async (by: Person, id: string) =>
    (await by.get(`/api/orders${query()}`))
      .json<{ id: string; mayCancel: boolean; maySend: boolean }[]>()
      .find((one) => one.id === id);

  it('cancel it also when the sample was taken; the laboratory reads why, and its person is told', async () => {
    const id = await taken();
    assert.deepEqual(
      [(await listedFor(doctor, id))?.mayCancel, (await listedFor(doctor, id))?.maySend],
      [true, false],
    );
    assert.equal((await listedFor(patient, id))?.mayCancel, false);
    const done = await cancel(id, doctor, query());
    assert.equal(done.status, 204, done.text);
    const order = await stored(id);
    assert.equal(order['status'], 'revoked');
    const opened = (await lab.person.get(atOrder(id))).json<{ state: string; cancelled: string }>();
    assert.deepEqual([opened.state, opened.cancelled], ['cancelled', 'Done elsewhere']);
    const notices = await server.pool.query<{ kind: string }>(
      'select kind from notice where patient_id = $1',
      [patient.patientId],
    );
    assert.ok(notices.rows.some(({ kind }) => kind === 'lab-cancelled'));
    const entries = (await patient.get('/api/entries')).json<{ entries: { event: string }[] }>().entries;
    assert.ok(entries.some(({ event }) => event === 'lab-cancel'));
    const again = await cancel(id, doctor, query());
    assert.deepEqual([again.status, again.json<{ code: string }>().code], [409, 'order-cancelled']);
  });

  it('do not once a result is in, or waits for its signature, or came by another way; and it is said so', async () => {
    const refused = async (id: string): Promise<void> => {
      const answer = await cancel(id, doctor, query());
      assert.deepEqual([answer.status, answer.json<{ code: string }>().code], [409, 'order-result-in']);
      assert.equal((await stored(id))['status'] === 'revoked', false);
    };
    const entered = await taken();
    await enter(lab, entered, salts({ potassium: 4.2 }));
    await refused(entered);
    assert.equal((await listedFor(doctor, entered))?.mayCancel, false);
    assert.equal((await lab.person.call('POST', atOrder(entered, '/sign'))).status, 201);
    await refused(entered);
    const outside = await unsent();
    await doctor.create({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Salts and kidneys' },
      subject: { reference: `Patient/${patient.patientId}` },
      basedOn: [{ reference: `ServiceRequest/${outside}` }],
    });
    await refused(outside);
  });

  it('are also colleagues of the place where they work, who were let in; nobody else, and none who works there no more', async () => {
    const id = await taken();
    const nurse = await signUpClinician(server.url, server.pool);
    const desk = await employ(server, 'desk', 'a-hospital', 'Desk Person');
    const elsewhere = await signUpClinician(server.url, server.pool, { organizationId: lab.id });
    assert.equal((await cancel(id, nurse, query())).status, 404, 'not let in');
    const since = { startsAtMs: nowMs - 1000 };
    for (const one of [nurse, desk, elsewhere])
      await give(server, patient.patientId, one, { kind: 'grant' }, since);
    for (const one of [desk, elsewhere]) assert.equal((await cancel(id, one, query())).status, 404);
    assert.equal((await listedFor(elsewhere, id))?.mayCancel, false);
    assert.equal((await listedFor(nurse, id))?.mayCancel, true);
    await server.pool.query('update organization_member set ended_at = now() where account_id = $1', [
      nurse.accountId,
    ]);
    assert.equal((await cancel(id, nurse, query())).status, 404, 'works there no more');
    await server.pool.query('update organization_member set ended_at = null where account_id = $1', [
      nurse.accountId,
    ]);
    assert.equal((await cancel(id, nurse, query())).status, 204);
    const entry = (await entriesOf(id)).find(({ event }) => event === 'lab-cancel');
    assert.deepEqual([entry?.who.role, entry?.basis], ['professional', 'own-order']);
  });
});
