// A program with access, as far as HTTP is concerned: registers itself at the desk, fetches a token, sends it with every request.
import assert from 'node:assert/strict';
import { registerClient } from '../../server/oauth/register-client.ts';
import type { Answer, Call, Client } from './client.ts';
import { newClient } from './client.ts';
import type { TestServer } from './server.ts';

export interface Program extends Client {
  readonly clientId: string;
  readonly secret: string;
  readonly token: string;
}

export const basicOf = (clientId: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}`;

/** Posts a form to the token door. */
export async function askToken(
  client: Client,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return client.call('POST', '/oauth/token', {
    body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** A new client of its own, with a token for all of its scope. */
export async function program(server: TestServer, scope = 'system/*.cruds'): Promise<Program> {
  const made = await registerClient(
    server.deps,
    { role: 'operator', name: 'test' },
    { name: 'Partner', scope },
  );
  const secret = made.secret ?? '';
  const client = newClient(server.url);
  const answer = await askToken(client, {}, { authorization: basicOf(made.clientId, secret) });
  assert.equal(answer.status, 200, answer.text);
  const { access_token: token } = answer.json<{ access_token: string }>();
  const call = (method: string, path: string, { body, headers = {} }: Call = {}): Promise<Answer> =>
    client.call(method, path, { body, headers: { authorization: `Bearer ${token}`, ...headers } });
  return {
    ...client,
    clientId: made.clientId,
    secret,
    token,
    call,
    get: (path, headers = {}) => call('GET', path, { headers }),
  };
}
