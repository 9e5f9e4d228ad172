// Provenance of every version over FHIR: made of the log, named by its entry, and open to whoever may see the version, by everybody of the matrix.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonValue } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { isInRecord, sees } from '../access/oracle.ts';
import type { Actor } from '../access/world.ts';
import { everybody, give, idOf, storeOneOfEach } from '../access/world.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

interface Provenance {
  resourceType: string;
  id: string;
  target: { reference: string }[];
  policy?: string[];
  agent: { who: { display: string } }[];
}
interface Bundle {
  total?: number;
  entry?: { resource: Provenance; search: { mode: string } }[];
}

describe('CON-01: Provenance is made of the log and seen with what it is about', () => {
  let server: TestServer;
  let owner: Person;
  before(async () => {
    server = await startServer();
    owner = await signUp(server.url, { name: 'Asha Rao' });
  });
  after(() => server.stop());

  const found = async (who: { get: Person['get'] }, target: string): Promise<Provenance[]> => {
    const answer = await who.get(`/fhir/R4/Provenance?target=${target}`);
    assert.equal(answer.status, 200, answer.text);
    return (answer.json<Bundle>().entry ?? []).map(({ resource }) => resource);
  };

  test('names author and permission of each version; is valid; is read by its id, in a batch, and as version 1', async () => {
    const doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
    const asked = await doctor.call('POST', '/api/access-requests', {
      body: { patient: owner.uhid, scope: { write: true }, purpose: 'TREAT', duration: 'P1D' },
    });
    const { id: request } = asked.json<{ id: string }>();
    const yes = await owner.call('POST', `/api/access-requests/${request}/approve`);
    const { consent } = yes.json<{ consent: string }>();
    const made = await doctor.create(conditionOf(owner.patientId));
    const { id } = made;
    const changed = await owner.call('PUT', `/fhir/R4/Condition/${id}`, {
      body: { ...(JSON.parse(made.text) as object), language: 'en' },
    });
    assert.equal(changed.status, 200, changed.text);
    const [second, first] = await found(owner, `Condition/${id}`);
    assert.ok(first && second);
    assert.equal(first.target[0]?.reference, `Condition/${id}/_history/1`);
    assert.equal(first.agent[0]?.who.display, 'Dr Meera Iyer');
    assert.deepEqual(first.policy, [`${consent}/_history/1`]);
    assert.deepEqual([second.agent[0]?.who.display, second.policy], ['Asha Rao', undefined]);
    for (const one of [first, second])
      assert.deepEqual(
        validateResource(one as unknown as JsonValue).filter(({ severity }) => severity === 'error'),
        [],
      );
    for (const path of [`Provenance/${first.id}`, `Provenance/${first.id}/_history/1`])
      assert.deepEqual((await owner.get(`/fhir/R4/${path}`)).json(), first);
    const batch = await owner.call('POST', '/fhir/R4/', {
      body: {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [`Provenance/${first.id}`, `Provenance?target=Condition/${id}`].map((url) => ({
          request: { method: 'GET', url },
        })),
      },
    });
    const [one, two] = batch.json<{ entry: { resource: Provenance & Bundle }[] }>().entry;
    assert.deepEqual(one?.resource, first);
    assert.equal(two?.resource.total, 2);
    // Whoever may not read the Consent is told which it was, and not which version of it stood.
    assert.deepEqual((await found(doctor, `Condition/${id}`))[1]?.policy, [consent]);
    // An earlier version that is sealed is not told of with a later one that is not.
    const sealed = await owner.create({
      ...conditionOf(owner.patientId),
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
    });
    const open = { ...(JSON.parse(sealed.text) as object), meta: undefined };
    const opened = await owner.call('PUT', `/fhir/R4/Condition/${sealed.id}`, { body: open });
    assert.equal(opened.status, 200, opened.text);
    assert.equal((await found(owner, `Condition/${sealed.id}`)).length, 2);
    assert.equal((await found(doctor, `Condition/${sealed.id}`)).length, 1);
  });

  test('what a program reported is found beside it, and other conditions narrow to what is stored', async () => {
    const { id } = await owner.create(conditionOf(owner.patientId));
    const partner = await program(server);
    const reported = await partner.call('POST', '/fhir/R4/Provenance', {
      body: {
        resourceType: 'Provenance',
        target: [{ reference: `Condition/${id}` }, { reference: `Patient/${owner.patientId}` }],
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { display: 'a clerk of the partner' } }],
      },
    });
    assert.equal(reported.status, 201, reported.text);
    const own = (await owner.get(`/fhir/R4/Provenance?target=Condition/${id}`)).json<Bundle>();
    assert.deepEqual([own.total, own.entry?.length], [2, 2]);
    const counted = await owner.get(`/fhir/R4/Provenance?target=Condition/${id}&_summary=count`);
    assert.equal(counted.json<Bundle>().total, 2);
    const narrowed = await owner.get(`/fhir/R4/Provenance?target=Condition/${id}&recorded=2026-01-01`);
    assert.equal(narrowed.json<Bundle>().total, 1);
    const elsewhere = await owner.get(`/fhir/R4/Provenance?target=Condition/${id}&patient=someone-else`);
    assert.equal(elsewhere.json<Bundle>().total, 0);
    // Of what is not there, and of what is nobody's, there is none.
    for (const target of ['Condition/none', `Condition/${id}x`, 'Practitioner/none', `Patient/${id}`])
      assert.deepEqual(await found(owner, target), [], target);
  });

  test('everybody × every type × sealed or not: shown exactly to whoever may see the entry', async (context) => {
    const statement = (await owner.get('/fhir/R4/metadata')).json<{
      rest: { resource: { type: string }[] }[];
    }>();
    const types = (statement.rest[0]?.resource ?? []).map(({ type }) => type);
    const person = await signUp(server.url, { name: 'Beena Rao' });
    await storeOneOfEach(server, types, person.patientId, 'canary-provenance-77aa');
    const actors = await everybody(server, person);
    const kept = types.filter((type) => isInRecord(type) && type !== 'AuditEvent' && type !== 'Patient');
    const wrong: string[] = [];
    let cases = 0;
    const ask = async (actor: Actor, type: string, sealed: boolean): Promise<void> => {
      const { asker, headers } = actor;
      const id = idOf(type, sealed);
      const get = (url: string) => server.app.inject({ method: 'GET', url: `/fhir/R4/${url}`, headers });
      const searched = await get(`Provenance?target=${type}/${id}`);
      const scoped = asker.kind === 'program' || asker.kind === 'app' ? asker.scopes : undefined;
      const scope = (letter: string, of: string): boolean =>
        scoped === undefined ||
        scoped.some((one) => (one.type === '*' || one.type === of) && one.letters.includes(letter));
      const bases = asker.kind === 'person' || asker.kind === 'app' ? asker.bases : [];
      const seen =
        asker.kind !== 'anonymous' &&
        asker.kind !== 'unproved' &&
        scope('r', type) &&
        scope('r', 'Provenance') &&
        // An app is never told of a Subscription.
        !(asker.kind === 'app' && type === 'Subscription') &&
        (asker.kind === 'program' || sees({ kind: 'person', bases }, { type, id, sealed }));
      const refused = { anonymous: 401, unproved: 403 }[asker.kind as string];
      const status = refused ?? (scope('s', 'Provenance') ? 200 : 403);
      const entries = searched.statusCode === 200 ? (searched.json<Bundle>().entry ?? []) : [];
      const shown = entries.filter(({ resource }) =>
        resource.target.some(({ reference }) => reference.startsWith(`${type}/${id}/_history/`)),
      );
      cases += 1;
      const wanted = status === 200 && seen ? 1 : 0;
      if (searched.statusCode !== status || shown.length !== wanted)
        wrong.push(
          `${actor.name}: ${type}/${id}: ${searched.statusCode}, ${shown.length}, not ${status}, ${wanted}`,
        );
      const entry = behind.get(`${type}/${id}`) ?? '';
      const read = await get(`Provenance/${entry}`);
      cases += 1;
      const answered = refused ?? (!scope('r', 'Provenance') ? 403 : seen ? 200 : 404);
      if (read.statusCode !== answered)
        wrong.push(`${actor.name}: Provenance of ${type}/${id}: ${read.statusCode}, not ${answered}`);
    };
    const { rows } = await server.pool.query<{ name: string; entry: string }>(
      `select resource_type || '/' || resource_id as name, entry_id as entry from resource where patient_id = $1`,
      [person.patientId],
    );
    const behind = new Map(rows.map(({ name, entry }) => [name, entry]));
    const all = actors.flatMap((actor) =>
      kept.flatMap((type) => [false, true].map((sealed) => [actor, type, sealed] as const)),
    );
    const waiting = all.values();
    const work = async (): Promise<void> => {
      for (const [actor, type, sealed] of waiting) await ask(actor, type, sealed);
    };
    await Promise.all(Array.from({ length: 24 }, work));
    context.diagnostic(`${cases} cases`);
    assert.deepEqual(wrong.slice(0, 12), [], `${wrong.length} of ${cases}`);
  });

  test('who is suspended is shown none on the next request', async () => {
    const { id } = await owner.create(conditionOf(owner.patientId));
    const doctor = await signUpClinician(server.url, server.pool);
    await give(server, owner.patientId, doctor, { kind: 'grant' }, { startsAtMs: Date.now() - 1000 });
    const [one] = await found(doctor, `Condition/${id}`);
    assert.equal((await doctor.get(`/fhir/R4/Provenance/${one?.id ?? ''}`)).status, 200);
    await server.pool.query(`update organization_member set suspended_at = now() where account_id = $1`, [
      doctor.accountId,
    ]);
    assert.deepEqual(await found(doctor, `Condition/${id}`), []);
    assert.equal((await doctor.get(`/fhir/R4/Provenance/${one?.id ?? ''}`)).status, 404);
  });
});
