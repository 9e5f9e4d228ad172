// Passkeys over HTTP with an authenticator made of software: what is accepted, and that every answer that is wrong, old,
// copied or somebody else's opens nothing and is told in one way.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Authenticator, type Faults, newAuthenticator } from '../harness/authenticator.ts';
import {
  type IdentityApp,
  type SignedUp,
  countOf,
  eventsOf,
  freshAddress,
  startIdentityApp,
  tokenOf,
} from './identity-app.ts';

const origin = 'http://localhost:8080';
const minuteMs = 60_000;

let world: IdentityApp;
before(async () => {
  world = await startIdentityApp({ PUBLIC_URL: origin });
});
after(async () => {
  await world?.stop();
});

interface Options {
  challenge: string;
  rpId?: string;
  rp: { id?: string };
  user: { id: string };
  allowCredentials?: { id: string }[];
  excludeCredentials?: { id: string }[];
  userVerification?: string;
}

async function optionsFor(url: string, token?: string): Promise<Options> {
  const answer = await world.call('POST', url, { token, ip: freshAddress() });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json<Options>();
}

async function add(person: SignedUp, device: Authenticator, faults: Faults = {}, label = 'My phone') {
  const options = await optionsFor('/api/passkeys/options', person.token);
  return world.call('POST', '/api/passkeys', {
    token: person.token,
    body: { label, credential: device.register(options, faults) },
  });
}

async function signIn(device: Authenticator, faults: Faults = {}) {
  const options = await optionsFor('/api/sessions/passkey/options');
  return world.call('POST', '/api/sessions/passkey', {
    ip: freshAddress(),
    body: { credential: device.answer(options, faults) },
  });
}

async function personWithPasskey(): Promise<{ person: SignedUp; device: Authenticator; id: string }> {
  const person = await world.person();
  const device = newAuthenticator(origin);
  const added = await add(person, device);
  assert.equal(added.statusCode, 201, added.body);
  return { person, device, id: added.json<{ id: string }>().id };
}

