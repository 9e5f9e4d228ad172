// The holder's acts on their card and the notices that tell of it, over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeBlankBatch } from '../../server/card/blank-batch.ts';
import { openCardKey } from '../../server/card/card-key.ts';
import type { CardApp } from './card-app.ts';
import { fillAsha, startCardApp } from './card-app.ts';
import { freshAddress } from './identity-app.ts';

let app: CardApp;
before(async () => {
  app = await startCardApp({ PUBLIC_URL: 'https://cards.example' });
});
after(() => app.stop());

interface Card {
  url: string | null;
  number: number;
  state: string;
  settings: Record<string, unknown> & { tiers: Record<string, string> };
  hasAccessCode: boolean;
  face: {
    name: string;
    dangers: { noun: string; reason: string }[];
    moreDangers: number;
    blood: { text: string; source: string };
    contacts: { name: string; phone: string }[];
  } | null;
}

const card = async (token: string) => (await app.call('GET', '/api/emergency-card', { token })).json<Card>();

test('the first look issues the card, with one entry; later looks issue nothing', async () => {
  const { token, patientId } = await app.person();
  const [first] = await Promise.all([card(token), card(token), card(token)]);
  assert.match(first?.url ?? '', /^https:\/\/cards\.example\/e\/[0-9A-HJKMNP-TV-Z]{32}$/);
  assert.deepEqual([first?.number, first?.state], [1, 'active']);
  assert.equal((await app.entries(patientId, 'card-issue')).length, 1);
  assert.equal((await app.entries(patientId, 'read')).length, 3);
  assert.equal((await card(token)).url, first?.url);
});

test('the face is what the card prints, with its sources', async () => {
  const { token, patientId } = await app.person();
  await fillAsha(app, patientId);
  const { face } = await card(token);
  assert.equal(face?.name, 'Asha Rao');
  assert.deepEqual(
    face?.dangers.map((one) => one.noun),
    ['Penicillin', 'Warfarin', 'Insulin', 'Pacemaker'],
  );
  assert.equal(face?.moreDangers, 0);
  assert.deepEqual(face?.blood, { text: 'A+', source: 'lab, 2\u00a0May\u00a02024' });
  assert.deepEqual(
    face?.contacts.map((one) => one.name),
    ['Ravi Rao', 'Lata Rao'],
  );
});

test('every act is one entry that the answer names', async () => {
  const { token, patientId } = await app.person();
  await card(token);
  const acts = [
    ['POST', '/rotate', 'card-rotate', 200],
    ['POST', '/lost', 'card-lost', 200],
    ['POST', '', 'card-issue', 201],
    ['PUT', '', 'card-settings', 200, { settings: { showBirthDate: false } }],
    ['PUT', '/code', 'card-code', 200, { code: '482913' }],
    ['DELETE', '/code', 'card-code', 200],
    ['DELETE', '', 'card-revoke', 200],
  ] as const;
  for (const [method, path, event, status, body] of acts) {
    const before = await app.entries(patientId);
    const answer = await app.call(method, `/api/emergency-card${path}`, { token, ...(body ? { body } : {}) });
    assert.equal(answer.statusCode, status, `${method} ${path} ${answer.body}`);
    const added = (await app.entries(patientId)).filter(
      (one) => !before.some((old) => old.entryId === one.entryId),
    );
    assert.deepEqual(
      added.map((one) => [one.event, one.outcome, one.entryId]),
      [[event, 'done', answer.headers['ledger-entry']]],
    );
  }
  assert.equal((await card(token)).state, 'revoked');
});

test('without a valid card nothing can be rotated, ended, previewed or printed, and no code is shown', async () => {
  const { token } = await app.person();
  await card(token);
  await app.call('DELETE', '/api/emergency-card', { token });
  const now = await card(token);
  assert.deepEqual([now.url, now.face, now.state], [null, null, 'revoked']);
  for (const [method, path] of [
    ['POST', '/rotate'],
    ['POST', '/lost'],
    ['DELETE', ''],
    ['GET', '/preview'],
    ['GET', '/qr.svg'],
    ['GET', '.pdf'],
    ['GET', '/fridge.pdf'],
  ] as const) {
    const answer = await app.call(method, `/api/emergency-card${path}`, { token });
    assert.equal(answer.statusCode, 404, path);
    assert.equal(answer.json<{ code: string }>().code, 'no-card');
  }
  assert.equal((await app.call('POST', '/api/emergency-card', { token })).statusCode, 201);
  assert.equal((await app.call('POST', '/api/emergency-card', { token })).statusCode, 409);
  assert.equal((await card(token)).number, 2);
});

