// Every way of the API that a table of test/ledger-routes walks, sent again by everybody: the request of whoever may, captured before it
// is sent, with the cookie or the token of somebody else. Knows of no answer that is right.
import { randomUUID } from 'node:crypto';
import type { Answer, Client, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { provedTwice } from '../harness/staff.ts';
import { insertMember, memberRoles } from '../../server/storage/members.ts';
import { acts } from '../ledger-routes/all-acts.ts';
import type { Act, Sent, World } from '../ledger-routes/world.ts';
import { everybody, give } from './world.ts';

export interface Asker {
  readonly name: string;
  /** A session that is begun anew takes the place of the one before. */
  headers: Readonly<Record<string, string>>;
}

/** In their order; what is about ways in comes last, since it ends sessions. */
const ofAccounts =
  /^[A-Z]+ \/api\/(sessions|reauthenticate|password|me|passkeys|factors|mail-step|totp|recovery-codes|recoveries)\b/;
const ofApi = acts.filter(({ route }) => / \/(api|dicom-web)\//.test(route));
export const walkedActs: readonly Act[] = [
  ...ofApi.filter(({ route }) => !ofAccounts.test(route)),
  ...ofApi.filter(({ route }) => ofAccounts.test(route)),
];

/** Everybody of the matrix of types, and those who are somebody by their work or by an invitation. */
export async function askersOf(world: World): Promise<Asker[]> {
  const { server, asha } = world;
  const session = (one: Client): Record<string, string> => ({ cookie: one.cookie() ?? '' });
  const askers: Asker[] = (await everybody(server, asha)).map(({ name, headers }) => ({ name, headers }));
  for (const role of memberRoles) {
    if (role === 'doctor') continue;
    const one = await signUp(server.url, { name: `Staff ${role}` });
    await insertMember(
      server.pool,
      {
        memberId: randomUUID(),
        accountId: one.accountId,
        organizationId: 'a-hospital',
        role,
        practitionerId: null,
        licence: null,
        licenceUntil: null,
      },
      Date.now(),
    );
    await provedTwice(server.pool, one.accountId);
    askers.push({ name: `staff: ${role}`, headers: session(one) });
  }
  const suspended = await signUpClinician(server.url, server.pool, { name: 'Dr Suspended' });
  await give(server, asha.patientId, suspended, { kind: 'grant' }, { startsAtMs: Date.now() - 60_000 });
  await give(server, asha.patientId, suspended, { kind: 'edit' }, { startsAtMs: Date.now() - 60_000 });
  await server.pool.query('update organization_member set suspended_at = now() where account_id = $1', [
    suspended.accountId,
  ]);
  askers.push({ name: 'suspended clinician', headers: session(suspended) });
  askers.push({ name: 'administrator', headers: session(world.administrator) });
  askers.push({ name: 'invited guardian', headers: session(await invited(world)) });
  return askers;
}

/** Invited to manage, and has not accepted. */
async function invited({ server, asha }: World): Promise<Person> {
  const one = await signUp(server.url, { name: 'Ina Invited' });
  const answer = await asha.call('POST', '/api/guardians/invites', {
    body: { to: one.login, level: 'manage', relationship: 'FTH', evidence: 'wish' },
  });
  if (answer.status >= 300) throw new Error(answer.text);
  return one;
}

class Captured extends Error {
  readonly sent: Sent;
  constructor(sent: Sent) {
    super('captured');
    this.sent = sent;
  }
}

function isClient(one: unknown): one is Client {
  return typeof one === 'object' && one !== null && 'call' in one && 'get' in one;
}

/** The request that this act would send to its route; undefined where it is sent by somebody who is not known here. */
export async function captured(world: World, act: Act): Promise<Sent | undefined> {
  const [method = '', address = ''] = act.route.split(' ');
  const pattern = new RegExp(
    `^${address.replaceAll('.', '\\.').replaceAll(/:[a-z]+/gi, '[^/?]+')}(\\?|$)`,
    'i',
  );
  const people = Object.values(world as unknown as Record<string, unknown>).filter(isClient);
  const plain = people.map((one): Client['call'] => one.call.bind(one));
  for (const [i, one] of people.entries())
    (one as { call: Client['call'] }).call = (asked, path, given = {}) => {
      if (asked === method && pattern.test(path))
        throw new Captured({ method: asked, path, call: given, by: one });
      return (plain[i] as Client['call'])(asked, path, given);
    };
  for (const one of people)
    (one as { get: Client['get'] }).get = (path, headers = {}) => one.call('GET', path, { headers });
  try {
    await act.act(world);
    return undefined;
  } catch (error) {
    if (error instanceof Captured) return error.sent;
    throw error;
  } finally {
    for (const [i, one] of people.entries())
      (one as { call: Client['call'] }).call = plain[i] as Client['call'];
  }
}

let addresses = 0;

export async function sentBy(
  { server }: World,
  asker: Asker,
  { method, path, call }: Sent,
): Promise<Pick<Answer, 'status' | 'text'>> {
  addresses += 1;
  const { body } = call;
  const asIs = typeof body === 'string' || body instanceof Uint8Array;
  const answer = await fetch(server.url + path, {
    method,
    redirect: 'manual',
    headers: {
      'x-forwarded-for': `10.200.${(addresses >> 8) & 255}.${addresses & 255}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
      ...asker.headers,
    },
    ...(body === undefined ? {} : { body: asIs ? (body as string) : JSON.stringify(body) }),
  });
  const session = answer.headers.getSetCookie().find((line) => /^__Host-session=[^;]/.test(line));
  if (session !== undefined && 'cookie' in asker.headers)
    asker.headers = { cookie: session.replace(/;.*/, '') };
  return { status: answer.status, text: await answer.text() };
}
