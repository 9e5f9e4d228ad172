// An order on its way to a laboratory: named by who ordered it, chosen by its person, changed until the sample is taken, cancelled with a
// reason; found at a counter by its number, and by nobody whom it does not name.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newDraft } from '../../core/visit/draft.ts';
import { visitBundle } from '../../core/visit/visit-bundle.ts';
import { codeOfOrder } from '../../core/record/order-code.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { give } from '../access/world.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Laboratory } from '../harness/laboratory.ts';
import { accept, atOrder, enter, openLaboratory, order, salts, sign } from '../harness/laboratory.ts';
import { doctor, letIn, nowMs, patient, server, whole } from './consent-world.ts';

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
interface Own {
  id: string;
  step: string;
  code: string | null;
  laboratory: { id: string; name: string } | null;
  reason?: string;
}
const worklist = async ({ person }: Laboratory) =>
  (await person.get('/api/laboratory/orders')).json<{ fresh: Listed[]; work: Listed[] }>();
const stateAt = async (at: Laboratory, id: string): Promise<string | undefined> => {
  const { fresh, work } = await worklist(at);
  return [...fresh, ...work].find((one) => one.id === id)?.state;
};
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

describe('a test of a visit', () => {
  it('stands in the worklist of the laboratory that it names when the visit is signed, coded and numbered', async () => {
    await letIn({ ...whole, scope: { write: true } });
    const draft = newDraft({
      id: crypto.randomUUID(),
      patientId: patient.patientId,
      startedAt: new Date(nowMs).toISOString(),
      today: new Date(nowMs).toISOString().slice(0, 10),
      seen: {},
    });
    const codes = [{ system: 'http://loinc.org', code: '2823-3', display: 'Potassium' }];
    const bundle = visitBundle(
      {
        ...draft,
        tests: [
          { key: 'a', text: 'Potassium', codes, laboratory: { id: lab.id, name: 'Kaveri Diagnostics' } },
          { key: 'b', text: 'Chest X-ray', codes: [] },
        ],
      },
      { at: new Date(nowMs).toISOString(), clinician: { name: 'Dr Meera Iyer' } },
    );
    const signed = await doctor.call('POST', '/fhir/R4', { body: bundle });
    assert.equal(signed.status, 200, signed.text);
    const fresh = (await worklist(lab)).fresh;
    assert.deepEqual(
      fresh.map(({ test, state }) => [test, state]),
      [['Potassium', 'new']],
    );
    const named = await stored(fresh[0]?.id ?? '');
    assert.deepEqual((named['code'] as { coding: unknown[] }).coding[0], codes[0]);
    assert.match(codeOfOrder(named) ?? '', /^[0-9A-HJKMNP-TV-Z]{10}$/);
    const own = (await patient.get('/api/orders')).json<(Own & { test: string })[]>();
    const left = own.find(({ test }) => test === 'Chest X-ray');
    assert.equal(left?.step, 'open');
    assert.notEqual(left?.code, codeOfOrder(named), 'each has a number of its own');
  });
});

