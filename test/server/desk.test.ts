// The front desk through HTTP: somebody without a phone gets a record and a card, the desk sees what it entered and nothing else, and whoever
// has the printed code takes the record over, once.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import {
  administrator,
  at,
  code,
  day,
  employ,
  employDoctor,
  later,
  server,
  statements,
} from './organizations-world.ts';

interface Enrolled {
  id: string;
  uhid: string;
  name: string;
  claimCode: string;
  claimUntil: string;
}

let people = 0;
const somebody = (more: object = {}) => {
  people += 1;
  // Names far apart in sound, so that nobody is taken for another.
  const name = `${['Gauri', 'Mohan', 'Bilkis', 'Tsering', 'Xavier', 'Ponni'][people % 6]} ${['Kolhapure', 'Dzongkha', 'Fernandes', 'Wangchuk', 'Ahluwalia'][people % 5]}`;
  return { name, birthDate: `19${10 + people}-0${(people % 9) + 1}-17`, gender: 'female', ...more };
};

async function clerk(): Promise<Person> {
  const person = await signUp(server.url, { name: 'Roshni Naik' });
  await employ(person, 'desk');
  return person;
}
const enrolAs = (by: Person, body: object = somebody()) => by.call('POST', '/api/desk/people', { body });

async function enrol(by: Person, body?: object): Promise<Enrolled> {
  const answer = await enrolAs(by, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<Enrolled>();
}

let logins = 0;
const claim = (who: Pick<Enrolled, 'uhid' | 'claimCode'>, login?: string): Promise<Answer> => {
  logins += 1;
  return newClient(server.url).call('POST', '/api/sign-up/claim', {
    body: {
      uhid: who.uhid,
      code: who.claimCode,
      login: login ?? `claimed.${logins}@example.org`,
      password: goodPassword,
    },
  });
};
const cookieOf = (answer: Answer): string =>
  /^[^;]*/.exec(
    answer.headers.getSetCookie().find((line) => line.startsWith('__Host-session=')) ?? '',
  )?.[0] ?? '';

describe('enrolment at the desk', () => {
  test('gives a person a record, a UHID, a card and a code; the record says that a desk began it', async () => {
    const by = await clerk();
    const made = await enrol(by, somebody({ phone: '+91 98450 00001', address: 'Ward 4, near the temple' }));
    assert.match(made.uhid, /^\d{14}$/);
    assert.match(made.claimCode, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    const entries = await statements(made.id);
    assert.deepEqual(
      entries.map(({ event, basis, who }) => [event, basis, who.name]),
      [
        ['create', 'desk', 'Roshni Naik'],
        ['desk-enrol', 'desk', 'Roshni Naik'],
        ['card-issue', 'desk', 'Roshni Naik'],
      ],
    );
    const card = await by.get(`/api/desk/people/${made.id}/card.pdf`);
    assert.equal(card.status, 200, card.text.slice(0, 200));
    assert.equal(card.headers.get('content-type'), 'application/pdf');
    assert.equal((await statements(made.id)).at(-1)?.event, 'card-print');
  });

  test('is the front desk’s alone, and of who is at work there', async () => {
    const by = await clerk();
    const doctor = await signUp(server.url);
    await employDoctor(doctor);
    for (const person of [await signUp(server.url), administrator, doctor])
      for (const [method, path, body] of [
        ['POST', '/api/desk/people', somebody()],
        ['GET', '/api/desk/people', undefined],
      ] as const)
        assert.equal(code(await person.call(method, path, { body })), 'desk-only');
    const listed = (await administrator.get(at())).json<{ members: { id: string; name: string }[] }>();
    const own = listed.members.find(({ name }) => name === 'Roshni Naik');
    await administrator.call('POST', at(`/members/${own?.id}/suspend`));
    assert.equal(code(await enrolAs(by)), 'desk-only');
  });

  for (const [what, more] of Object.entries({
    'no letter in the name': { name: '1234' },
    'no birth date': { birthDate: '' },
    'no such day': { birthDate: '1961-02-30' },
    'a day to come': { birthDate: '2999-01-01' },
    'a birth in another age': { birthDate: '1066-10-14' },
    'a phone of letters': { phone: 'call me' },
    'an address that turns the writing round': { address: 'Ward 4 \u202e' },
    'an unknown member': { uhid: '12345678901234' },
  }))
    test(`with ${what} is refused, and leaves nothing`, async () => {
      const by = await clerk();
      const before = await server.pool.query('select count(*) from person');
      const refused = await enrolAs(by, somebody(more));
      assert.ok(refused.status >= 400 && refused.status < 500, String(refused.status));
      const after = await server.pool.query('select count(*) from person');
      assert.deepEqual(after.rows, before.rows);
    });

  test('of whom the year alone is known is an enrolment', async () => {
    const made = await enrol(await clerk(), somebody({ birthDate: '1938' }));
    assert.match(made.uhid, /^\d{14}$/);
  });

  test('says that somebody like that is here, never who; the one who is sees that they were compared', async () => {
    const by = await clerk();
    const kavita = somebody({ name: 'Kavita Deshpande', birthDate: '1971-03-02', phone: '+91 98450 77777' });
    const first = await enrol(by, kavita);
    const again = await enrolAs(by, { ...kavita, name: 'Kavitha Deshpande' });
    assert.equal(again.status, 409);
    assert.equal(code(again), 'possible-duplicate');
    for (const secret of [first.uhid, first.id, 'Deshpande', '77777'])
      assert.ok(!again.text.includes(secret), secret);
    const [looked] = (await statements(first.id)).filter(({ event }) => event === 'match');
    assert.deepEqual([looked?.basis, looked?.who.name], ['desk', 'Roshni Naik']);
    const sure = await enrolAs(by, { ...kavita, name: 'Kavitha Deshpande', sure: true });
    assert.equal(sure.status, 201, sure.text);
  });

  test('of several people behind one phone warns of none of them', async () => {
    const by = await clerk();
    const phone = '+91 98450 12345';
    await enrol(by, { name: 'Ramesh Bhoir', birthDate: '1949-01-05', gender: 'male', phone });
    await enrol(by, { name: 'Lakshmi Bhoir', birthDate: '1953-11-23', gender: 'female', phone });
    await enrol(by, { name: 'Sagar Bhoir', birthDate: '1980-07-14', gender: 'male', phone });
  });
});

describe('what the desk sees', () => {
  test('is the numbers that it gave out: no name, and nothing that came after', async () => {
    const by = await clerk();
    const made = await enrol(by, somebody({ name: 'Yamuna Gaikwad' }));
    const list = async () =>
      (await by.get('/api/desk/people')).json<{ id: string; uhid: string; printable: boolean }[]>();
    const row = async () => (await list()).find(({ id }) => id === made.id);
    assert.partialDeepStrictEqual(await row(), { uhid: made.uhid, printable: true });
    assert.ok(!(await by.get('/api/desk/people')).text.includes('Gaikwad'));
    for (const path of [
      `/fhir/R4/Patient/${made.id}`,
      `/fhir/R4/Patient/${made.id}/$everything`,
      `/fhir/R4/Patient?_id=${made.id}`,
      `/api/emergency-card?patient=${made.id}`,
      `/api/emergency-card.pdf?patient=${made.id}`,
      `/api/chain?patient=${made.id}`,
    ]) {
      const answer = await by.get(path);
      assert.ok(!answer.text.includes('Gaikwad') && !answer.text.includes(made.uhid), path);
    }
    // A hospital's program adds an allergy: from now on the desk prints nothing.
    await server.pool.query(
      `insert into resource (patient_id, resource_type, resource_id, version, deleted, last_updated, entry_id, content)
       select patient_id, 'AllergyIntolerance', 'grown-' || patient_id, 1, false, last_updated, entry_id, '{"resourceType":"AllergyIntolerance"}'
         from resource where resource_id = $1`,
      [made.id],
    );
    assert.partialDeepStrictEqual(await row(), { uhid: made.uhid, printable: false });
    for (const [method, path] of [
      ['GET', 'card.pdf'],
      ['POST', 'claim-code'],
    ] as const)
      assert.equal(code(await by.call(method, `/api/desk/people/${made.id}/${path}`)), 'record-grew');
  });

  test('another organisation’s desk sees nothing of', async () => {
    const made = await enrol(await clerk());
    const stranger = await clerk();
    // Of the same name elsewhere: moved to another organisation behind the server's back.
    await server.pool.query(
      `update organization_member set organization_id = 'elsewhere' where account_id = $1`,
      [stranger.accountId],
    );
    assert.deepEqual((await stranger.get('/api/desk/people')).json(), []);
    for (const [method, path] of [
      ['GET', 'card.pdf'],
      ['POST', 'claim-code'],
    ] as const)
      assert.equal((await stranger.call(method, `/api/desk/people/${made.id}/${path}`)).status, 404);
  });

  test('is nothing any more once the record was taken over', async () => {
    const by = await clerk();
    const made = await enrol(by);
    const claimed = await claim(made);
    assert.equal(claimed.status, 201, claimed.text);
    assert.ok(!(await by.get('/api/desk/people')).text.includes(made.id));
    for (const [method, path] of [
      ['GET', 'card.pdf'],
      ['POST', 'claim-code'],
    ] as const)
      assert.equal((await by.call(method, `/api/desk/people/${made.id}/${path}`)).status, 404);
  });
});

describe('taking a record over', () => {
  test('with UHID and code makes it the person’s own, with a sign-in of theirs', async () => {
    const by = await clerk();
    const made = await enrol(by, somebody({ name: 'Zubeida Mulla' }));
    // As a person types it.
    const typed = {
      uhid: made.uhid.replace(/(\d{4})(?=\d)/g, '$1 '),
      claimCode: made.claimCode.toLowerCase(),
    };
    const claimed = await claim(typed, 'zubeida@example.org');
    assert.equal(claimed.status, 201, claimed.text);
    const me = claimed.json<{ patient: { id: string; uhid: string } }>();
    assert.deepEqual([me.patient.id, me.patient.uhid], [made.id, made.uhid]);
    const own = await newClient(server.url).get(`/fhir/R4/Patient/${made.id}`, { cookie: cookieOf(claimed) });
    assert.equal(own.status, 200);
    assert.deepEqual(
      (await statements(made.id))
        .map(({ event }) => event)
        .filter((event) => /claim|sign-up|match/.test(event)),
      ['desk-claim', 'sign-up'],
    );
  });

  test('OTP-04 counts once, however many have the code at the same time', async () => {
    const made = await enrol(await clerk());
    const guardian = await signUp(server.url);
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => claim(made)),
      ...Array.from({ length: 10 }, () =>
        guardian.call('POST', '/api/claims', {
          body: { uhid: made.uhid, code: made.claimCode, relationship: 'CHILD' },
        }),
      ),
    ]);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    const { rows } = await server.pool.query<{ count: string }>(
      `select (select count(*) from account where patient_id = $1) + (select count(*) from authority where patient_id = $1) as count`,
      [made.id],
    );
    assert.equal(Number(rows[0]?.count), 1);
    assert.equal((await statements(made.id)).filter(({ event }) => event === 'desk-claim').length, 1);
  });

  test('OTP-01 five wrong codes shut it, however they come, until the desk prints a new one', async () => {
    const by = await clerk();
    const made = await enrol(by);
    const wrong = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        claim({ uhid: made.uhid, claimCode: `ZZZZZ-ZZZ${String(index).padStart(2, '0')}` }),
      ),
    );
    assert.ok(wrong.every((answer) => answer.status === 404 && code(answer) === 'claim-wrong'));
    const { rows } = await server.pool.query(
      'select code_tries_left from desk_enrolment where patient_id = $1',
      [made.id],
    );
    assert.deepEqual(rows, [{ code_tries_left: 0 }]);
    assert.equal((await claim(made)).status, 404);
    const renewed = await by.call('POST', `/api/desk/people/${made.id}/claim-code`);
    assert.equal(renewed.status, 200, renewed.text);
    assert.equal((await claim(made)).status, 404, 'the former code opens nothing');
    const claimed = await claim({ ...made, ...renewed.json<{ claimCode: string }>() });
    assert.equal(claimed.status, 201, claimed.text);
  });

  test('a wrong UHID, a wrong code, a used one and one that is over are answered alike', async () => {
    const by = await clerk();
    const [used, old] = [await enrol(by), await enrol(by)];
    assert.equal((await claim(used)).status, 201);
    const own = await signUp(server.url);
    const answers = [
      await claim(used),
      await claim({ uhid: own.uhid, claimCode: old.claimCode }),
      await claim({ uhid: old.uhid, claimCode: used.claimCode }),
      await claim({ uhid: '1', claimCode: '' }),
    ];
    await later(30 * day);
    answers.push(await claim(old));
    const said = answers.map((answer) => ({ ...answer.json(), requestId: '' }));
    for (const one of said) assert.deepEqual(one, said[0]);
    assert.equal(answers[0]?.status, 404);
  });

  test('OTP-07 the code stands nowhere but in the answer that printed it', async () => {
    const made = await enrol(await clerk());
    const bare = made.claimCode.replace('-', '');
    const { rows: tables } = await server.pool.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const { rows } = await server.pool.query<{ found: boolean }>(
        `select exists (select from ${name} t where t::text like '%' || $1 || '%' or t::text like '%' || $2 || '%') as found`,
        [made.claimCode, bare],
      );
      assert.equal(rows[0]?.found, false, name);
    }
  });

  test('with a login that somebody has is told so and uses nothing up: one phone signs in one person', async () => {
    const by = await clerk();
    const [husband, wife] = [await enrol(by), await enrol(by)];
    const phone = '+919845099999';
    assert.equal((await claim(husband, phone)).status, 201);
    const refused = await claim(wife, phone);
    assert.equal(code(refused), 'login-taken');
    const { rows } = await server.pool.query(
      'select code_tries_left from desk_enrolment where patient_id = $1',
      [wife.id],
    );
    assert.deepEqual(rows, [{ code_tries_left: 5 }]);
    // Whoever has the phone looks after her record as guardian instead.
    const person = newClient(server.url);
    const signedIn = await person.call('POST', '/api/sessions', {
      body: { login: phone, password: goodPassword },
    });
    assert.equal(signedIn.status, 201);
    const taken = await person.call('POST', '/api/claims', {
      body: { uhid: wife.uhid, code: wife.claimCode, relationship: 'SPS' },
    });
    assert.equal(taken.status, 201, taken.text);
    assert.equal((await person.get(`/fhir/R4/Patient/${wife.id}`)).status, 200);
  });

  test('by a parent makes a guardian, until the child is of age', async () => {
    const made = await enrol(await clerk(), { name: 'Chhaya Rathod', birthDate: '2020-06-09' });
    const mother = await signUp(server.url, { name: 'Sarita Rathod' });
    const taken = await mother.call('POST', '/api/claims', {
      body: { uhid: made.uhid, code: made.claimCode, relationship: 'MTH' },
    });
    assert.equal(taken.status, 201, taken.text);
    const me = (await mother.get('/api/me')).json<{
      actingFor: { id: string; level: string; endsAt: string | null }[];
    }>();
    assert.partialDeepStrictEqual(me.actingFor, [{ id: made.id, level: 'manage' }]);
    assert.match(me.actingFor[0]?.endsAt ?? '', /^2038-06-0/);
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/fhir/R4/Patient/${made.id}`)).status, 404);
  });
});
