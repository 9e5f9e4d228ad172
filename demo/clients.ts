// The program that the demo knows (by a public secret, and by a key pair made for this data folder), and an app for developers to try.
import { generateKeyPair } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Deps } from '../server/http/deps.ts';
import { registerApp } from '../server/oauth/register-app.ts';
import { registerClient } from '../server/oauth/register-client.ts';
import { findClient } from '../server/storage/clients.ts';

export const demoClient = {
  clientId: 'demo-backend',
  secret: 'demo-backend-secret',
  scope: 'system/*.cruds',
};

export const demoApp = {
  clientId: 'demo-app',
  // Installed apps choose their own port (RFC 8252).
  redirectUri: 'http://127.0.0.1/callback',
  scope: 'openid fhirUser offline_access launch launch/patient patient/*.cruds user/*.cruds',
};

/** Where the private key lies with which demo-backend may sign its proofs. */
export const demoKeyFile = (dataDir: string): string => join(dataDir, 'demo-backend-key.json');

export async function ensureDemoClient(deps: Deps): Promise<void> {
  if (!(await findClient(deps.db.pool, demoApp.clientId)))
    await registerApp(
      deps,
      { role: 'operator', name: 'demo' },
      {
        clientId: demoApp.clientId,
        name: 'Demo app',
        about: 'For developers: a public client with PKCE, on any port of this machine.',
        contact: '',
        redirectUris: [demoApp.redirectUri],
        scope: demoApp.scope,
        proof: 'none',
      },
      { approved: true },
    );
  if (await findClient(deps.db.pool, demoClient.clientId)) return;
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-384' });
  const kid = 'demo';
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES384' };
  await writeFile(demoKeyFile(deps.config.dataDir), `${JSON.stringify(jwk)}\n`, { mode: 0o600 });
  await registerClient(
    deps,
    { role: 'operator', name: 'demo' },
    {
      ...demoClient,
      name: 'Demo back end',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] },
    },
  );
}
