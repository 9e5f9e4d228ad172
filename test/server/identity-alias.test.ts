// The readable alias: unique, written to person and record together, and opening nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { IdentityApp } from './identity-app.ts';
import { eventsOf, freshAddress, goodPassword, startIdentityApp } from './identity-app.ts';

describe('the alias', () => {
  let it: IdentityApp;
  before(async () => {
    it = await startIdentityApp();
  });
  after(() => it.stop());

  const put = (token: string, alias: unknown) => it.call('PUT', '/api/me/alias', { token, body: { alias } });
  const identifiers = async (patientId: string) => {
    const { rows } = await it.pool.query<{ content: string }>(
      `select content from resource where patient_id = $1 and resource_type = 'Patient'`,
      [patientId],
    );
    return (JSON.parse(rows[0]?.content ?? '{}') as { identifier: { system: string; value: string }[] })
      .identifier;
  };

  test('is suggested from the name, taken, shown, changed and given back', async () => {
    const person = await it.person();
    const wished = await it.call('GET', '/api/me/alias', { token: person.token });
    const { alias, suggestions } = wished.json<{ alias: string | null; suggestions: string[] }>();
    assert.equal(alias, null);
    assert.equal(suggestions[0], 'asha.rao');
    const taken = await put(person.token, 'asha.rao');
    assert.equal(taken.statusCode, 200);
    assert.match(String(taken.headers['ledger-entry']), /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      (await identifiers(person.patientId)).map((i) => i.system),
      ['urn:medallion:uhid', 'urn:medallion:alias'],
    );
    const me = await it.call('GET', '/api/me', { token: person.token });
    assert.equal(me.json<{ account: { alias?: string } }>().account.alias, 'asha.rao');

    const other = await it.person();
    assert.equal(
      (await it.call('GET', '/api/me/alias', { token: other.token }))
        .json<{ suggestions: string[] }>()
        .suggestions.includes('asha.rao'),
      false,
    );

    assert.equal((await put(person.token, 'asha.rao41')).statusCode, 200);
    assert.equal((await put(person.token, null)).statusCode, 200);
    assert.deepEqual(
      (await identifiers(person.patientId)).map((i) => i.system),
      ['urn:medallion:uhid'],
    );
    assert.equal(
      (await eventsOf(it.pool, person.patientId)).filter((event) => event === 'alias-change').length,
      3,
    );
    // The same again changes nothing.
    assert.equal((await put(person.token, null)).headers['ledger-entry'], undefined);
  });

  test('belongs to one person: of many who ask at once exactly one gets it, and the rest lose nothing', async () => {
    const people = [];
    for (let n = 0; n < 6; n++) people.push(await it.person());
    const answers = await Promise.all(people.map((person) => put(person.token, 'the.only.one')));
    assert.deepEqual(
      answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b),
      [200, 409, 409, 409, 409, 409],
    );
    for (const [index, person] of people.entries()) {
      const has = (await identifiers(person.patientId)).some(
        (identifier) => identifier.value === 'the.only.one',
      );
      assert.equal(has, answers[index]?.statusCode === 200);
    }
  });

  const wrong = [
    '',
    'abc',
    'Asha.Rao',
    'asha..rao',
    '.asha',
    'asha.',
    '1asha',
    'asha rao',
    'аsha.rao',
    'admin',
    'a'.repeat(31),
    'asha.rao\u0000',
    'asha@rao',
  ];
  for (const alias of wrong) {
    test(`refuses ${JSON.stringify(alias)}`, async () => {
      const person = await it.person();
      const answer = await put(person.token, alias);
      assert.equal(answer.statusCode, 400);
      assert.equal(answer.json<{ code: string }>().code, 'alias-invalid');
    });
  }

  test('is no login, and asking for taken ones is limited', async () => {
    const person = await it.person();
    assert.equal((await put(person.token, 'opens.nothing')).statusCode, 200);
    const signIn = await it.call('POST', '/api/sessions', {
      body: { login: 'opens.nothing', password: goodPassword },
      ip: freshAddress(),
    });
    assert.equal(signIn.statusCode, 400);
    const other = await it.person();
    for (let tries = 0; tries < 20; tries++)
      assert.equal((await put(other.token, 'opens.nothing')).statusCode, 409);
    assert.equal((await put(other.token, 'opens.nothing')).statusCode, 429);
  });

  test('a change of the record at the same time loses neither', async () => {
    const person = await it.person();
    const record = (
      await it.call('GET', `/fhir/R4/Patient/${person.patientId}`, { token: person.token })
    ).json<object>();
    const rename = (text: string) =>
      it.call('PUT', `/fhir/R4/Patient/${person.patientId}`, {
        token: person.token,
        body: { ...record, name: [{ text }] },
        headers: { 'content-type': 'application/fhir+json' },
      });
    const [renamed, aliased] = await Promise.all([rename('Asha Nair'), put(person.token, 'asha.nair')]);
    assert.equal(aliased.statusCode, 200, aliased.body);
    assert.equal(renamed.statusCode, 200, renamed.body);
    const me = (await it.call('GET', '/api/me', { token: person.token })).json<{
      patient: { name: string };
      account: { alias?: string };
    }>();
    assert.deepEqual([me.patient.name, me.account.alias], ['Asha Nair', 'asha.nair']);
    assert.ok((await identifiers(person.patientId)).some((identifier) => identifier.value === 'asha.nair'));
  });
});