describe('adding a passkey', () => {
  it('is an entry and a notice, and the list shows it to its owner alone', async () => {
    const { person, id } = await personWithPasskey();
    const list = await world.call('GET', '/api/passkeys', { token: person.token });
    const { offered, passkeys } = list.json<{
      offered: boolean;
      passkeys: { id: string; label: string }[];
    }>();
    assert.equal(offered, true);
    assert.deepEqual(
      passkeys.map((one) => [one.id, one.label]),
      [[id, 'My phone']],
    );
    assert.doesNotMatch(list.body, /publicKey|credential/i);
    assert.ok((await eventsOf(world.pool, person.patientId)).includes('passkey-add'));
    const notices = await world.call('GET', '/api/notices', { token: person.token });
    assert.match(notices.body, /passkey-added/);
    const stranger = await world.person();
    const theirs = await world.call('GET', '/api/passkeys', { token: stranger.token });
    assert.deepEqual(theirs.json<{ passkeys: unknown[] }>().passkeys, []);
  });

  it('asks for finger, face or PIN, names the account by opaque bytes, and leaves out what is there already', async () => {
    const { person, device } = await personWithPasskey();
    const options = await optionsFor('/api/passkeys/options', person.token);
    assert.equal(
      (options as unknown as { authenticatorSelection: { userVerification: string } }).authenticatorSelection
        .userVerification,
      'required',
    );
    assert.equal(Buffer.from(options.user.id, 'base64url').length, 16);
    assert.deepEqual(
      options.excludeCredentials?.map((one) => one.id),
      [device.credentialId],
    );
    const twice = await add(person, device);
    assert.equal(twice.statusCode, 409);
    const stranger = await world.person();
    assert.equal((await add(stranger, device)).statusCode, 409, 'a credential belongs to one account');
  });

  it('SES-07: wants a recent proof', async () => {
    const person = await world.person();
    world.clock.nowMs += 11 * minuteMs;
    const answer = await world.call('POST', '/api/passkeys/options', { token: person.token });
    assert.equal(answer.statusCode, 403);
    assert.equal(answer.json<{ code: string }>().code, 'reauthentication-required');
  });

  const refused: [string, Faults][] = [
    ['without finger, face or PIN', { userVerified: false }],
    ['from another site', { origin: 'https://localhost.evil.test' }],
    ['for another site', { rpId: 'evil.test' }],
    ['of another ceremony', { type: 'webauthn.get' }],
  ];
  for (const [what, faults] of refused) {
    it(`an answer ${what} is refused and nothing is stored`, async () => {
      const person = await world.person();
      const before = await countOf(world.pool, 'passkey');
      const answer = await add(person, newAuthenticator(origin), faults);
      assert.equal(answer.statusCode, 422, answer.body);
      assert.equal(answer.json<{ code: string }>().code, 'passkey-not-accepted');
      assert.equal(await countOf(world.pool, 'passkey'), before);
      assert.ok(!(await eventsOf(world.pool, person.patientId)).includes('passkey-add'));
    });
  }

  it('a challenge is good once, for its purpose, its account and five minutes', async () => {
    const person = await world.person();
    const options = await optionsFor('/api/passkeys/options', person.token);
    const post = (token: string, given: Options) =>
      world.call('POST', '/api/passkeys', {
        token,
        body: { label: 'x', credential: newAuthenticator(origin).register(given) },
      });
    const stranger = await world.person();
    assert.equal((await post(stranger.token, options)).statusCode, 422, 'somebody else’s');
    assert.equal((await post(person.token, options)).statusCode, 422, 'the first answer took it away');
    const fresh = await optionsFor('/api/passkeys/options', person.token);
    world.clock.nowMs += 5 * minuteMs + 1;
    assert.equal((await post(person.token, fresh)).statusCode, 422, 'too late');
    const signInOptions = await optionsFor('/api/sessions/passkey/options');
    assert.equal(
      (await post(person.token, { ...fresh, challenge: signInOptions.challenge })).statusCode,
      422,
      'made for a sign-in',
    );
  });

  const hostile: [string, unknown][] = [
    ['no credential', { label: 'x' }],
    ['a credential of nothing', { label: 'x', credential: {} }],
    [
      'clientDataJSON that is no JSON',
      credentialWith({ clientDataJSON: Buffer.from('{').toString('base64url') }),
    ],
    [
      'clientDataJSON that is null',
      credentialWith({ clientDataJSON: Buffer.from('null').toString('base64url') }),
    ],
    ['bytes that are no attestation', credentialWith({ clientDataJSON: 'e30', attestationObject: 'AAAA' })],
    ['not base64url', credentialWith({ clientDataJSON: 'a b' })],
  ];
  for (const [what, body] of hostile) {
    it(`${what}: a clear 4xx`, async () => {
      const person = await world.person();
      const answer = await world.call('POST', '/api/passkeys', { token: person.token, body });
      assert.ok(
        answer.statusCode === 400 || answer.statusCode === 422,
        `${answer.statusCode} ${answer.body}`,
      );
    });
  }

  for (const label of ['', '   ', 'a\u0000b', 'two\nlines\u0007']) {
    it(`the name ${JSON.stringify(label)} is refused before the device is believed`, async () => {
      const answer = await add(await world.person(), newAuthenticator(origin), {}, label);
      assert.equal(answer.statusCode, 422);
    });
  }

  it('there are at most twenty, also when they come together', async () => {
    const person = await world.person();
    for (let count = 0; count < 18; count++) {
      await world.pool.query('delete from attempt_count');
      assert.equal((await add(person, newAuthenticator(origin))).statusCode, 201);
    }
    await world.pool.query('delete from attempt_count');
    const answers = await Promise.all(Array.from({ length: 6 }, () => add(person, newAuthenticator(origin))));
    assert.equal(answers.filter(({ statusCode }) => statusCode === 201).length, 2);
    assert.equal(answers.filter(({ statusCode }) => statusCode === 409).length, 4);
  });
});

