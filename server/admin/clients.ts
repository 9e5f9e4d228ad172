// `create-client`, `list-clients`, `disable-client`: programs of other organisations and what they may do.
import { readFile } from 'node:fs/promises';
import { endClient, registerClient } from '../oauth/register-client.ts';
import { listClients } from '../storage/clients.ts';
import type { Stores } from '../stores.ts';

const desk = { role: 'operator', name: 'desk' } as const;

/** `jwksFile`: public keys of a client that signs its proofs; without it a secret is made. */
export async function createClient(
  { deps, sequencer }: Stores,
  name: string,
  scope: string,
  jwksFile: string | undefined,
): Promise<string> {
  const jwks: unknown = jwksFile === undefined ? undefined : JSON.parse(await readFile(jwksFile, 'utf8'));
  const made = await registerClient(deps, desk, { name, scope, ...(jwks === undefined ? {} : { jwks }) });
  await sequencer.flush();
  return [
    `client_id      ${made.clientId}`,
    made.secret === undefined
      ? 'It proves itself with its own key (private_key_jwt).'
      : `client_secret  ${made.secret}\nThe secret is shown this once. Nobody can read it again.`,
    `scope          ${made.scope}`,
    `token door     ${deps.config.publicUrl}/oauth/token`,
  ].join('\n');
}

export async function showClients({ deps }: Stores): Promise<string> {
  const clients = await listClients(deps.db.pool);
  if (clients.length === 0) return 'There are no clients.';
  return clients
    .map(({ clientId, name, scope, jwks, createdAt, disabledAt }) =>
      [
        clientId,
        name,
        scope,
        jwks === null ? 'secret' : 'key',
        `made ${createdAt.toISOString().slice(0, 10)}`,
        ...(disabledAt ? [`disabled ${disabledAt.toISOString().slice(0, 10)}`] : []),
      ].join('  '),
    )
    .join('\n');
}

export async function stopClient({ deps, sequencer }: Stores, clientId: string): Promise<string> {
  if (!(await endClient(deps, desk, clientId)))
    throw new Error('There is no such client, or it is disabled already.');
  await sequencer.flush();
  return 'Disabled. Its tokens fail from now on.';
}