describe('an order goes where its person sends it', () => {
  it('is sent, stays the order of whoever wrote it, and the log says to whom it went', async () => {
    const id = await unsent();
    assert.equal((await ownOrder(id))?.step, 'open');
    assert.equal(await stateAt(lab, id), undefined);
    const sent = await send(id, lab);
    assert.equal(sent.status, 204, sent.text);
    assert.equal(await stateAt(lab, id), 'new');
    const own = await ownOrder(id);
    assert.deepEqual([own?.step, own?.laboratory?.name], ['sent', 'Kaveri Diagnostics']);
    const tags = ((await stored(id)).meta as { tag: { code: string }[] }).tag;
    assert.deepEqual(
      tags.map(({ code }) => code),
      ['professional'],
    );
    const entries = await entriesOf(id);
    const entry = entries.find(({ event }) => event === 'lab-send');
    assert.deepEqual(
      [entry?.who.role, entry?.basis, entry?.detail],
      ['patient', 'self', { laboratory: 'Kaveri Diagnostics' }],
    );
  });

  it('goes elsewhere until the sample is taken, also after somebody took it on or declined it', async () => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    assert.equal((await ownOrder(id))?.step, 'accepted');
    assert.equal((await send(id, other)).status, 204);
    assert.equal(await stateAt(lab, id), 'elsewhere', 'it is not theirs any more');
    assert.equal((await lab.person.get(atOrder(id))).status, 404);
    const late = await lab.person.call('POST', atOrder(id, '/sample'), { body: {} });
    assert.equal(late.status, 404);
    const reason = { body: { reason: 'No reagent' } };
    assert.equal((await other.person.call('POST', atOrder(id, '/decline'), reason)).status, 204);
    assert.equal((await ownOrder(id))?.step, 'declined');
    assert.equal((await send(id, lab)).status, 204);
    await accept(lab, id);
    assert.equal((await lab.person.call('POST', atOrder(id, '/sample'), { body: {} })).status, 201);
    const over = await send(id, other);
    assert.deepEqual([over.status, over.json<{ code: string }>().code], [409, 'order-begun']);
    assert.equal((await cancel(id)).status, 409);
    assert.equal((await ownOrder(id))?.laboratory?.id, lab.id);
  });

  it('of two at the same moment, one takes it on or it goes elsewhere, never both', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const id = await unsent();
      await send(id, lab);
      const [taken, moved] = await Promise.all([
        lab.person.call('POST', atOrder(id, '/accept')),
        send(id, other),
      ]);
      assert.equal(moved.status, 204, moved.text);
      assert.ok(taken.status === 204 || taken.status === 409 || taken.status === 404, taken.text);
      assert.deepEqual([await stateAt(lab, id), await stateAt(other, id)], ['elsewhere', 'new']);
    }
  });

  it('is nobody else’s to send: a guardian by level, a stranger never, and the try is in the log', async () => {
    const id = await unsent();
    const query = `?patient=${patient.patientId}`;
    const [acts, views, stranger] = [
      await signUp(server.url, { name: 'Ravi Rao' }),
      await signUp(server.url, { name: 'Vani Rao' }),
      await signUp(server.url, { name: 'Nobody Near' }),
    ];
    const since = { startsAtMs: nowMs - 1000 };
    await give(server, patient.patientId, acts, { kind: 'guardian', level: 'act' }, since);
    await give(server, patient.patientId, views, { kind: 'guardian', level: 'view' }, since);
    assert.equal((await send(id, lab, stranger, query)).status, 404);
    assert.ok((await entriesOf(id)).some(({ outcome }) => outcome === 'refused'));
    assert.equal((await stranger.get(`/api/orders${query}`)).status, 404);
    assert.equal((await send(id, lab, views, query)).status, 403);
    assert.equal((await cancel(id, views, query)).status, 403);
    assert.equal((await send(id, lab, acts, query)).status, 204);
    const entries = await entriesOf(id);
    assert.equal(entries.find(({ event }) => event === 'lab-send')?.who.role, 'guardian');
    assert.ok((await views.get(`/api/orders${query}`)).json<Own[]>().some((one) => one.id === id));
  });

  it('goes only where somebody does tests', async () => {
    const id = await unsent();
    const answer = await patient.call('PUT', `/api/orders/${id}/laboratory`, {
      body: { laboratory: 'nowhere' },
    });
    assert.equal(answer.status, 422);
    assert.equal((await ownOrder(id))?.step, 'open');
    const listed = (await patient.get('/api/laboratories?name=kaveri%20diag')).json<
      { id: string; kinds: string[] }[]
    >();
    assert.ok(listed.length > 0 && listed.length <= 20);
    assert.ok(listed.every(({ kinds }) => kinds.length > 0));
    assert.deepEqual((await patient.get('/api/laboratories?name=nothinglikeit')).json(), []);
  });
});

describe('an order that is cancelled', () => {
  it('says so at the laboratory, with the reason, and nothing more is done', async () => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    const done = await cancel(id);
    assert.equal(done.status, 204, done.text);
    assert.equal(await stateAt(lab, id), 'cancelled');
    const opened = (await lab.person.get(atOrder(id))).json<{ state: string; cancelled: string }>();
    assert.deepEqual([opened.state, opened.cancelled], ['cancelled', 'Done elsewhere']);
    for (const [method, step, body] of [
      ['POST', '/sample', {}],
      ['PUT', '/results', salts({ potassium: 4.2 })],
      ['POST', '/sign', undefined],
    ] as const) {
      const late = await lab.person.call(method, atOrder(id, step), body ? { body } : {});
      assert.equal(late.status, 409, `${step}: ${late.text}`);
    }
    const own = await ownOrder(id);
    assert.deepEqual([own?.step, own?.reason], ['cancelled', 'Done elsewhere']);
    const entry = (await entriesOf(id)).find(({ event }) => event === 'lab-cancel');
    assert.deepEqual(entry?.detail, { reason: 'Done elsewhere' });
    const { rows } = await server.pool.query<{ kind: string }>(
      'select kind from notice where patient_id = $1',
      [doctor.patientId],
    );
    assert.ok(
      rows.some(({ kind }) => kind === 'lab-cancelled'),
      'who ordered it is told',
    );
  });

  it('that nobody took on is shown as over, and whose it was is not', async () => {
    const id = await unsent();
    await send(id, lab);
    await cancel(id);
    assert.equal(await stateAt(lab, id), 'cancelled');
    assert.equal((await lab.person.get(atOrder(id))).status, 404);
    assert.equal((await lab.person.call('POST', atOrder(id, '/accept'))).status, 404);
  });

  it('whoever ordered it may, also when their pen has ended; another clinician may not', async () => {
    const id = await unsent();
    await server.pool.query(
      "update authority set ends_at = to_timestamp($1::float8 / 1000) where basis = 'edit'",
      [nowMs - 1000],
    );
    const query = `?patient=${patient.patientId}`;
    assert.equal((await send(id, lab, doctor, query)).status, 404);
    const done = await cancel(id, doctor, query);
    assert.equal(done.status, 204, done.text);
    const entry = (await entriesOf(id)).find(({ event }) => event === 'lab-cancel');
    assert.deepEqual([entry?.who.role, entry?.basis], ['professional', 'own-order']);
  });
});

