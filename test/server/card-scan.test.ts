// Scans over HTTP: what a stranger gets, and what each scan leaves behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { CardApp } from './card-app.ts';
import { fillAsha, startCardApp } from './card-app.ts';
import { freshAddress } from './identity-app.ts';

let app: CardApp;
before(async () => {
  app = await startCardApp({ PUBLIC_URL: 'https://cards.example' });
});
after(() => app.stop());

async function asha() {
  const person = await app.person();
  await fillAsha(app, person.patientId);
  return { ...person, path: await app.cardPath(person) };
}

test('QR-06: a scan shows who, danger, whom to call and the facts, and leaves one entry, one leaf and one notice', async () => {
  const { patientId, path } = await asha();
  const before = await app.entries(patientId);
  const answer = await app.scan(path);
  assert.equal(answer.statusCode, 200);
  for (const text of [
    'Asha Rao',
    '46 years, female',
    'Penicillin allergy',
    'Takes warfarin',
    'Needs insulin',
    'Type 1 diabetes',
    'A positive',
    'Type again before transfusing.',
  ]) {
    assert.ok(answer.body.includes(text), text);
  }
  const added = (await app.entries(patientId)).filter(
    (one) => !before.some((old) => old.entryId === one.entryId),
  );
  assert.equal(added.length, 1);
  const [entry] = added;
  assert.ok(entry);
  assert.deepEqual(
    [entry.event, entry.outcome, entry.basis, entry.who],
    ['scan', 'done', 'card-first-tier', { role: 'card-reader' }],
  );
  assert.ok((entry.shown?.count ?? 0) >= 8);
  assert.match(entry.shown?.digest ?? '', /^[A-Za-z0-9+/]{43}=$/);
  assert.equal(await app.count('select count(*) from pending_leaf where entry_id = $1', [entry.entryId]), 1);
  const notices = await app.notices(patientId);
  assert.deepEqual(
    notices.map((one) => [one.kind, one.entry_id]),
    [['card-scan', entry.entryId]],
  );
});

test('QR-06: of fifty scans at the same time each leaves exactly one entry, one leaf, one notice', async () => {
  const { patientId, path } = await asha();
  const answers = await Promise.all(Array.from({ length: 50 }, () => app.scan(path)));
  assert.ok(answers.every((answer) => answer.statusCode === 200));
  const scans = await app.entries(patientId, 'scan');
  assert.equal(scans.length, 50);
  assert.equal(
    await app.count('select count(*) from pending_leaf where entry_id = any($1)', [
      scans.map((one) => one.entryId),
    ]),
    50,
  );
  assert.equal((await app.notices(patientId)).length, 50);
});

test('an entry that cannot be stored means that nothing is shown', async () => {
  const { path } = await asha();
  const working = app.deps.entries;
  app.deps.entries = { store: () => Promise.reject(new Error('disk')) };
  try {
    const answer = await app.scan(path);
    assert.equal(answer.statusCode, 500);
    assert.ok(!answer.body.includes('Asha'));
  } finally {
    app.deps.entries = working;
  }
});

test('QR-02, QR-03: unknown, replaced, revoked and lost codes get the same bytes, and the holder of a dead card is told', async () => {
  const unknown = await app.scan(`/e/${'0'.repeat(32)}`);
  assert.equal(unknown.statusCode, 404);
  const { 'x-request-id': _id, date: _date, ...headers } = unknown.headers;

  const holders = { replaced: await asha(), revoked: await asha(), lost: await asha() };
  await app.call('POST', '/api/emergency-card/rotate', { token: holders.replaced.token });
  await app.call('DELETE', '/api/emergency-card', { token: holders.revoked.token });
  await app.call('POST', '/api/emergency-card/lost', { token: holders.lost.token });
  for (const [state, { patientId, path }] of Object.entries(holders)) {
    const answer = await app.scan(path);
    const { 'x-request-id': _i, date: _d, ...sent } = answer.headers;
    assert.equal(answer.statusCode, 404, state);
    assert.equal(answer.body, unknown.body, state);
    assert.deepEqual(sent, headers, state);
    const [refused] = await app.entries(patientId, 'scan');
    assert.deepEqual(
      [refused?.outcome, refused?.basis, refused?.detail?.state],
      ['refused', 'card-not-valid', state],
    );
    assert.deepEqual(
      (await app.notices(patientId)).map((one) => [one.kind, one.detail.state]),
      [['card-scan-refused', state]],
    );
  }
  for (const wrong of ['x', '..%2f..%2fetc', `${'A'.repeat(31)}%00`, 'Z'.repeat(190), '%F0%9F%92%8A']) {
    const answer = await app.scan(`/e/${wrong}`);
    assert.equal(answer.body, unknown.body, wrong);
  }
});

