// Everybody that the routes are walked with, and a note of each request, so that it can be sent again by somebody who may not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { makeSetupLink } from '../../server/identity/first-administrator.ts';
import { insertMember } from '../../server/storage/members.ts';
import type { Answer, Call, Client, Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly call: Call;
  readonly by: Client;
}

export interface World {
  readonly server: TestServer;
  readonly asha: Person;
  readonly doctor: Person;
  readonly officer: Person;
  readonly technician: Person;
  readonly auditor: Person;
  readonly clerk: Person;
  readonly administrator: Client;
  readonly mother: Person;
  readonly father: Person;
  readonly stranger: Person;
  readonly hospital: Program;
  /** The link of the alert that was sent last. */
  alert(): string;
  /** The code that was last sent to Asha. */
  code(): string;
  /** What opens the last invitation to work somewhere. */
  invitation(): string;
  /** What was learnt on the way and is needed later, by a name. */
  readonly kept: Map<string, string>;
  /** What was asked last through any of these people, since it was last forgotten. */
  last(): Sent | undefined;
  forget(): void;
}

/** One route walked: a successful call of it, and what that leaves. */
export interface Act {
  /** As the server's list has it. */
  readonly route: string;
  /** Where one route is walked more than once. */
  readonly what?: string;
  /** Everything that the act needs beforehand, so that its own call is the only one that is counted. */
  readonly prepare?: (world: World) => Promise<unknown>;
  readonly act: (world: World) => Promise<Answer>;
  /** Events of the entries, in any order. */
  readonly leaves: readonly string[] | ((world: World) => Promise<readonly string[]>);
  /** Why nothing is left. */
  readonly why?: string;
  readonly status?: number;
  /** A call that must be refused, where anybody may try. Everywhere else the call is sent again by nobody and by a stranger. */
  readonly refused?: (world: World) => Promise<Answer>;
}

export async function startWorld(): Promise<World> {
  const codes: string[] = [];
  const alerts: string[] = [];
  const links: string[] = [];
  const server = await startServer({
    hostName: 'localhost',
    sources: {
      messenger: {
        async sendAlert(_to, _kind, link) {
          alerts.push(link);
          return 'sent';
        },
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
        async sendInvitation(_to, link) {
          links.push(link);
          return 'sent';
        },
      },
    },
  });
  let last: Sent | undefined;
  const noted = <C extends Client>(client: C): C => {
    const call: Client['call'] = (method, path, given = {}) => {
      last = { method, path, call: given, by: client };
      return client.call(method, path, given);
    };
    return { ...client, call, get: (path: string, headers = {}) => call('GET', path, { headers }) };
  };
  const staff = async (role: string, name: string): Promise<Person> => {
    const person = await signUp(server.url, { name });
    await insertMember(
      server.pool,
      {
        memberId: randomUUID(),
        accountId: person.accountId,
        organizationId: 'a-hospital',
        role: role as 'records',
        practitionerId: null,
        licence: null,
        licenceUntil: null,
      },
      Date.now(),
    );
    await provedTwice(server.pool, person.accountId);
    return person;
  };
  const administrator = newClient(server.url);
  const link = new URL((await makeSetupLink(server.deps)) ?? 'http://none');
  const made = await administrator.call('POST', '/api/setup', {
    body: {
      token: link.searchParams.get('token'),
      login: 'administrator@example.org',
      password: goodPassword,
      name: 'Nila Das',
    },
  });
  assert.equal(made.status, 201, made.text);
  await provedTwice(server.pool, made.json<{ account: { id: string } }>().account.id);
  return {
    server,
    asha: noted(await signUp(server.url, { name: 'Asha Rao' })),
    doctor: noted(await signUpClinician(server.url, server.pool)),
    technician: noted(await staff('laboratory', 'Kavya Nair')),
    officer: noted(await staff('records', 'Omar Khan')),
    auditor: noted(await staff('auditor', 'Uma Sen')),
    clerk: noted(await staff('desk', 'Roshni Naik')),
    administrator: noted(administrator),
    mother: noted(await signUp(server.url, { name: 'Anita Rao' })),
    father: noted(await signUp(server.url, { name: 'Ravi Rao' })),
    stranger: await signUp(server.url, { name: 'Sam Roy' }),
    hospital: noted(await program(server)),
    code: () => codes.at(-1) ?? '',
    alert: () => alerts.findLast((link) => link.includes('#')) ?? '',
    invitation: () => links.at(-1)?.split('/').at(-1) ?? '',
    kept: new Map(),
    last: () => last,
    forget: () => {
      last = undefined;
    },
  };
}

/** Keeps one field of an answer for later acts. */
export async function keep(
  world: World,
  name: string,
  answer: Promise<Answer>,
  field = 'id',
): Promise<Answer> {
  const given = await answer;
  const value = given.status < 300 && given.text !== '' ? given.json()[field] : undefined;
  if (typeof value === 'string') world.kept.set(name, value);
  return given;
}

export const kept = (world: World, name: string): string => world.kept.get(name) ?? `no-${name}`;

/** Asha proves again that it is she: some acts want it recent. */
export const again = (world: World): Promise<Answer> =>
  world.asha.call('POST', '/api/reauthenticate', { body: { password: passwordOf(world) } });

export const passwordOf = (world: World): string => world.kept.get('password') ?? goodPassword;

export const ownAccount = 'shows the own account and its ways in; nothing of a record';
export const firstStep = 'a first step that has done nothing yet; the second has its entry';
export const ownDealings =
  'lists what was asked of oneself and what one gave; each act of it has its entry, and no entry of a record is shown';

export const fhirBase = '/fhir/R4';
export const condition = (world: World, rest = '') =>
  `${fhirBase}/Condition/${kept(world, 'condition')}${rest}`;
export const mine = ({ asha }: World, rest: string) => `${fhirBase}/Patient/${asha.patientId}${rest}`;
export const newCondition = (world: World) =>
  keep(
    world,
    'condition',
    world.asha.call('POST', `${fhirBase}/Condition`, { body: conditionOf(world.asha.patientId) }),
  );