describe('at the counter', () => {
  it('an order is found by its number and by the card, as its row and no more', async () => {
    const id = await unsent();
    await send(id, lab);
    const code = (await ownOrder(id))?.code ?? '';
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{10}$/);
    for (const typed of [code, `${code.slice(0, 5)}-${code.slice(5)}`, code.toLowerCase(), patient.uhid]) {
      const found = await find(lab, typed);
      assert.equal(found.status, 200, found.text);
      assert.ok(
        found.json<Listed[]>().some((one) => one.id === id),
        typed,
      );
      assert.ok(!found.text.includes('Asha') && !found.text.includes(patient.patientId));
    }
  });

  it('what goes elsewhere is not found, nor anything else of that person', async () => {
    const id = await unsent();
    await send(id, lab);
    const code = (await ownOrder(id))?.code ?? '';
    for (const typed of [code, patient.uhid]) assert.deepEqual((await find(other, typed)).json(), []);
    assert.equal((await find(lab, 'neither of them')).status, 422);
    assert.equal((await patient.call('POST', '/api/laboratory/orders/find', { body: { code } })).status, 403);
  });
});

describe('a range of the laboratory’s own', () => {
  const values = async () =>
    (await patient.get(`/fhir/R4/Observation?patient=${patient.patientId}&_count=100`))
      .json<{ entry?: { resource: Record<string, unknown> }[] }>()
      .entry?.map(({ resource }) => resource) ?? [];

  beforeEach(async () => {
    const path = `/fhir/R4/Patient/${patient.patientId}`;
    const person = (await patient.get(path)).json<Resource>();
    const body = { ...person, birthDate: '1988-03-04', gender: 'female' };
    assert.equal((await patient.call('PUT', path, { body })).status, 200);
  });

  it('stands in the result with its method, the flag is by it, and a critical limit stays where it is', async () => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    const opened = (await lab.person.get(atOrder(id))).json<{
      ranges: Record<string, Record<string, { source: string }>>;
    }>();
    assert.ok(
      (opened.ranges['electrolytes']?.['potassium']?.source ?? '').length > 0,
      'ours, with its source',
    );
    const ranges = {
      potassium: { low: 3, high: 7, method: 'Ion-selective electrode' },
      sodium: { method: 'Flame photometry' },
    };
    const entered = await enter(lab, id, salts({ potassium: 6.9, sodium: 140 }, { ranges }));
    assert.equal(entered.status, 200, entered.text);
    const signed = await lab.person.call('POST', atOrder(id, '/sign'));
    assert.equal(signed.json<{ critical: boolean }>().critical, true, 'by the limit, not by their range');
    const made = (await values()).filter((one) => JSON.stringify(one['basedOn'] ?? '').includes(id));
    const of = (text: string) =>
      made.find((one) => (one['code'] as { text: string }).text === text) as Record<string, never[]> & {
        method?: { text: string };
      };
    const [potassium, sodium] = [of('Potassium'), of('Sodium')];
    const range = potassium['referenceRange']?.[0] as unknown as {
      low: { value: number };
      high: { value: number };
      text: string;
    };
    assert.deepEqual(
      [range.low.value, range.high.value, range.text, potassium.method?.text],
      [3, 7, 'Range of Kaveri Diagnostics', 'Ion-selective electrode'],
    );
    const shown = sodium['referenceRange']?.[0] as unknown as { text: string };
    assert.ok(!shown.text.includes('Kaveri'), 'a method alone leaves our range');
    assert.equal(sodium.method?.text, 'Flame photometry');
  });

  it('decides the flag', async () => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    const flagged = async (ranges: object): Promise<string | undefined> => {
      const entered = await enter(lab, id, salts({ potassium: 5.8 }, { ranges }));
      const [value] = entered.json<{
        preview: { interpretation?: { coding: { code: string }[] }[] }[];
      }>().preview;
      return value?.interpretation?.[0]?.coding[0]?.code;
    };
    assert.equal(await flagged({ potassium: { low: 3, high: 6 } }), 'N');
    assert.equal(await flagged({ potassium: { low: 3, high: 5.5 } }), 'H');
  });

  it('that cannot be right is refused, and nothing is kept', async () => {
    const id = await unsent();
    await send(id, lab);
    await accept(lab, id);
    for (const potassium of [
      { low: 7, high: 3 },
      { low: '3' },
      { low: 3, upper: 7 },
      { method: 'x'.repeat(201) },
      { method: 5 },
    ]) {
      const entered = await enter(lab, id, salts({ potassium: 4.2 }, { ranges: { potassium } }));
      assert.equal(entered.status, 422, JSON.stringify(potassium));
    }
    assert.equal((await lab.person.call('POST', atOrder(id, '/sign'))).status, 409);
    assert.equal((await sign(lab, id, { potassium: 4.2 })).critical, false);
  });
});
