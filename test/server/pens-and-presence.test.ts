// A pen for longer and a passkey in place of the code: what each opens, for whom, and what it leaves in the record, over HTTP.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { give } from '../access/world.ts';
import type { Authenticator } from '../harness/authenticator.ts';
import { newAuthenticator } from '../harness/authenticator.ts';
import type { Answer, Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const minuteMs = 60_000;
const origin = 'http://localhost:8080';
const terms = { scope: { categories: ['conditions'], write: true }, purpose: 'TREAT', duration: 'P1D' };
const codes: { patientId: string; code: string }[] = [];
let nowMs = Date.now();
let server: TestServer;
let patient: Person;
let doctor: Clinician;

before(async () => {
  server = await startServer({
    environment: { PUBLIC_URL: origin },
    sources: {
      now: () => nowMs,
      messenger: {
        async sendCode({ patientId }, code) {
          codes.push({ patientId, code });
          return 'sent';
        },
      },
    },
  });
});
after(() => server?.stop());
beforeEach(async () => {
  nowMs = Math.max(nowMs, Date.now());
  await server.pool.query('delete from attempt_count');
  patient = await signUp(server.url);
  doctor = await signUpClinician(server.url, server.pool);
});

const lastCode = () => codes.findLast(({ patientId }) => patientId === patient.patientId)?.code ?? '';
async function ask(): Promise<string> {
  const answer = await doctor.call('POST', '/api/access-requests', {
    body: { patient: patient.uhid, ...terms },
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
}
const confirm = (id: string, code = lastCode()) =>
  doctor.call('POST', `/api/access-requests/${id}/confirm`, { body: { code } });
const write = (text = 'Asthma') =>
  doctor.call('POST', '/fhir/R4/Condition', {
    body: {
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient.patientId}` },
      code: { text },
    },
  });
interface Held {
  id: string;
  basis: string;
  state: string;
  consent: string;
  endsAt: string;
}
const pens = async () =>
  (await doctor.get('/api/grants?held=true'))
    .json<Held[]>()
    .filter(({ basis, state }) => basis === 'edit' && state === 'active');
const consents = async (reference: string) =>
  (await patient.get(`/fhir/R4/${reference}`)).json<{
    meta: { versionId: string };
    provision: {
      provision: { action: { coding: { code: string }[] }[]; period: { start: string; end: string } }[];
    };
  }>();

/** The doctor works on meanwhile: an idle session of staff ends after a quarter of an hour. */
async function worked(minutes: number): Promise<void> {
  for (let left = minutes; left > 0; left -= 10) {
    nowMs += Math.min(left, 10) * minuteMs;
    assert.equal((await doctor.get('/api/me')).status, 200);
  }
}

describe('a pen for longer', () => {
  let consent: string;
  let penId: string;
  const extend = (id = penId, from: Person = doctor) => from.call('POST', `/api/grants/${id}/extend`);
  beforeEach(async () => {
    consent = (await confirm(await ask())).json<{ consent: string }>().consent;
    penId = (await pens())[0]?.id ?? '';
  });

  it('is given by a new code, inside the same Consent as a new version, for half an hour from then', async () => {
    const before = await consents(consent);
    await worked(20);
    const asked = await extend();
    assert.equal(asked.status, 201, asked.text);
    const { id } = asked.json<{ id: string }>();
    const [shown] = (await patient.get('/api/access-requests')).json<
      { extends?: boolean; scope: { write: boolean } }[]
    >();
    assert.deepEqual([shown?.extends, shown?.scope.write], [true, true]);
    const given = await confirm(id);
    assert.equal(given.status, 201, given.text);
    assert.equal(given.json()['consent'], consent);
    const later = await consents(consent);
    assert.equal(Number(later.meta.versionId), Number(before.meta.versionId) + 1);
    const stretch = later.provision.provision.filter(({ action }) =>
      action.some(({ coding }) => coding[0]?.code === 'correct'),
    );
    assert.deepEqual(
      stretch.map(({ period }) => Date.parse(period.end)),
      [nowMs + 30 * minuteMs],
    );
    assert.equal(
      later.provision.provision[0]?.period.end,
      before.provision.provision[0]?.period.end,
      'looking is as it was',
    );
    await worked(29);
    assert.equal((await write()).status, 201);
    nowMs += minuteMs;
    assert.equal((await write()).status, 403);
  });

  it('after the pen has run out is one more stretch, and what lay between is not covered', async () => {
    nowMs += 31 * minuteMs;
    await patient.call('POST', '/api/sessions', { body: { login: patient.login, password: goodPassword } });
    await doctor.call('POST', '/api/sessions', { body: { login: doctor.login, password: goodPassword } });
    await provedTwice(server.pool, doctor.accountId);
    assert.equal((await write()).status, 403);
    const { id } = (await extend()).json<{ id: string }>();
    assert.equal((await confirm(id)).status, 201);
    const after = await write();
    assert.equal(after.status, 201, after.text);
    const { provision } = await consents(consent);
    const stretches = provision.provision.filter(({ action }) =>
      action.some(({ coding }) => coding[0]?.code === 'correct'),
    );
    assert.equal(stretches.length, 2);
    assert.ok((stretches[0]?.period.end ?? '') < (stretches[1]?.period.start ?? ''));
  });

  it('OTP-03: the first code prolongs nothing, and the new one does so once', async () => {
    const first = lastCode();
    const { id } = (await extend()).json<{ id: string }>();
    if (first !== lastCode()) assert.equal((await confirm(id, first)).status, 403);
    const answers = await Promise.all(Array.from({ length: 4 }, () => confirm(id)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal((await pens()).length, 2);
  });

  it('is nobody else’s to ask for, and not for what was taken away, blocked or is over', async () => {
    const colleague = await signUpClinician(server.url, server.pool);
    assert.equal((await extend(penId, colleague)).status, 404);
    assert.equal((await extend(randomUUID())).status, 404);
    const grant = (await patient.get('/api/grants')).json<Held[]>().find(({ basis }) => basis === 'grant');
    assert.equal((await extend(grant?.id ?? '')).status, 404, 'looking is not prolonged');
    const { id } = (await extend()).json<{ id: string }>();
    const narrower = await patient.call('POST', `/api/access-requests/${id}/approve`, {
      body: { duration: 'P9D' },
    });
    assert.equal(narrower.status, 422);
    await patient.call('POST', `/api/grants/${penId}/revoke`);
    assert.equal((await confirm(id)).status, 409, 'taken away between asking and yes');
    assert.equal((await extend()).status, 409);
    assert.equal((await write()).status, 403);
  });

  it('every entry names the permission that it was written by, in the version that stood then', async () => {
    const one = (await write('First')).json<{ id: string }>();
    nowMs += minuteMs;
    const { id } = (await extend()).json<{ id: string }>();
    assert.equal((await patient.call('POST', `/api/access-requests/${id}/approve`)).status, 201);
    const two = (await write('Second')).json<{ id: string }>();
    const [first, second] = await Promise.all(
      [one, two].map(async (entry) => {
        const answer = await patient.get(`/api/origins?entry=Condition/${entry.id}`);
        assert.equal(answer.status, 200, answer.text);
        return answer.json<
          {
            author: { role: string; name: string };
            permission: { consent: string };
            late: boolean;
            provenance: { resourceType: string; policy: string[]; agent: { who: { display: string } }[] };
          }[]
        >()[0];
      }),
    );
    assert.deepEqual(
      [first?.author.role, first?.author.name, first?.late],
      ['professional', 'Meera Iyer', false],
    );
    assert.ok(first?.permission.consent.startsWith(consent));
    assert.ok(first?.permission.consent !== second?.permission.consent, 'another version of it');
    assert.deepEqual(second?.provenance.policy, [second?.permission.consent]);
    assert.equal(second?.provenance.agent[0]?.who.display, 'Meera Iyer');
    const stranger = await signUp(server.url);
    for (const other of [doctor, stranger])
      assert.equal((await other.get(`/api/origins?entry=Condition/${one.id}`)).status, 404);
  });
});

describe('a passkey of the person who is there', () => {
  const optionsOf = async (id: string) => {
    const answer = await doctor.call('POST', `/api/access-requests/${id}/passkey/options`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<{ challenge: string; rpId: string; allowCredentials?: unknown[] }>();
  };
  const send = (id: string, credential: unknown, from: Person = doctor): Promise<Answer> =>
    from.call('POST', `/api/access-requests/${id}/passkey`, { body: { credential } });
  async function deviceOf(person: Person): Promise<Authenticator> {
    const device = newAuthenticator(origin);
    const options = (await person.call('POST', '/api/passkeys/options')).json<never>();
    const body = { label: 'My phone', credential: device.register(options) };
    assert.equal((await person.call('POST', '/api/passkeys', { body })).status, 201);
    return device;
  }

  it('answers this request as the code does, and the log says how', async () => {
    const device = await deviceOf(patient);
    const id = await ask();
    const options = await optionsOf(id);
    assert.equal(options.allowCredentials, undefined, 'nobody’s passkeys are named');
    const given = await send(id, device.answer(options));
    assert.equal(given.status, 201, given.text);
    assert.equal((await write()).status, 201);
    const { entries } = (await patient.get('/api/entries')).json<{
      entries: { event: string; detail?: { how?: string } }[];
    }>();
    assert.equal(entries.find(({ event }) => event === 'access-approve')?.detail?.how, 'passkey');
  });

  it('of a guardian who may answer opens too; of anybody else, the clinician among them, it opens nothing', async () => {
    const [guardian, viewer] = [await signUp(server.url), await signUp(server.url)];
    await give(
      server,
      patient.patientId,
      guardian,
      { kind: 'guardian', level: 'act' },
      { startsAtMs: nowMs },
    );
    await give(server, patient.patientId, viewer, { kind: 'guardian', level: 'view' }, { startsAtMs: nowMs });
    const id = await ask();
    for (const other of [viewer, await signUp(server.url), doctor]) {
      const device = await deviceOf(other);
      const refused = await send(id, device.answer(await optionsOf(id)));
      assert.deepEqual([refused.status, refused.json()['code']], [422, 'passkey-not-accepted']);
    }
    const device = await deviceOf(guardian);
    assert.equal((await send(id, device.answer(await optionsOf(id)))).status, 201);
  });

  it('OTP-06: an answer is good for its own request, its own clinician and once', async () => {
    const device = await deviceOf(patient);
    const [one, two] = [await ask(), await ask()];
    const elsewhere = device.answer(await optionsOf(one));
    assert.equal((await send(two, elsewhere)).status, 422, 'another request');
    const signIn = await doctor.call('POST', '/api/sessions/passkey/options');
    assert.equal((await send(one, device.answer(signIn.json<never>()))).status, 422, 'meant for signing in');
    const colleague = await signUpClinician(server.url, server.pool);
    const answer = device.answer(await optionsOf(one));
    assert.equal((await send(one, answer, colleague)).status, 404);
    assert.equal((await send(one, answer)).status, 201);
    assert.ok((await send(one, answer)).status >= 400);
  });
});
