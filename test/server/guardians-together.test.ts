// What guardians decide together, what rests in a dispute, and the day on which the record is the young person's alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
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

describe('of several guardians', () => {
  test('one alone neither ends another, shares outside nor takes the record away; together they do', async () => {
    const child = await addChild();
    await makeGuardian(child.id, mother, father);
    const aunt = await signUp(server.url, { name: 'Maya Rao' });
    const wish = { level: 'view', relationship: 'FAMMEMB', evidence: 'court' };
    assert.equal((await invite(child.id, mother, aunt, wish)).status, 202);
    assert.equal((await invite(child.id, mother, aunt, wish)).status, 202, 'one person counts once');
    const open = (await father.get(`/api/guardians?patient=${child.id}`)).json<{
      agreements: { act: string; byYou: boolean; wantedBy: string[] }[];
    }>().agreements;
    assert.deepEqual(
      open.map(({ act, byYou, wantedBy }) => [act, byYou, wantedBy]),
      [['invite', false, ['Anita Rao']]],
    );
    assert.equal((await invite(child.id, father, aunt, { ...wish, level: 'act' })).status, 202);
    assert.equal((await invite(child.id, father, aunt, wish)).status, 201);

    const doctor = await signUpClinician(server.url, server.pool);
    const share = (who: Person) =>
      who.call('POST', '/api/grants', {
        body: { to: doctor.accountId, patient: child.id, scope: 'whole', purpose: 'TREAT', duration: 'P7D' },
      });
    assert.equal((await share(mother)).status, 202);
    assert.equal(await patientOf(doctor, child.id), 404);
    assert.equal((await share(father)).status, 201);
    assert.equal(await patientOf(doctor, child.id), 200);

    const take = (who: Person) => who.get(`/api/export?patient=${child.id}&files=none`);
    const want = (who: Person) => who.call('POST', `/api/guardians/export-agreement?patient=${child.id}`);
    assert.equal((await want(mother)).status, 202);
    assert.equal((await take(mother)).status, 409);
    assert.equal((await want(father)).status, 204);
    assert.equal((await take(mother)).status, 200);
    await goTo(nowMs + day + 1, mother);
    assert.equal((await take(mother)).status, 409);
  });

  test('of three the last two who want the same at once make it happen once', async () => {
    const child = await addChild();
    const fathers = await makeGuardian(child.id, mother, father);
    const aunt = await signUp(server.url, { name: 'Maya Rao' });
    const wish = { relationship: 'FAMMEMB', evidence: 'court' };
    await invite(child.id, mother, aunt, wish);
    const { id } = (await invite(child.id, father, aunt, wish)).json<{ id: string }>();
    await aunt.call('POST', `/api/guardians/invites/${id}/accept`);
    const ended = await Promise.all(
      [mother, aunt].map((who) => who.call('DELETE', `/api/guardians/${fathers}`)),
    );
    assert.deepEqual(new Set(ended.map(({ status }) => status)), new Set([202, 204]));
    assert.equal(await patientOf(father, child.id), 404);
    const ends = (await events(child.id)).filter(({ event }) => event === 'guardian-end');
    assert.equal(ends.length, 1);
  });

  test('any of them refuses what another wants, and it is wanted anew from nobody', async () => {
    const child = await addChild();
    const fathers = await makeGuardian(child.id, mother, father);
    const ending = await mother.call('DELETE', `/api/guardians/${fathers}`);
    assert.equal(ending.status, 202);
    const { agreement } = ending.json<{ agreement: string }>();
    const refuse = `/api/guardians/agreements/${agreement}/refuse?patient=${child.id}`;
    const stranger = await signUp(server.url);
    assert.equal((await stranger.call('POST', refuse)).status, 404);
    assert.equal((await father.call('POST', refuse)).status, 204);
    assert.equal((await father.call('POST', refuse)).status, 404);
    assert.equal(await patientOf(father, child.id), 200);
  });
});

