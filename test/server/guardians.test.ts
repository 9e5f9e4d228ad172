// Guardians through HTTP: both sides say yes, each level does what it holds and no more, the last one stays, the day of majority comes by itself.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import {
  addChild,
  day,
  events,
  father,
  goTo,
  invite,
  makeGuardian,
  mother,
  nowMs,
  observation,
  patientOf,
  server,
} from './guardians-world.ts';

describe('a child without a sign-in of their own', () => {
  test('is looked after by whoever made the record, who acts in it under their own name', async () => {
    const child = await addChild();
    const me = (await mother.get('/api/me')).json<{ actingFor: { id: string; level: string }[] }>();
    assert.deepEqual(
      me.actingFor.map(({ id, level }) => [id, level]),
      [[child.id, 'manage']],
    );
    const made = await mother.call('POST', '/fhir/R4/Observation', { body: observation(child.id) });
    assert.equal(made.status, 201, made.text);
    const written = (await events(child.id)).findLast(({ event }) => event === 'create');
    assert.deepEqual([written?.who.role, written?.who.name], ['guardian', 'Anita Rao']);
    assert.equal(await patientOf(father, child.id), 404);
    // RelatedPerson says it to other systems.
    const related = await mother.get(`/fhir/R4/RelatedPerson?patient=${child.id}`);
    assert.equal(related.json<{ total: number }>().total, 1, related.text);
  });

  test('several stand behind one family’s phone: each has a record and a card of their own', async () => {
    const [one, two] = [await addChild(), await addChild(mother, '2020-02-29', { name: 'Tara Rao' })];
    assert.notEqual(one.uhid, two.uhid);
    const urls = new Set<string>();
    for (const { id } of [one, two]) {
      const card = await mother.get(`/api/emergency-card?patient=${id}`);
      assert.equal(card.status, 200, card.text);
      urls.add(card.json<{ url: string }>().url);
    }
    assert.equal(urls.size, 2);
  });

  for (const [birthDate, code] of [
    ['2017-02-30', 'not-a-date'],
    ['2017', 'not-a-date'],
    ['2999-01-01', 'future'],
    ['1950-01-01', 'of-age'],
  ] as const)
    test(`is not made with the birth date ${birthDate}: ${code}`, async () => {
      const answer = await mother.call('POST', '/api/dependants', {
        body: { name: 'Arjun Rao', birthDate, relationship: 'MTH' },
      });
      assert.equal(answer.status, 422);
      assert.match(answer.text, new RegExp(code));
    });
});

