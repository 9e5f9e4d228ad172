// Cards for everybody, and strangers who scan some of them: so that "who looked" has something to show.
// Scans go through the real page, as a phone's camera would open it.
import type { FastifyInstance } from 'fastify';
import type { CardRoom } from '../server/card/card-room.ts';
import type { CardHolder } from '../server/card/change-card.ts';
import { issueCard } from '../server/card/change-card.ts';
import { cardUrl } from '../server/card/token.ts';
import { findNewestCard } from '../server/storage/cards.ts';
import type { FilledPerson } from './fill.ts';
import { demoAccessCode } from './logins.ts';
import { signedIn } from './signed-in.ts';

const browsers = {
  android:
    'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36',
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
  samsung:
    'Mozilla/5.0 (Linux; Android 16; SM-S936B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/144.0.0.0 Mobile Safari/537.36',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0',
} as const;

/** Addresses kept for documentation (RFC 5737): nobody's. */
const addresses = ['192.0.2.17', '198.51.100.4', '203.0.113.90'];

/** The address on a person's card; undefined when they have none that is valid. */
export async function cardAddress(room: CardRoom, patientId: string): Promise<string | undefined> {
  const card = await findNewestCard(room.deps.db.pool, patientId);
  if (card?.state !== 'active') return undefined;
  return cardUrl(room.deps.config.publicUrl, room.key.open(card.sealedToken, card.tokenHash));
}

/** Issues what is missing and lets strangers look. */
export async function issueAndScan(
  room: CardRoom,
  app: FastifyInstance,
  people: readonly FilledPerson[],
): Promise<void> {
  for (const one of people) await issueCard(room, holderOf(one), true);
  const asha = people.find(({ person }) => person.login === 'patient@demo');
  if (asha) await ashaCard(room, app, asha);
  const others = people.filter((one) => one !== asha).filter((_one, index) => index % 3 === 0);
  for (const [index, one] of others.entries())
    await scan(room, app, one, index % 2 === 0 ? 'android' : 'iphone', index);
}

function holderOf({ person, patientId, accountId }: FilledPerson): CardHolder {
  const account = accountId === undefined ? {} : { account: accountId };
  const who = { role: 'patient' as const, ...account, reference: `Patient/${patientId}`, name: person.name };
  return { patientId, who, agent: 'a program' };
}

async function scan(
  room: CardRoom,
  app: FastifyInstance,
  { patientId }: FilledPerson,
  browser: keyof typeof browsers,
  index = 0,
): Promise<void> {
  const address = await cardAddress(room, patientId);
  if (address !== undefined) await openPage(app, new URL(address).pathname, browser, index);
}

async function openPage(
  app: FastifyInstance,
  path: string,
  browser: keyof typeof browsers,
  index = 0,
  code?: string,
): Promise<void> {
  await app.inject({
    url: path,
    remoteAddress: addresses[index % addresses.length] ?? '192.0.2.1',
    headers: {
      'user-agent': browsers[browser],
      ...(code === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(code === undefined ? { method: 'GET' } : { method: 'POST', payload: `code=${code}` }),
  });
}

/** Asha lost a first card, keeps her donor wish to herself, has her family told, and set a code. */
async function ashaCard(room: CardRoom, app: FastifyInstance, asha: FilledPerson): Promise<void> {
  const request = await signedIn(app, 'patient@demo', browsers.android);
  const lost = await cardAddress(room, asha.patientId);
  await request('POST', '/api/emergency-card/rotate');
  await request('PUT', '/api/emergency-card', { tellContacts: true, tiers: { 'organ-donor': 'none' } });
  await request('PUT', '/api/emergency-card/code', { code: demoAccessCode });
  const path = new URL((await cardAddress(room, asha.patientId)) ?? room.deps.config.publicUrl).pathname;
  await openPage(app, path, 'android');
  await openPage(app, path, 'iphone', 1);
  await openPage(app, path, 'samsung', 2);
  await openPage(app, path, 'samsung', 2, '000000');
  await openPage(app, path, 'samsung', 2, demoAccessCode);
  if (lost !== undefined) await openPage(app, new URL(lost).pathname, 'windows', 1);
  await request('GET', '/api/emergency-card/preview?tier=first');
}
