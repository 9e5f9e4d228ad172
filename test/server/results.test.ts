// From an order to a signed result: who may do which step, what lands in the record and in the log, what is corrected stays visible,
// and a result that nobody looks at goes further by the clock alone.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { passResults } from '../../server/fhir/laboratory/pass.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Laboratory, Signed } from '../harness/laboratory.ts';
import { beginPassesByHand } from '../harness/passes-by-hand.ts';
import { accept, atOrder, employ, enter, openLaboratory, order, salts, sign } from '../harness/laboratory.ts';
import { doctor, later, letIn, nowMs, patient, server, whole } from './consent-world.ts';

beginPassesByHand();
let lab: Laboratory;
beforeEach(async () => {
  // What earlier tests left open reaches everybody at work once the clock has moved.
  await server.pool.query('delete from lab_result');
  lab = await openLaboratory(server);
});
const minute = 60_000;

const ordered = async (more: object = {}, by?: Person): Promise<string> => {
  if (by === undefined) await letIn({ ...whole, scope: { write: true } });
  return order(by ?? doctor, patient.patientId, lab.id, more);
};
const list = async (type: string, of: Person = patient) =>
  (await patient.get(`/fhir/R4/${type}?patient=${of.patientId}&_count=100`)).json<{
    entry?: { resource: Record<string, unknown> & { id: string } }[];
  }>().entry ?? [];
const events = async (): Promise<{ event: string; basis: string; detail?: Record<string, unknown> }[]> => {
  const { rows } = await server.pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by recorded_at, entry_id',
    [patient.patientId],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as { event: string; basis: string });
};
const noticesOf = async (who: Person): Promise<string[]> => {
  const { rows } = await server.pool.query<{ kind: string }>(
    'select kind from notice where patient_id = $1',
    [who.patientId],
  );
  return rows.map(({ kind }) => kind);
};
interface Task {
  id: string;
  critical: boolean;
  overdue: boolean;
  turn: string;
  corrects: boolean;
  patient?: { name: string };
  test?: string;
}
const tasks = async (who: Person) => (await who.get('/api/results/tasks')).json<Task[]>();

describe('an order at its laboratory', () => {
  it('is listed without a name, opened as a look, and shows what the work needs and no more', async () => {
    const id = await ordered();
    const { fresh } = (await lab.person.get('/api/laboratory/orders')).json<{ fresh: { id: string }[] }>();
    const mine = fresh.find((one) => one.id === id);
    assert.ok(mine);
    assert.ok(!JSON.stringify(mine).includes(patient.patientId));
    assert.ok(!JSON.stringify(fresh).includes('Asha'));
    const opened = (await lab.person.get(atOrder(id))).json<{
      patient: Record<string, string>;
      test: string;
    }>();
    assert.deepEqual(Object.keys(opened.patient).sort(), ['birthDate', 'name', 'sex', 'uhid']);
    assert.equal(opened.test, 'Salts and kidneys');
    const looks = (await events()).filter(({ basis }) => basis === 'laboratory-order');
    assert.deepEqual(
      looks.map(({ event }) => event),
      ['read'],
    );
  });

  it('is not there for another laboratory, for radiology elsewhere, and for clinicians; the try is in the log', async () => {
    const id = await ordered();
    const other = await openLaboratory(server);
    for (const [method, step] of [
      ['GET', ''],
      ['POST', '/accept'],
      ['POST', '/sample'],
      ['POST', '/sign'],
    ] as const) {
      const answer = await other.person.call(method, atOrder(id, step), method === 'GET' ? {} : { body: {} });
      assert.equal(answer.status, 404, `${method} ${step}`);
      assert.ok(!answer.text.includes('Salts'));
    }
    assert.equal((await events()).filter(({ basis }) => basis === 'not-yours').length, 4);
    assert.equal((await doctor.get(atOrder(id))).status, 403);
    assert.equal((await patient.get('/api/laboratory/orders')).status, 403);
    // It reads nothing else of the record.
    assert.equal((await lab.person.get(`/fhir/R4/ServiceRequest/${id}`)).status, 404);
    assert.equal((await lab.person.get(`/fhir/R4/Patient/${patient.patientId}`)).status, 404);
  });

  it('is taken on once, however many try at once', async () => {
    const id = await ordered();
    const colleague = await employ(server, 'laboratory', lab.id);
    const tries = await Promise.all(
      [lab.person, colleague, lab.person, colleague].map((one) => one.call('POST', atOrder(id, '/accept'))),
    );
    assert.deepEqual(
      tries.map(({ status }) => status).sort((a, b) => a - b),
      [204, 409, 409, 409],
    );
  });

  it('that was declined tells who ordered, and can go to another laboratory', async () => {
    const id = await ordered();
    const declined = await lab.person.call('POST', atOrder(id, '/decline'), {
      body: { reason: 'No reagent' },
    });
    assert.equal(declined.status, 204, declined.text);
    assert.ok((await noticesOf(doctor)).includes('lab-declined'));
    const other = await openLaboratory(server);
    const current = (await patient.get(`/fhir/R4/ServiceRequest/${id}`)).json();
    const moved = await doctor.call('PUT', `/fhir/R4/ServiceRequest/${id}`, {
      body: { ...current, performer: [{ reference: `Organization/${other.id}` }] },
    });
    assert.equal(moved.status, 200, moved.text);
    await accept(other, id);
  });
});