describe('signing in with a passkey', () => {
  let person: SignedUp;
  let device: Authenticator;
  beforeEach(async () => {
    ({ person, device } = await personWithPasskey());
  });

  it('opens a session of its owner, and the entry says with what', async () => {
    const answer = await signIn(device);
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal(answer.json<{ account: { id: string } }>().account.id, person.accountId);
    const me = await world.call('GET', '/api/me', { token: tokenOf(answer) });
    assert.equal(me.statusCode, 200);
    const { rows } = await world.pool.query<{ statement: string }>(
      'select statement from entry where entry_id = $1',
      [answer.headers['ledger-entry']],
    );
    const { event, detail } = JSON.parse(rows[0]?.statement ?? '{}') as { event: string; detail: unknown };
    assert.deepEqual([event, detail], ['sign-in', { with: 'passkey' }]);
  });

  it('the question is the same for everybody and names no passkey', async () => {
    const options = await optionsFor('/api/sessions/passkey/options');
    assert.equal(options.allowCredentials?.length ?? 0, 0);
    assert.equal(options.userVerification, 'required');
  });

  const refused: [string, Faults][] = [
    ['without finger, face or PIN', { userVerified: false }],
    ['from another site', { origin: 'https://evil.test' }],
    ['for another site', { rpId: 'evil.test' }],
    ['of another ceremony', { type: 'webauthn.create' }],
    ['for another account', { userHandle: Buffer.alloc(16, 7).toString('base64url') }],
    ['with a count that does not go on', { count: 1 }],
  ];
  for (const [what, faults] of refused) {
    it(`an answer ${what} is refused: no session, no cookie`, async () => {
      const sessions = await countOf(world.pool, 'session');
      const answer = await signIn(device, faults);
      assert.equal(answer.statusCode, 422, answer.body);
      assert.equal(tokenOf(answer), undefined);
      assert.equal(await countOf(world.pool, 'session'), sessions);
    });
  }

  it('one answer opens one session, also when it is sent twenty times at once', async () => {
    const credential = device.answer(await optionsFor('/api/sessions/passkey/options'));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        world.call('POST', '/api/sessions/passkey', { ip: freshAddress(), body: { credential } }),
      ),
    );
    assert.equal(answers.filter(({ statusCode }) => statusCode === 201).length, 1);
  });

  it('of two copies with one count the second is refused', async () => {
    const [one, two] = [
      await optionsFor('/api/sessions/passkey/options'),
      await optionsFor('/api/sessions/passkey/options'),
    ];
    const answers = await Promise.all(
      [one, two].map((options) =>
        world.call('POST', '/api/sessions/passkey', {
          ip: freshAddress(),
          body: { credential: device.answer(options, { count: 50 }) },
        }),
      ),
    );
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b),
      [201, 422],
    );
  });

  it('an unknown passkey and a taken-away one are answered alike', async () => {
    const unknown = await signIn(newAuthenticator(origin));
    const list = await world.call('GET', '/api/passkeys', { token: person.token });
    const [{ id } = { id: '' }] = list.json<{ passkeys: { id: string }[] }>().passkeys;
    const removed = await world.call('DELETE', `/api/passkeys/${id}`, { token: person.token });
    assert.equal(removed.statusCode, 204);
    assert.ok((await eventsOf(world.pool, person.patientId)).includes('passkey-remove'));
    const gone = await signIn(device);
    const strip = (body: string) => body.replace(/"(requestId|instance)":"[^"]*"/g, '');
    assert.equal(gone.statusCode, unknown.statusCode);
    assert.equal(strip(gone.body), strip(unknown.body));
  });

  it('somebody else’s passkey cannot be taken away, and is as absent as one that never was', async () => {
    const stranger = await world.person();
    const list = await world.call('GET', '/api/passkeys', { token: person.token });
    const [{ id } = { id: '' }] = list.json<{ passkeys: { id: string }[] }>().passkeys;
    const answer = await world.call('DELETE', `/api/passkeys/${id}`, { token: stranger.token });
    const never = await world.call('DELETE', '/api/passkeys/none', { token: stranger.token });
    assert.equal(answer.statusCode, 404);
    assert.equal(never.statusCode, 404);
    assert.equal((await signIn(device)).statusCode, 201);
  });

  it('SES-04: a closed account stays closed', async () => {
    await world.pool.query('update account set disabled_at = now() where account_id = $1', [
      person.accountId,
    ]);
    assert.equal((await signIn(device)).statusCode, 403);
  });
});

describe('proving with a passkey', () => {
  it('renews the proof with a new token, and the old one is dead', async () => {
    const { person, device } = await personWithPasskey();
    world.clock.nowMs += 11 * minuteMs;
    const stale = await world.call('POST', '/api/passkeys/options', { token: person.token });
    assert.equal(stale.statusCode, 403);
    const options = await optionsFor('/api/reauthenticate/passkey/options', person.token);
    assert.deepEqual(
      options.allowCredentials?.map((one) => one.id),
      [device.credentialId],
    );
    const proof = await world.call('POST', '/api/reauthenticate/passkey', {
      token: person.token,
      body: { credential: device.answer(options) },
    });
    assert.equal(proof.statusCode, 201, proof.body);
    assert.equal((await world.call('GET', '/api/me', { token: person.token })).statusCode, 401);
    const fresh = await world.call('POST', '/api/passkeys/options', { token: tokenOf(proof) });
    assert.equal(fresh.statusCode, 200);
  });

  it('another person’s passkey proves nothing, and an account without one is told so', async () => {
    const { person } = await personWithPasskey();
    const other = await personWithPasskey();
    const options = await optionsFor('/api/reauthenticate/passkey/options', person.token);
    const proof = await world.call('POST', '/api/reauthenticate/passkey', {
      token: person.token,
      body: { credential: other.device.answer(options) },
    });
    assert.equal(proof.statusCode, 422);
    const without = await world.person();
    const none = await world.call('POST', '/api/reauthenticate/passkey/options', { token: without.token });
    assert.equal(none.statusCode, 409);
  });
});

describe('a server known by a bare address', () => {
  it('offers no passkeys and says so', async () => {
    const bare = await startIdentityApp({ PUBLIC_URL: 'http://127.0.0.1:8080' });
    try {
      const person = await bare.person();
      const list = await bare.call('GET', '/api/passkeys', { token: person.token });
      assert.equal(list.json<{ offered: boolean }>().offered, false);
      const options = await bare.call('POST', '/api/passkeys/options', { token: person.token });
      assert.equal(options.statusCode, 409);
      assert.equal((await bare.call('POST', '/api/sessions/passkey/options')).statusCode, 409);
    } finally {
      await bare.stop();
    }
  });
});

function credentialWith(response: Record<string, unknown>): unknown {
  return { label: 'x', credential: { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response } };
}