describe('an invitation', () => {
  test('makes nobody a guardian before the other side accepts', async () => {
    const child = await addChild();
    const invited = await invite(child.id, mother, father);
    assert.equal(invited.status, 201, invited.text);
    assert.equal(await patientOf(father, child.id), 404);
    const received = (await father.get('/api/guardians/invites')).json<{ id: string; for: string }[]>();
    assert.equal(received[0]?.for, 'Arjun Rao');
    const accept = `/api/guardians/invites/${received[0]?.id}/accept`;
    assert.equal((await father.call('POST', accept)).status, 201);
    assert.equal(await patientOf(father, child.id), 200);
  });

  test('CON-14: an invitation is single use, bound to one login, and over when cancelled, declined or late', async () => {
    const child = await addChild();
    const stranger = await signUp(server.url);
    const link = async () => (await invite(child.id, mother, father)).json<{ link: string; id: string }>();
    const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
    const accept = (person: typeof father, key: string) =>
      person.call('POST', `/api/guardians/invites/${key}/accept`).then(({ status }) => status);

    const first = await link();
    assert.equal(await accept(stranger, tokenOf(first.link)), 404);
    assert.equal(await accept(stranger, first.id), 404);
    assert.equal(await accept(father, tokenOf(first.link)), 201);
    assert.equal(await accept(father, tokenOf(first.link)), 409);

    const grandmother = await signUp(server.url, { name: 'Lata Rao' });
    const toHer = async () =>
      (await invite(undefined, stranger, grandmother, { evidence: 'wish' })).json<{ id: string }>().id;
    const cancelled = await toHer();
    assert.equal((await stranger.call('DELETE', `/api/guardians/invites/${cancelled}`)).status, 204);
    assert.equal(await accept(grandmother, cancelled), 409);
    const declined = await toHer();
    assert.equal((await grandmother.call('POST', `/api/guardians/invites/${declined}/decline`)).status, 204);
    assert.equal(await accept(grandmother, declined), 409);
    const late = await toHer();
    await goTo(nowMs + 7 * day, grandmother);
    assert.equal(await accept(grandmother, late), 409);
    for (const odd of ['x', '../..', 'a'.repeat(43), '00000000-0000-7000-8000-000000000000'])
      assert.equal(await accept(grandmother, encodeURIComponent(odd)), 404, odd);
  });

  test('AUTH-08: an invitation answers the same whether or not anybody has that login', async () => {
    const known = await invite(undefined, mother, father, { evidence: 'wish' });
    const unknown = await mother.call('POST', '/api/guardians/invites', {
      body: { to: 'nobody@example.org', level: 'manage', relationship: 'FTH', evidence: 'wish' },
    });
    assert.deepEqual(
      [known.status, Object.keys(known.json()).sort()],
      [unknown.status, Object.keys(unknown.json()).sort()],
    );
  });

  test('of one who may invite no more is not accepted', async () => {
    const child = await addChild();
    const fathers = await makeGuardian(child.id, mother, father);
    const aunt = await signUp(server.url, { name: 'Maya Rao' });
    const wish = { relationship: 'FAMMEMB', evidence: 'court', level: 'view' };
    assert.equal((await invite(child.id, father, aunt, wish)).status, 202);
    const second = await invite(child.id, mother, aunt, wish);
    assert.equal(second.status, 201, second.text);
    await mother.call('DELETE', `/api/guardians/${child.guardian}`);
    const { id } = second.json<{ id: string }>();
    assert.equal((await aunt.call('POST', `/api/guardians/invites/${id}/accept`)).status, 409);
    assert.notEqual(fathers, '');
  });

  test('names a document that lies in the record of which it speaks, and a parent only of a child', async () => {
    const child = await addChild();
    const own = await mother.create({
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: `Patient/${mother.patientId}` },
      content: [{ attachment: { title: 'Birth certificate' } }],
    });
    assert.equal((await invite(child.id, mother, father, { document: own.id })).status, 422);
    const theirs = await mother.create({
      resourceType: 'DocumentReference',
      status: 'current',
      subject: { reference: `Patient/${child.id}` },
      content: [{ attachment: { title: 'Birth certificate' } }],
    });
    assert.equal((await invite(child.id, mother, father, { document: theirs.id })).status, 201);
    assert.equal((await invite(undefined, mother, father)).status, 422);
    assert.equal((await invite(undefined, mother, mother, { evidence: 'wish' })).status, 422);
  });
});