describe('a result', () => {
  it('is refused with impossible values, and nothing is in the record before it is signed', async () => {
    const id = await ordered();
    await accept(lab, id);
    const wrong = await enter(lab, id, salts({ potassium: 69 }));
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /out-of-range/);
    for (const body of [
      {},
      { form: 'visit' },
      { form: 'electrolytes' },
      { ...salts({ potassium: 4 }), more: 1 },
      [],
    ])
      assert.equal((await enter(lab, id, body)).status, 422, JSON.stringify(body));
    const entered = await enter(lab, id, salts({ potassium: 6.9, sodium: 140 }));
    assert.equal(entered.json<{ critical: boolean }>().critical, true);
    assert.equal((await list('Observation')).length, 0);
    assert.equal((await list('DiagnosticReport')).length, 0);
  });

  it('is signed into the record with sample, order, ranges and flags, by the rule that let it', async () => {
    const id = await ordered();
    await accept(lab, id);
    const sampled = await lab.person.call('POST', atOrder(id, '/sample'), { body: { what: 'Venous blood' } });
    assert.equal(sampled.status, 201, sampled.text);
    const signed = await sign(lab, id, { potassium: 5.6, sodium: 140 });
    assert.deepEqual({ critical: signed.critical, kept: signed.kept }, { critical: false, kept: false });
    const values = await list('Observation');
    assert.equal(values.length, 2);
    for (const { resource } of values) {
      assert.deepEqual(resource['basedOn'], [{ reference: `ServiceRequest/${id}` }]);
      assert.match(JSON.stringify(resource['specimen']), /Specimen\//);
      assert.match(JSON.stringify(resource['meta']), /"organization"/);
    }
    const [report] = await list('DiagnosticReport');
    assert.equal(report?.resource['status'], 'final');
    assert.equal(
      (await list('ServiceRequest')).find(({ resource }) => resource.id === id)?.resource['status'],
      'completed',
    );
    const written = (await events())
      .filter(({ basis }) => basis === 'laboratory-order')
      .map(({ event }) => event);
    assert.deepEqual(written.toSorted(), [
      'create',
      'create',
      'create',
      'create',
      'lab-accept',
      'result-sign',
      'update',
    ]);
    assert.ok((await noticesOf(doctor)).includes('result-ready'));
  });

  it('is signed once by two at the same moment', async () => {
    const id = await ordered();
    await accept(lab, id);
    await enter(lab, id, salts({ potassium: 4.4 }));
    const both = await Promise.all([1, 2, 3].map(() => lab.person.call('POST', atOrder(id, '/sign'))));
    assert.deepEqual(
      both.map(({ status }) => status).sort((a, b) => a - b),
      [201, 409, 409],
    );
    assert.equal((await list('DiagnosticReport')).length, 1);
  });

  it('that is corrected supersedes; the version before stays, and the task begins anew', async () => {
    const id = await ordered();
    await accept(lab, id);
    const first = await sign(lab, id, { potassium: 6.9, sodium: 140 });
    assert.equal(first.critical, true);
    const second = await sign(lab, id, { potassium: 4.9 });
    assert.equal(second.report, first.report);
    const report = (await patient.get(`/fhir/R4/${first.report}`)).json<{
      status: string;
      meta: { versionId: string };
    }>();
    assert.equal(report.status, 'corrected');
    const before = (await patient.get(`/fhir/R4/${first.report}/_history/1`)).json<{ status: string }>();
    assert.equal(before.status, 'final');
    const statuses = (await list('Observation')).map(({ resource }) => resource['status']);
    assert.deepEqual(new Set(statuses), new Set(['corrected', 'entered-in-error']));
    const open = await tasks(doctor);
    assert.deepEqual(
      open.map(({ id: task, corrects }) => [task, corrects]),
      [[second.result, true]],
    );
    const late = await doctor.call('POST', `/api/results/tasks/${first.result}/acknowledge`, { body: {} });
    assert.equal(late.status, 409);
  });

  it('of radiology is words', async () => {
    const radiology = await openLaboratory(server, 'radiology');
    await letIn({ ...whole, scope: { write: true } });
    const id = await order(doctor, patient.patientId, radiology.id, { code: { text: 'X-ray of the wrist' } });
    await accept(radiology, id);
    const entered = await enter(radiology, id, { conclusion: 'No fracture seen.' });
    assert.equal(entered.status, 200, entered.text);
    const signed = await radiology.person.call('POST', atOrder(id, '/sign'));
    assert.equal(signed.status, 201, signed.text);
    const [report] = await list('DiagnosticReport');
    assert.equal(report?.resource['conclusion'], 'No fracture seen.');
    assert.match(JSON.stringify(report?.resource['category']), /RAD/);
  });
});