test('the page without data weighs about as much as a card', async () => {
  const { path } = await asha();
  const gzip = { 'accept-encoding': 'gzip' };
  const card = (await app.scan(path, gzip)).rawPayload.length;
  const dead = (await app.scan(`/e/${'1'.repeat(32)}`, gzip)).rawPayload.length;
  assert.ok(dead > card * 0.6 && dead < card * 1.6, `${dead} beside ${card}`);
});

test('QR-03: an old code shows nothing from the moment a card is rotated, however often it was scanned before', async () => {
  const { token, path } = await asha();
  for (let turn = 0; turn < 5; turn++) {
    const old = await app.cardPath({ token } as never);
    assert.equal((await app.scan(old)).statusCode, 200);
    await app.call('POST', '/api/emergency-card/rotate', { token });
    const answer = await app.scan(old, {
      'if-none-match': '*',
      'if-modified-since': new Date().toUTCString(),
    });
    assert.equal(answer.statusCode, 404);
    assert.ok(!answer.body.includes('Asha'));
  }
  assert.equal((await app.scan(path)).statusCode, 404);
});

test('a change of the record is on the next scan', async () => {
  const { patientId, path } = await asha();
  assert.ok(!(await app.scan(path)).body.includes('Peanut'));
  await app.write(patientId, 'patient', {
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${patientId}` },
    code: { text: 'Peanut' },
    criticality: 'high',
  });
  assert.ok((await app.scan(path)).body.includes('Peanut'));
});

test('one person never sees another on a page kept in memory', async () => {
  const one = await asha();
  const two = await app.person();
  await app.changePatient(two.patientId, { name: [{ text: 'Bala Kumar' }] });
  const path = await app.cardPath(two);
  const pages = await Promise.all(
    Array.from({ length: 20 }, (_, index) => app.scan(index % 2 ? one.path : path)),
  );
  for (const [index, page] of pages.entries()) {
    assert.equal(page.body.includes('Asha Rao'), index % 2 === 1);
    assert.equal(page.body.includes('Bala Kumar'), index % 2 === 0);
  }
});

test('QR-02: an address that tries many codes is told to wait; a valid card still opens from there', async () => {
  const { path } = await asha();
  const ip = freshAddress();
  const statuses: number[] = [];
  for (let i = 0; i < 45; i++)
    statuses.push((await app.call('GET', `/e/${'2'.repeat(28)}${1000 + i}`, { ip })).statusCode);
  assert.deepEqual([...new Set(statuses)], [404, 429]);
  assert.equal(statuses.indexOf(429), 40);
  assert.equal((await app.call('GET', path, { ip })).statusCode, 200);
  assert.equal((await app.scan(`/e/${'2'.repeat(32)}`)).statusCode, 404);
});

test('a scan of a code that never was goes into the system chain', async () => {
  const count = () =>
    app.count(`select count(*) from entry where patient_id = '' and statement like '%no-such-card%'`);
  const before = await count();
  await app.scan(`/e/${'3'.repeat(32)}`);
  assert.equal(await count(), before + 1);
});

test('QR-06, QR-10: link previews get no data and are no scan of the holder', async () => {
  const { patientId, path } = await asha();
  const { body: neutral } = await app.scan(`/e/${'4'.repeat(32)}`, { 'user-agent': 'WhatsApp/2.2' });
  for (const agent of [
    'WhatsApp/2.23.20 A',
    'facebookexternalhit/1.1',
    'Twitterbot/1.0',
    'Slackbot-LinkExpanding 1.0',
    'TelegramBot (like TwitterBot)',
    'Discordbot/2.0',
  ]) {
    const answer = await app.scan(path, { 'user-agent': agent });
    assert.equal(answer.body, neutral, agent);
    assert.ok(!answer.body.includes('Asha'), agent);
  }
  const scans = await app.entries(patientId, 'scan');
  assert.equal(scans.length, 6);
  assert.ok(scans.every((one) => one.outcome === 'refused' && one.basis === 'link-preview'));
  assert.equal((await app.notices(patientId)).length, 0);
});

test('HEAD tells nothing about a card', async () => {
  const { patientId, path } = await asha();
  const head = async (url: string) => (await app.app.inject({ method: 'HEAD', url })).statusCode;
  assert.equal(await head(path), await head(`/e/${'5'.repeat(32)}`));
  assert.equal((await app.entries(patientId, 'scan')).length, 0);
});

test('contacts with an account are told only when the holder chose so, without health content', async () => {
  const phone = '+919812345678';
  const ravi = await app.person(phone);
  const person = await app.person();
  await fillAsha(app, person.patientId, ['+91 98123 45678', '+91 98123 45678']);
  const path = await app.cardPath(person);
  await app.scan(path);
  assert.equal((await app.notices(ravi.patientId)).length, 0);
  await app.call('PUT', '/api/emergency-card', {
    token: person.token,
    body: { settings: { tellContacts: true } },
  });
  const page = await app.scan(path);
  assert.ok(page.body.includes('are told that the card was opened'));
  const told = await app.notices(ravi.patientId);
  assert.deepEqual(
    told.map((one) => [one.kind, one.detail]),
    [['contact-scan', { name: 'Asha Rao' }]],
  );
});

test('the holder’s own scan gives no notice where they chose so; it is an entry all the same, and nobody else’s scan is silent', async () => {
  const person = await app.person();
  const other = await app.person();
  await fillAsha(app, person.patientId, []);
  const path = await app.cardPath(person);
  const scanBy = (token?: string) => app.call('GET', path, token === undefined ? {} : { token });
  const told = async () => (await app.notices(person.patientId)).length;
  const seen = async () => (await app.entries(person.patientId, 'scan')).length;
  await scanBy(person.token);
  assert.deepEqual([await told(), await seen()], [1, 1], 'not silent before it is chosen');
  const changed = await app.call('PUT', '/api/emergency-card', {
    token: person.token,
    body: { settings: { silentOwnScans: true } },
  });
  assert.equal(changed.statusCode, 200, changed.body);
  await scanBy(person.token);
  assert.deepEqual([await told(), await seen()], [1, 2]);
  await scanBy();
  await scanBy(other.token);
  assert.deepEqual([await told(), await seen()], [3, 4]);
});

test('QR-09: the token is a key to nothing else', async () => {
  const { path } = await asha();
  const token = path.split('/').at(-1) ?? '';
  assert.equal(
    (await app.call('GET', '/api/emergency-card', { headers: { authorization: `Bearer ${token}` } }))
      .statusCode,
    401,
  );
  assert.equal((await app.call('GET', '/api/me', { token })).statusCode, 401);
  assert.equal((await app.call('GET', `/api/emergency-card?token=${token}`)).statusCode, 401);
});

test('the photo is served to the page of a scan only, small, and dies with the card', async () => {
  const person = await app.person();
  const { default: sharp } = await import('sharp');
  const picture = await sharp({ create: { width: 900, height: 1200, channels: 3, background: '#c96' } })
    .jpeg()
    .toBuffer();
  const put = await app.app.inject({
    method: 'PUT',
    url: '/api/photo',
    payload: picture,
    headers: { 'content-type': 'image/jpeg', cookie: `__Host-session=${person.token}` },
  });
  assert.equal(put.statusCode, 204);
  const path = await app.cardPath(person);
  const page = await app.scan(path);
  const src = /<img class="pic" src="([^"]+)"/.exec(page.body)?.[1] ?? '';
  assert.ok(src.startsWith(`${path}/photo/`), src);
  const photo = await app.scan(src);
  assert.equal(photo.statusCode, 200);
  assert.equal(photo.headers['content-type'], 'image/jpeg');
  assert.equal(photo.headers['cache-control'], 'no-store');
  assert.ok(photo.rawPayload.length <= 25_000);
  assert.equal((await app.entries(person.patientId, 'scan')).length, 1, 'the photo is part of its scan');
  for (const wrong of [`${path}/photo/x`, `${path}/photo/${src.split('/').at(-1)?.replace(/.$/, '_')}`]) {
    assert.equal((await app.scan(wrong)).statusCode, 404);
  }
  await app.call('POST', '/api/emergency-card/lost', { token: person.token });
  assert.equal((await app.scan(src)).statusCode, 404);
});

test('compressed or not, a client gets what it can read', async () => {
  const { path } = await asha();
  const zipped = await app.scan(path, { 'accept-encoding': 'br, gzip' });
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  const plain = await app.scan(path, { 'accept-encoding': 'gzip;q=0, identity' });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(gunzipSync(zipped.rawPayload).toString('utf8'), plain.body);
});
