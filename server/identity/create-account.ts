// A new person with an account, all or nothing: person, Patient resource, account and the entry of the sign-up in one transaction.
import type { Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { whoOfPerson } from '../http/require-person.ts';
import { insertAccount } from '../storage/accounts.ts';
import { preparePerson } from '../storage/create-person.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Login } from '../http/login.ts';
import { uuidV4 } from '../http/random-id.ts';

export interface NewAccountRequest {
  login: Login;
  name: string;
  passwordHash: string;
  language?: string;
  roles?: readonly string[];
  agent: string;
}

export interface CreatedAccount {
  accountId: string;
  patientId: string;
  uhid: string;
  /** Entry of the first version of the Patient resource. */
  entryId: string;
}

/** Runs inside the caller's transaction. Throws 409 `login-taken`. */
export async function createAccount(
  client: Queryable,
  sources: Pick<Deps, 'now' | 'randomBytes'>,
  request: NewAccountRequest,
): Promise<CreatedAccount> {
  const { login, name, agent, roles = [] } = request;
  // Neither id says anything about the other, about the UHID, or about when.
  const [accountId, patientId] = [uuidV4(sources.randomBytes), uuidV4(sources.randomBytes)];
  const stored = await insertAccount(client, {
    accountId,
    patientId,
    login: login.shown,
    loginKey: login.key,
    passwordHash: request.passwordHash,
    language: request.language ?? 'en',
    roles,
    createdAtMs: sources.now(),
  });
  if (!stored) throw loginTaken();
  const who = whoOfPerson({ accountId, patientId, name });
  const resource: Resource = { resourceType: 'Patient', active: true, name: [{ text: name }] };
  const { uhid, version } = await preparePerson(
    client,
    { resource, patientId, author: 'patient', who, basis: 'self', agent },
    sources,
  );
  const detail = roles.includes('administrator') ? { detail: { administrator: true } } : {};
  const signUp = sealEntry(
    patientId,
    { event: 'sign-up', outcome: 'done', who, basis: 'self', agent, ...detail },
    sources,
  );
  await writeBatch(client, {
    versions: [version],
    entries: [signUp],
    outbox: [
      {
        topic: 'resource.written',
        patientId,
        entryId: version.entry.entryId,
        payload: { type: 'Patient', id: patientId, version: 1 },
      },
    ],
  });
  return { accountId, patientId, uhid, entryId: version.entry.entryId };
}

/** Tells that the account exists: see docs/decisions/sign-up-tells.md. */
export function loginTaken(): ApiError {
  return new ApiError(
    409,
    'login-taken',
    'There is already an account with this e-mail address or phone number. Sign in instead.',
    {
      fields: [{ field: 'login', code: 'taken' }],
    },
  );
}