describe('a result as a task', () => {
  const critical = async (): Promise<Signed> => {
    const id = await ordered();
    await accept(lab, id);
    return sign(lab, id, { potassium: 6.9 });
  };

  it('is its orderer’s, opened as a look whatever became of the grant, and acknowledged once', async () => {
    const { result } = await critical();
    await later(8 * 24 * 60 * minute, doctor);
    const [mine] = await tasks(doctor);
    assert.equal(mine?.id, result);
    assert.equal(mine.overdue, true);
    assert.equal(
      (await doctor.get(`/fhir/R4/Observation?patient=${patient.patientId}`)).json<{ total: number }>()
        .total ?? 0,
      0,
    );
    const opened = await doctor.get(`/api/results/tasks/${result}`);
    assert.match(opened.text, /"HH"/);
    assert.ok((await events()).some(({ event, basis }) => event === 'read' && basis === 'own-order'));
    const ack = () =>
      doctor.call('POST', `/api/results/tasks/${result}/acknowledge`, { body: { words: 'Called her in.' } });
    const both = await Promise.all([ack(), ack()]);
    assert.deepEqual(
      both.map(({ status }) => status).sort((a, b) => a - b),
      [204, 409],
    );
    assert.deepEqual(await tasks(doctor), []);
    const said = (await events()).find(({ event }) => event === 'result-acknowledge');
    assert.equal(said?.detail?.['words'], 'Called her in.');
  });

  it('is nobody else’s before its time, and by the clock alone its organisation’s after half an hour', async () => {
    const { result } = await critical();
    const colleague = await signUpClinician(server.url, server.pool, { name: 'Anil Kumar' });
    const administrator = await employ(server, 'administrator', 'a-hospital', 'Prakash Bhat');
    const stranger = await signUp(server.url);
    const path = `/api/results/tasks/${result}`;
    for (const who of [colleague, administrator, stranger, patient, lab.person]) {
      assert.deepEqual(await tasks(who), []);
      assert.equal((await who.get(path)).status, 404);
      assert.equal((await who.call('POST', `${path}/acknowledge`, { body: {} })).status, 404);
    }
    await later(30 * minute, colleague, administrator, patient);
    // No job has run.
    const [theirs] = await tasks(colleague);
    assert.deepEqual([theirs?.id, theirs?.turn], [result, 'organization']);
    const [heard] = await tasks(administrator);
    assert.equal(heard?.turn, 'administrator');
    assert.ok(!JSON.stringify(heard).includes('Salts') && heard.patient === undefined);
    assert.equal((await administrator.get(path)).status, 404);
    assert.equal((await patient.get(path)).status, 404);
    const given = await administrator.call('POST', `${path}/hand-over`, {
      body: { to: colleague.accountId },
    });
    assert.equal(given.status, 204, given.text);
    assert.equal((await tasks(colleague))[0]?.turn, 'owner');
    const wrong = await administrator.call('POST', `${path}/hand-over`, { body: { to: stranger.accountId } });
    assert.equal(wrong.status, 422);
    const done = await colleague.call('POST', `${path}/acknowledge`, { body: {} });
    assert.equal(done.status, 204, done.text);
  });

  it('tells each in turn, once, when the pass runs; and nobody after it was acknowledged', async () => {
    const { result } = await critical();
    const colleague = await signUpClinician(server.url, server.pool, { name: 'Anil Kumar' });
    const count = async (who: Person) =>
      (await noticesOf(who)).filter((kind) => kind === 'result-critical-late').length;
    const pass = async () => {
      await passResults({ ...server.deps, now: () => nowMs });
    };
    await pass();
    assert.equal(await count(doctor), 0);
    await later(15 * minute);
    await Promise.all([pass(), pass()]);
    assert.deepEqual([await count(doctor), await count(colleague)], [1, 0]);
    await later(15 * minute);
    await pass();
    await pass();
    assert.deepEqual([await count(doctor), await count(colleague)], [1, 1]);
    assert.equal((await events()).filter(({ event }) => event === 'result-escalate').length, 2);
    await later(0, doctor);
    const done = await doctor.call('POST', `/api/results/tasks/${result}/acknowledge`, { body: {} });
    assert.equal(done.status, 204, done.text);
    await later(24 * 60 * minute);
    await pass();
    assert.deepEqual([await count(doctor), await count(colleague)], [1, 1]);
  });

  it('is not there for a clinician whose licence lapsed', async () => {
    const { result } = await critical();
    await server.pool.query(
      `update organization_member set licence_until = '2020-01-01' where account_id = $1`,
      [doctor.accountId],
    );
    assert.deepEqual(await tasks(doctor), []);
    assert.equal((await doctor.get(`/api/results/tasks/${result}`)).status, 404);
  });
});
