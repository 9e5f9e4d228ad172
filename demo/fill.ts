// Writes the demo into an empty platform, through the same door as every write. Can be stopped and taken up again:
// ids are fixed, and what is there already is left alone.
import { createHash } from 'node:crypto';
import { parseJson } from '../core/fhir/json.ts';
import type { Resource } from '../core/fhir/types.ts';
import { totpSecretBytes } from '../core/sign-in/totp.ts';
import { joinOrganization } from '../server/organizations/join-organization.ts';
import { applyWrites } from '../server/fhir/apply-writes.ts';
import type { WriteOperation } from '../server/fhir/write-requests.ts';
import type { RequestContext } from '../server/fhir/asker.ts';
import { contextOfActor } from '../server/fhir/asker.ts';
import type { Deps } from '../server/http/deps.ts';
import { createAccount } from '../server/identity/create-account.ts';
import { readLogin } from '../server/http/login.ts';
import type { Passwords } from '../server/identity/passwords.ts';
import { sealTotpSecret } from '../server/identity/totp-secret.ts';
import { findAccountByLogin } from '../server/storage/accounts.ts';
import { confirmTotp, findTotp, putUnprovedTotp } from '../server/storage/factors.ts';
import { findResource, findResources } from '../server/storage/resource-store.ts';
import { inTransaction } from '../server/storage/transaction.ts';
import { directory } from './directory.ts';
import type { Identified } from './directory.ts';
import { organizationOf } from './directory-list.ts';
import type { DemoLogin } from './logins.ts';
import { demoPassword, logins } from './logins.ts';
import { patientResource } from './patient.ts';
import { people } from './people.ts';
import type { DemoPerson } from './person.ts';
import { cities } from './places.ts';
import { idOf } from './random.ts';
import { recordOf } from './record.ts';
import type { DemoWrite } from './record-maker.ts';
import { byOrganization } from './record-maker.ts';

const agent = 'a program';
const atOnce = 3;

export interface FilledPerson {
  person: DemoPerson;
  patientId: string;
  accountId?: string;
}