describe('a custody dispute', () => {
  test('freezes managing and sharing, never looking, adding, or what a responder sees', async () => {
    const child = await addChild();
    await makeGuardian(child.id, mother, father);
    const card = (await mother.get(`/api/emergency-card?patient=${child.id}`)).json<{ url: string }>().url;
    const dispute = { body: { patient: child.id, reason: 'The court decides in March.' } };
    assert.equal(
      (await (await signUp(server.url)).call('POST', '/api/custody-disputes', dispute)).status,
      404,
    );
    assert.equal((await father.call('POST', '/api/custody-disputes', dispute)).status, 201);
    assert.equal((await mother.call('POST', '/api/custody-disputes', dispute)).status, 409);

    const patient = await mother.get(`/fhir/R4/Patient/${child.id}`);
    assert.equal(patient.status, 200);
    const tries = [
      await mother.call('POST', `/api/emergency-card/rotate?patient=${child.id}`),
      await mother.call('DELETE', `/api/emergency-card?patient=${child.id}`),
      await invite(child.id, mother, await signUp(server.url), { evidence: 'court' }),
      await mother.get(`/api/export?patient=${child.id}&files=none`),
      await mother.call('POST', '/api/grants', {
        body: { to: mother.accountId, patient: child.id, scope: 'whole', purpose: 'TREAT', duration: 'P1D' },
      }),
      await mother.call('PUT', `/fhir/R4/Patient/${child.id}`, {
        body: { ...patient.json<object>(), gender: 'other' },
        headers: { 'if-match': patient.headers.get('etag') ?? '' },
      }),
    ];
    for (const { status, text } of tries) assert.equal(status, 403, text);
    assert.equal(
      (await mother.call('POST', '/fhir/R4/Observation', { body: observation(child.id) })).status,
      201,
    );
    const scanned = await fetch(card);
    assert.equal(scanned.status, 200);
    assert.match(await scanned.text(), /Arjun Rao/);

    const lift = (who: Person) => who.call('DELETE', `/api/custody-disputes/${child.id}`);
    assert.equal((await lift(mother)).status, 404);
    assert.equal((await lift(father)).status, 204);
    assert.equal((await mother.call('POST', `/api/emergency-card/rotate?patient=${child.id}`)).status, 200);
  });
});