describe('levels are enforced on the server', () => {
  const levels = ['view', 'share', 'act', 'manage'] as const;
  for (const [place, level] of levels.entries())
    test(`a guardian of level ${level} does what it holds and nothing above it`, async () => {
      const parent = await signUp(server.url, { name: 'Kamala Rao' });
      await makeGuardian(undefined, parent, father, { level, evidence: 'wish', relationship: 'CHILD' });
      const p = parent.patientId;
      const doctor = await signUpClinician(server.url, server.pool);
      const asked = await doctor.call('POST', '/api/access-requests', {
        body: { patient: parent.uhid, scope: 'whole', purpose: 'TREAT', duration: 'P7D' },
      });
      const request = `/api/access-requests/${asked.json<{ id: string }>().id}`;
      const pdf = Buffer.from('%PDF-1.4 a report');
      const status = async (method: string, path: string, body?: unknown) =>
        (await father.call(method, path, body === undefined ? {} : { body })).status;
      const may = {
        view: [await patientOf(father, p)],
        share: [
          await status('POST', '/api/grants', {
            to: doctor.accountId,
            patient: p,
            scope: 'whole',
            purpose: 'TREAT',
            duration: 'P1D',
          }),
        ],
        act: [
          await status('POST', '/fhir/R4/Observation', observation(p)),
          (
            await father.call('POST', `/api/files?title=Report&patient=${p}`, {
              body: pdf,
              headers: { 'content-type': 'application/pdf' },
            })
          ).status,
          await status('POST', `${request}/approve`),
          await status('GET', `/api/notices?patient=${p}`),
        ],
        manage: [
          await status('GET', `/api/emergency-card?patient=${p}`),
          await status('POST', `/api/emergency-card/rotate?patient=${p}`),
          await status('GET', `/api/emergency-card.svg?patient=${p}`),
          await status('GET', `/api/entries?patient=${p}`),
          (await invite(p, father, mother, { evidence: 'wish', level: 'view' })).status,
          await status('GET', `/api/export?patient=${p}&files=none`),
        ],
      };
      for (const [needed, wanted] of levels.entries())
        for (const one of may[wanted])
          assert.equal(
            one < 300,
            place >= needed,
            `${level} tries what ${wanted} holds: ${JSON.stringify(may)}`,
          );
    });

  test('CON-11: what is sealed is not there for a guardian: read, search, count, entries, export', async () => {
    const parent = await signUp(server.url, { name: 'Kamala Rao' });
    await makeGuardian(undefined, parent, father, { evidence: 'wish', relationship: 'CHILD' });
    await parent.create(observation(parent.patientId));
    const hidden = await parent.create(
      observation(parent.patientId, {
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
      }),
    );
    assert.equal((await father.get(`/fhir/R4/Observation/${hidden.id}`)).status, 404);
    const counted = await father.get(`/fhir/R4/Observation?patient=${parent.patientId}&_summary=count`);
    assert.equal(counted.json<{ total: number }>().total, 1);
    const entries = await father.get(`/api/entries?patient=${parent.patientId}&limit=200`);
    assert.equal(entries.status, 200);
    assert.ok(!entries.text.includes(hidden.id));
    assert.equal(
      (await father.get(`/api/entries/${hidden.entryId}?patient=${parent.patientId}`)).status,
      404,
    );
    const exported = await father.get(`/api/export?patient=${parent.patientId}&files=none`);
    assert.deepEqual([exported.status, exported.json<{ code: string }>().code], [403, 'sealed-entries']);
  });

  test('a guardian’s place ends by the clock on the day that was said', async () => {
    const parent = await signUp(server.url, { name: 'Kamala Rao' });
    const until = new Date(nowMs + 10 * day).toISOString();
    await makeGuardian(undefined, parent, father, { evidence: 'wish', until });
    await goTo(Date.parse(until) - 1, father);
    assert.equal(await patientOf(father, parent.patientId), 200);
    await goTo(Date.parse(until), father);
    assert.equal(await patientOf(father, parent.patientId), 404);
  });
});

describe('the last guardian', () => {
  test('of a child stays, also when two leave at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const child = await addChild();
      const fathers = await makeGuardian(child.id, mother, father);
      const left = await Promise.all([
        mother.call('DELETE', `/api/guardians/${child.guardian}`),
        father.call('DELETE', `/api/guardians/${fathers}`),
      ]);
      assert.deepEqual(
        new Set(left.map(({ status }) => status)),
        new Set([204, 409]),
        left.map(({ text }) => text).join(),
      );
      const seen = [await patientOf(mother, child.id), await patientOf(father, child.id)];
      assert.deepEqual(new Set(seen), new Set([200, 404]));
    }
  });

  test('does not give up managing', async () => {
    const child = await addChild();
    const lowered = await mother.call('PUT', `/api/guardians/${child.guardian}`, { body: { level: 'view' } });
    assert.deepEqual([lowered.status, lowered.json<{ code: string }>().code], [409, 'last-guardian']);
  });

  test('of somebody of age who signs in themself may go, and is sent away on the next request', async () => {
    const parent = await signUp(server.url, { name: 'Kamala Rao' });
    const id = await makeGuardian(undefined, parent, father, { evidence: 'wish' });
    assert.equal((await parent.call('DELETE', `/api/guardians/${id}`)).status, 204);
    assert.equal(await patientOf(father, parent.patientId), 404);
    const related = await parent.get(`/fhir/R4/RelatedPerson?patient=${parent.patientId}`);
    assert.match(related.text, /"active":false/);
  });
});