test('nobody else reaches any of it', async () => {
  const routes = [
    ['GET', ''],
    ['POST', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/rotate'],
    ['POST', '/lost'],
    ['POST', '/claim'],
    ['PUT', '/code'],
    ['DELETE', '/code'],
    ['GET', '/preview'],
    ['GET', '.pdf'],
    ['GET', '.svg'],
    ['GET', '.png'],
    ['GET', '/qr.svg'],
    ['GET', '/wristband.pdf'],
    ['GET', '/fridge.pdf'],
    ['GET', '/lock-screen.png'],
  ] as const;
  for (const [method, path] of routes) {
    const answer = await app.call(method, `/api/emergency-card${path}`, method === 'GET' ? {} : { body: {} });
    assert.equal(answer.statusCode, 401, `${method} ${path}`);
  }
});

test('settings are taken whole or not at all, and what is not sent stays', async () => {
  const { token, patientId } = await app.person();
  const put = (body: unknown) => app.call('PUT', '/api/emergency-card', { token, body });
  const ok = await put({ settings: { tiers: { medicines: 'second' }, showPhoto: false } });
  assert.equal(ok.statusCode, 200);
  await put({ tiers: { conditions: 'none' } });
  const { settings } = await card(token);
  assert.deepEqual(
    [settings.tiers.medicines, settings.tiers.conditions, settings.tiers.allergies, settings.showPhoto],
    ['second', 'none', 'first', false],
  );
  const before = (await app.entries(patientId, 'card-settings')).length;
  const wrong: [unknown, string][] = [
    [[], 'settings'],
    ['x', 'settings'],
    [{ tiers: { medicines: 'hidden' } }, 'tiers.medicines'],
    [{ tiers: { genome: 'first' } }, 'tiers.genome'],
    [{ tiers: [] }, 'tiers'],
    [{ tiers: { __proto__x: 'first' } }, 'tiers.__proto__x'],
    [{ showPhoto: 'no' }, 'showPhoto'],
    [{ hidden: ['../x'] }, 'hidden'],
    [{ hidden: 'abc' }, 'hidden'],
    [{ includeSensitive: [1] }, 'includeSensitive'],
    [{ theme: 'dark' }, 'theme'],
    [{ tiers: { medicines: 'first' }, showPhoto: 1 }, 'showPhoto'],
  ];
  for (const [body, field] of wrong) {
    const answer = await put({ settings: body });
    assert.equal(answer.statusCode, 422, JSON.stringify(body));
    assert.equal(answer.json<{ fields: { field: string }[] }>().fields[0]?.field, field);
  }
  assert.deepEqual((await card(token)).settings, settings);
  assert.equal((await app.entries(patientId, 'card-settings')).length, before);
});

test('a preview is the page of its tier, marked, and told to nobody', async () => {
  const { token, patientId } = await app.person();
  await fillAsha(app, patientId);
  await card(token);
  await app.call('PUT', '/api/emergency-card', {
    token,
    body: { settings: { tiers: { medicines: 'second' } } },
  });
  const first = await app.call('GET', '/api/emergency-card/preview', { token });
  const second = await app.call('GET', '/api/emergency-card/preview?tier=second&language=hi', { token });
  assert.match(first.body, /Preview\. This is what a responder sees\./);
  assert.doesNotMatch(first.body, /Iron tablets/);
  assert.doesNotMatch(first.body, /<form/);
  assert.match(second.body, /Iron tablets/);
  assert.match(second.body, /lang="hi"/);
  assert.equal((await app.entries(patientId, 'card-preview')).length, 2);
  assert.equal((await app.notices(patientId)).length, 0);
  assert.equal((await app.call('GET', '/api/emergency-card/preview?tier=third', { token })).statusCode, 400);
});

test('every printable form is what it says it is, and each print is an entry', async () => {
  const { token, patientId } = await app.person();
  await fillAsha(app, patientId);
  await card(token);
  const forms: [string, string, string][] = [
    ['.pdf', 'application/pdf', '%PDF-'],
    ['/sheet.pdf', 'application/pdf', '%PDF-'],
    ['/wristband.pdf', 'application/pdf', '%PDF-'],
    ['/fridge.pdf', 'application/pdf', '%PDF-'],
    ['.svg?side=back', 'image/svg+xml', '<svg'],
    ['.png?dpi=150', 'image/png', '\x89PNG'],
    ['/lock-screen.png', 'image/png', '\x89PNG'],
  ];
  for (const [path, type, magic] of forms) {
    const answer = await app.call('GET', `/api/emergency-card${path}`, { token });
    assert.equal(answer.statusCode, 200, path);
    assert.ok(String(answer.headers['content-type']).startsWith(type), path);
    assert.ok(answer.rawPayload.subarray(0, 8).toString('latin1').startsWith(magic), path);
    assert.equal(answer.headers['cache-control'], 'no-store');
  }
  assert.equal((await app.entries(patientId, 'card-print')).length, forms.length);
  assert.equal((await app.call('GET', '/api/emergency-card.png?dpi=9999', { token })).statusCode, 422);
  for (const kind of ['svg', 'png'])
    assert.equal((await app.call('GET', `/api/emergency-card/qr.${kind}`, { token })).statusCode, 200);
});

test('a blank is nobody’s until it is claimed; then it is the card and the former shows nothing', async () => {
  const key = await openCardKey(app.deps.config.dataDir);
  const { cards } = await makeBlankBatch(
    { deps: app.deps, key },
    { count: 2, label: 'Ward 4', who: { role: 'operator' } },
  );
  const blank = cards[0];
  assert.ok(blank);
  const path = new URL(blank.url).pathname;
  const unclaimed = await app.scan(path);
  assert.equal(unclaimed.statusCode, 404);
  assert.match(unclaimed.body, /This card has no owner yet/);

  const { token, patientId } = await app.person();
  await fillAsha(app, patientId);
  const former = await app.cardPath({ token } as never);
  const claim = (claimCode: unknown, as = token) =>
    app.call('POST', '/api/emergency-card/claim', { token: as, body: { claimCode }, ip: freshAddress() });
  for (const wrong of [undefined, 7, '', 'AAAA-AAAA', blank.claimCode.slice(1)]) {
    const answer = await claim(wrong);
    assert.equal(answer.statusCode, 404);
    assert.equal(answer.json<{ code: string }>().code, 'claim-code');
  }
  const claimed = await claim(blank.claimCode.toLowerCase().replace('-', ' '));
  assert.equal(claimed.statusCode, 200);
  assert.equal(new URL((await card(token)).url ?? '').pathname, path);
  assert.match((await app.scan(path)).body, /Penicillin allergy/);
  assert.equal((await app.scan(former)).statusCode, 404);
  const [entry] = await app.entries(patientId, 'card-claim');
  assert.deepEqual([entry?.detail?.serial, entry?.detail?.replaces], [blank.serial, 1]);

  const thief = await app.person();
  assert.equal((await claim(blank.claimCode, thief.token)).statusCode, 404);
});

test('claims are limited by account, and need a recent password', async () => {
  const { token } = await app.person();
  const claim = () =>
    app.call('POST', '/api/emergency-card/claim', {
      token,
      body: { claimCode: 'AAAA-AAAA' },
      ip: freshAddress(),
    });
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await claim()).statusCode);
  assert.deepEqual(statuses, [...Array<number>(10).fill(404), 429, 429]);
  const late = await app.person();
  app.clock.nowMs += 11 * 60_000;
  const answer = await app.call('POST', '/api/emergency-card/claim', {
    token: late.token,
    body: { claimCode: 'AAAA-AAAA' },
  });
  assert.equal(answer.json<{ code: string }>().code, 'reauthentication-required');
});