describe('coming of age', () => {
  test('before it a minor with a sign-in does not choose guardians alone; in the last ninety days they decide with them; then alone, with the list of past looks', async () => {
    const young = await signUp(server.url, { name: 'Arjun Rao' });
    const born = new Date(nowMs - 17.5 * 365.25 * day).toISOString().slice(0, 10);
    const patient = await young.get(`/fhir/R4/Patient/${young.patientId}`);
    const dated = await young.call('PUT', `/fhir/R4/Patient/${young.patientId}`, {
      body: { ...patient.json<object>(), birthDate: born },
      headers: { 'if-match': patient.headers.get('etag') ?? '' },
    });
    assert.equal(dated.status, 200, dated.text);
    const mothers = await makeGuardian(undefined, young, mother, { relationship: 'MTH' });
    assert.equal((await young.call('DELETE', `/api/guardians/${mothers}`)).status, 403);
    const { majority } = (await young.get('/api/guardians')).json<{
      majority: { at: string; togetherFrom: string };
    }>();
    await goTo(Date.parse(majority.togetherFrom), young, mother);
    const aunt = await signUp(server.url, { name: 'Maya Rao' });
    const wish = { level: 'view', relationship: 'FAMMEMB', evidence: 'court' };
    assert.equal(
      (await invite(young.patientId, mother, aunt, wish)).status,
      202,
      'not without the young person',
    );
    assert.equal((await invite(undefined, young, aunt, wish)).status, 201);
    assert.equal(await patientOf(mother, young.patientId), 200);

    await goTo(Date.parse(majority.at), young, mother);
    assert.equal(await patientOf(mother, young.patientId), 404);
    const looks = (await young.get('/api/entries?by=guardians&limit=200')).json<{
      entries: { event: string; who: { role: string; name: string } }[];
    }>().entries;
    assert.ok(looks.length > 0);
    assert.ok(looks.every(({ who }) => who.role === 'guardian'));
    assert.ok(looks.some(({ event, who }) => event === 'read' && who.name === 'Anita Rao'));
    // Only the young person's own act lets her in again.
    await makeGuardian(undefined, young, mother, { evidence: 'wish', level: 'view' });
    assert.equal(await patientOf(mother, young.patientId), 200);
    assert.ok((await events(young.patientId)).some(({ event }) => event === 'guardian-accept'));
  });

  test('CON-13: another birth date changes no right: the end stays where it was reckoned', async () => {
    const child = await addChild(mother, '2014-05-31');
    const patient = await mother.get(`/fhir/R4/Patient/${child.id}`);
    for (const birthDate of ['2020-01-01', '1999-01-01']) {
      const changed = await mother.call('PATCH', `/fhir/R4/Patient/${child.id}`, {
        body: [{ op: 'replace', path: '/birthDate', value: birthDate }],
        headers: { 'content-type': 'application/json-patch+json' },
      });
      assert.equal(changed.status, 200, changed.text);
      const me = (await mother.get('/api/me')).json<{ actingFor: { endsAt: string }[] }>();
      assert.equal(me.actingFor[0]?.endsAt, child.endsAt);
    }
    assert.equal(patient.status, 200);
    const until = new Date(Date.parse(child.endsAt) + 365 * day).toISOString();
    await mother.call('PUT', `/api/guardians/${child.guardian}`, { body: { until } });
    const me = (await mother.get('/api/me')).json<{ actingFor: { endsAt: string }[] }>();
    assert.equal(me.actingFor[0]?.endsAt, child.endsAt, 'no end is put behind the day of majority');
  });

  test('is told ninety days before to both sides, and not a day sooner', async () => {
    const child = await addChild(mother, '2014-05-31');
    const told = async () =>
      (await mother.get('/api/notices')).json<{ notices: { kind: string }[]; unread: number }>();
    const from = Date.parse(child.endsAt) - 90 * day;
    await goTo(from - 1, mother);
    assert.ok(!(await told()).notices.some(({ kind }) => kind === 'majority-near'));
    await goTo(from, mother);
    assert.ok((await told()).notices.some(({ kind }) => kind === 'majority-near'));
    const theirs = (await mother.get(`/api/notices?patient=${child.id}`)).json<{
      notices: { kind: string }[];
    }>();
    assert.ok(theirs.notices.some(({ kind }) => kind === 'majority-near'));
  });

  for (const [birthDate, country, at] of [
    // In the order of the days: the clock of this file only goes on.
    ['2014-05-31', 'IN', '2032-05-30T18:30:00.000Z'],
    ['2014-07-01', 'DE', '2032-06-30T22:00:00.000Z'],
    ['2016-02-29', 'TW', '2034-02-27T16:00:00.000Z'],
    ['2016-02-29', 'IN', '2034-02-28T18:30:00.000Z'],
    ['2014-05-31', 'TH', '2034-05-30T17:00:00.000Z'],
  ] as const)
    test(`CON-12: of a child born ${birthDate} in ${country} ends a guardian’s access at ${at}, by no job`, async () => {
      const child = await addChild(mother, birthDate, { country });
      assert.equal(child.endsAt, at);
      await goTo(Date.parse(at) - 1, mother);
      assert.equal(await patientOf(mother, child.id), 200);
      await goTo(Date.parse(at), mother);
      for (const path of [
        `/fhir/R4/Patient/${child.id}`,
        `/fhir/R4/Patient/${child.id}/$everything`,
        `/api/emergency-card?patient=${child.id}`,
        `/api/guardians?patient=${child.id}`,
        `/api/entries?patient=${child.id}`,
        `/api/photo?patient=${child.id}`,
      ])
        assert.equal((await mother.get(path)).status, 404, path);
      const me = (await mother.get('/api/me')).json<{ actingFor: unknown[] }>();
      assert.deepEqual(me.actingFor, []);
    });
});
