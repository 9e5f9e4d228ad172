// Making and disabling clients: the operator's acts, each an entry in the system's chain. A secret exists in full only in what is returned.
import { parseClientScope, scopeText } from '../../core/access/client-scopes.ts';
import type { ClientScope } from '../../core/access/client-scopes.ts';
import { isResourceType } from '../../core/fhir/resource-types.ts';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import { hashToken } from '../http/session-cookie.ts';
import type { Client } from '../storage/clients.ts';
import { disableClient, insertClient } from '../storage/clients.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { requirePublicKeys } from './public-keys.ts';

export interface NewClient {
  /** Chosen by the server when absent. */
  clientId?: string;
  name: string;
  scope: string;
  /** A JSON Web Key Set of public keys. Without it the client gets a secret. */
  jwks?: unknown;
  /** Given by the demo only: everywhere else it is drawn. */
  secret?: string;
}

/** Throws an Error that says what is wrong with the name, scope or keys. `secret` is absent for a client that signs. */
export async function registerClient(
  deps: Deps,
  who: StatementWho,
  wanted: NewClient,
): Promise<{ clientId: string; secret?: string; scope: string }> {
  const name = wanted.name.trim();
  if (!/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name))
    throw new Error('A client needs a name of 1 to 100 characters.');
  const scope = requireScope(wanted.scope);
  const jwks = wanted.jwks === undefined ? null : requirePublicKeys(wanted.jwks);
  const clientId = wanted.clientId ?? `client-${Buffer.from(deps.randomBytes(8)).toString('hex')}`;
  const secret =
    wanted.secret ?? (jwks === null ? Buffer.from(deps.randomBytes(32)).toString('base64url') : undefined);
  const client: Pick<Client, 'clientId' | 'name' | 'secretHash' | 'jwks' | 'scope'> = {
    clientId,
    name,
    secretHash: secret === undefined ? null : hashToken(secret),
    jwks,
    scope,
  };
  if (!(await insertClient(deps.db.pool, client, deps.now()))) throw new Error('This client id is taken.');
  await record(deps, who, 'client-create', { client: clientId, scope });
  return { clientId, ...(secret === undefined ? {} : { secret }), scope };
}

/** False when there is no such client, or it is disabled already. Its tokens fail from the next request on. */
export async function endClient(deps: Deps, who: StatementWho, clientId: string): Promise<boolean> {
  const ended = await disableClient(deps.db.pool, clientId, deps.now());
  if (ended) await record(deps, who, 'client-disable', { client: clientId });
  return ended;
}

function requireScope(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const scopes = words.map((word) => {
    const scope = parseClientScope(word, isResourceType);
    if (typeof scope === 'string')
      throw new Error(
        `"${word}" is no scope for a program (${scope}). Examples: system/*.cruds, system/Observation.rs`,
      );
    return scope;
  });
  if (scopes.length === 0) throw new Error('A client needs a scope, such as system/Observation.rs');
  return scopeText(scopes satisfies ClientScope[]);
}

async function record(
  deps: Deps,
  who: StatementWho,
  event: Extract<StatementEvent, 'client-create' | 'client-disable'>,
  detail: Record<string, string>,
): Promise<void> {
  await deps.entries.store(
    sealEntry('', { event, outcome: 'done', who, basis: 'operator', detail, agent: 'a program' }, deps),
  );
}