/** `today`: YYYY-MM-DD. Gives back everybody of the families, whether written now or before. */
export async function fillDemo(deps: Deps, passwords: Passwords, today: string): Promise<FilledPerson[]> {
  const operator = contextOfActor({ kind: 'operator', name: 'demo' }, agent);
  await writeMissing(deps, operator, directory());
  for (const login of logins) {
    if (login.person !== undefined) continue;
    const { accountId } = await ensureAccount(deps, passwords, login);
    await ensureWork(deps, accountId, login, today);
    await ensureSecondFactor(deps, accountId, login);
  }
  const filled: FilledPerson[] = [];
  const waiting = [...people];
  const work = async (): Promise<void> => {
    for (let person = waiting.shift(); person; person = waiting.shift())
      filled.push(await fillPerson(deps, passwords, person, today));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return people.flatMap((person) => filled.filter((one) => one.person === person));
}

async function fillPerson(
  deps: Deps,
  passwords: Passwords,
  person: DemoPerson,
  today: string,
): Promise<FilledPerson> {
  const login = logins.find((one) => one.person === person.key);
  const account = login && (await ensureAccount(deps, passwords, login));
  const patientId = account?.patientId ?? idOf(`Patient/${person.key}`);
  const self = contextOf({ author: 'patient', by: { name: person.name } }, patientId, account?.accountId);
  await writePatient(deps, person, patientId, today, self);
  const writes = recordOf(person, patientId, today);
  for (const group of byWriter(writes)) {
    const [first] = group;
    if (!first) continue;
    const context = first.author === 'patient' ? self : contextOf(first, patientId);
    await writeMissing(
      deps,
      context,
      group.map((one) => one.resource),
    );
  }
  return { person, patientId, ...(account ? { accountId: account.accountId } : {}) };
}

/** Who has an account signed up and filled in the forms; the others were enrolled at their hospital's desk. */
async function writePatient(
  deps: Deps,
  person: DemoPerson,
  patientId: string,
  today: string,
  self: RequestContext,
): Promise<void> {
  const stored = await findResource(deps.db.pool, 'Patient', patientId);
  if (stored === undefined) {
    const desk: DemoWrite['by'] = byOrganization(organizationOf(cities[person.city].hospital).key);
    const resource = patientResource(person, patientId, today);
    await applyWrites(deps, contextOf({ author: 'organization', by: desk }, patientId), [
      { method: 'create', type: 'Patient', id: patientId, resource },
    ]);
  } else if (stored.version === 1 && person.login !== undefined) {
    const resource = patientResource(person, patientId, today, parseJson(stored.content) as Resource);
    await applyWrites(deps, self, [
      { method: 'update', type: 'Patient', id: patientId, resource, ifMatch: 1 },
    ]);
  }
}

async function ensureAccount(
  deps: Deps,
  passwords: Passwords,
  { login: text, name, roles }: DemoLogin,
): Promise<{ accountId: string; patientId: string }> {
  const login = readLogin(text, { bareHosts: true });
  const known = await findAccountByLogin(deps.db.pool, login.key);
  if (known) return known;
  const passwordHash = await passwords.hash(demoPassword);
  return inTransaction(deps.db.pool, (client) =>
    createAccount(client, deps, { login, name, passwordHash, roles, agent }),
  );
}

/** Licences of the demo hold for two years from the day it was made. */
async function ensureWork(
  deps: Deps,
  accountId: string,
  { login, works }: DemoLogin,
  today: string,
): Promise<void> {
  if (works === undefined) return;
  const until = `${Number(today.slice(0, 4)) + 2}-12-31`;
  await joinOrganization(
    deps,
    { role: 'operator', name: 'demo' },
    {
      accountId,
      organizationId: idOf(`Organization/${works.at}`),
      role: works.as,
      ...(works.doctor === undefined ? {} : { practitionerId: idOf(`Practitioner/${works.doctor}`) }),
      ...(works.as === 'doctor' || works.as === 'nurse'
        ? { licence: `DEMO-${works.doctor ?? login.replace(/@.*/, '')}`, licenceUntil: until }
        : {}),
    },
  );
}

/** Whoever works with records needs one; `/demo/codes` shows what their phones would. The same secret in every demo. */
async function ensureSecondFactor(deps: Deps, accountId: string, { login }: DemoLogin): Promise<void> {
  if (await findTotp(deps.db.pool, accountId)) return;
  const secret = createHash('sha256').update(`medallion-demo ${login}`).digest().subarray(0, totpSecretBytes);
  const sealed = await sealTotpSecret(deps, accountId, secret);
  await putUnprovedTotp(deps.db.pool, accountId, sealed, deps.now());
  await confirmTotp(deps.db.pool, accountId, sealed, -1, deps.now());
}

/** Order is kept within one writer: what names another resource of the record comes after it, or in the same transaction. */
function byWriter(writes: readonly DemoWrite[]): DemoWrite[][] {
  const groups = new Map<string, DemoWrite[]>();
  for (const write of writes) {
    const key = `${write.author} ${write.by.name}`;
    groups.set(key, [...(groups.get(key) ?? []), write]);
  }
  return [...groups.values()];
}

/** The tag and the entry say who wrote; the rule in the entry says that an operator brought it in. */
function contextOf(
  { author, by }: Pick<DemoWrite, 'author' | 'by'>,
  patientId: string,
  accountId?: string,
): RequestContext {
  if (author === 'patient') {
    const account = accountId === undefined ? {} : { account: accountId };
    const who = { role: 'patient' as const, ...account, reference: `Patient/${patientId}`, name: by.name };
    return { asker: { kind: 'person', patientId }, who, author, agent };
  }
  return { asker: { kind: 'operator' }, who: { role: author, ...by }, author, agent };
}

/** Creates those that are not there yet, in one transaction. */
export async function writeMissing(
  deps: Deps,
  context: RequestContext,
  resources: readonly Identified[],
): Promise<void> {
  const keys = resources.map(({ resourceType, id }) => ({ resourceType, resourceId: id }));
  const there = new Set((await findResources(deps.db.pool, keys)).map((one) => one?.resourceId));
  const missing = resources.filter(({ id }) => !there.has(id));
  if (missing.length === 0) return;
  const operations = missing.map((resource): WriteOperation => ({
    method: 'create',
    type: resource.resourceType,
    id: resource.id,
    resource,
  }));
  await applyWrites(deps, context, operations);
}