test('notices: newest first, bounded, counted, marked once, and only one’s own', async () => {
  const one = await app.person();
  const two = await app.person();
  const path = await app.cardPath(one);
  for (let i = 0; i < 5; i++) {
    app.clock.nowMs += 1000;
    await app.scan(path);
  }
  interface Answer {
    unread: number;
    notices: { id: string; kind: string; at: string; readAt: string | null; entry: string }[];
    next: string | null;
  }
  const list = async (query = '', token = one.token) =>
    (await app.call('GET', `/api/notices${query}`, { token })).json<Answer>();
  const all = await list();
  assert.equal(all.unread, 5);
  assert.deepEqual(
    all.notices.map((n) => n.at),
    all.notices
      .map((n) => n.at)
      .sort()
      .toReversed(),
  );
  const page = await list('?limit=2');
  assert.equal(page.notices.length, 2);
  const rest = await list(`?limit=100&before=${page.next}`);
  assert.deepEqual([...page.notices, ...rest.notices], all.notices);
  assert.equal(rest.next, null);
  const id = all.notices[0]?.id ?? '';
  const read = (token: string, which = id) => app.call('POST', `/api/notices/${which}/read`, { token });
  assert.equal((await read(two.token)).statusCode, 404);
  assert.equal((await read(one.token)).statusCode, 204);
  const readAt = (await list()).notices[0]?.readAt;
  app.clock.nowMs += 60_000;
  assert.equal((await read(one.token)).statusCode, 204);
  assert.equal((await list()).notices[0]?.readAt, readAt);
  assert.equal((await list()).unread, 4);
  assert.deepEqual((await list('', two.token)).notices, []);
  for (const wrong of ['?limit=0', '?limit=x', '?before=x', '?limit=-1'])
    assert.equal((await app.call('GET', `/api/notices${wrong}`, { token: one.token })).statusCode, 400);
  assert.equal((await read(one.token, 'x')).statusCode, 404);
  assert.equal((await app.call('GET', '/api/notices')).statusCode, 401);
});
