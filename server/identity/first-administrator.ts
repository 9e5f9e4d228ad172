// The first administrator: made by whoever holds the one-time link that the server prints. No default login, no default password.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import type { Deps } from '../http/deps.ts';
import { hashToken, newToken, setSessionCookie } from '../http/session-cookie.ts';
import { consumeSetupLink, replaceSetupLink, setupLinkIsGood } from '../storage/setup-link.ts';
import { inTransaction } from '../storage/transaction.ts';
import { createAccount } from './create-account.ts';
import type { Identity } from './identity.ts';
import { readLogin } from '../http/login.ts';
import { readMe } from './me.ts';
import { requireGoodPassword } from './password-rules.ts';
import { readName } from '../http/person-name.ts';
import { bodySchema, identityBodyLimit, loginSchema, nameSchema, newPasswordSchema } from './schemas.ts';
import { startSession } from './start-session.ts';

const linkLastsMs = 24 * 60 * 60_000;
const roles = ['administrator'];

/** A link for the operator's terminal; undefined once an administrator exists. Any link made before is dead. */
export async function makeSetupLink(
  deps: Pick<Deps, 'config' | 'db' | 'now' | 'randomBytes'>,
): Promise<string | undefined> {
  const { token, tokenHash } = newToken(deps.randomBytes);
  const made = await replaceSetupLink(deps.db.pool, tokenHash, deps.now() + linkLastsMs);
  return made ? `${deps.config.publicUrl}/setup?token=${token}` : undefined;
}

const linkDead = () =>
  new ApiError(
    403,
    'setup-link-invalid',
    'This link was used, is older than 24 hours, or was replaced. Restart the server for a new one.',
  );

/** POST /api/setup {token, login, password, name}. */
export function setup(identity: Identity): RouteShorthandOptionsWithHandler {
  const { attempts, config, db, passwords } = identity;
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({
      token: { type: 'string', maxLength: 100 },
      login: loginSchema,
      password: newPasswordSchema,
      name: nameSchema,
    }),
    async handler(request, reply) {
      const body = request.body as { token: string; login: string; password: string; name: string };
      await attempts.take('setup-address', limitedAddress(request.ip));
      const tokenHash = hashToken(body.token);
      if (!(await setupLinkIsGood(db.pool, tokenHash, identity.now()))) throw linkDead();
      const name = readName(body.name);
      const login = readLogin(body.login, { bareHosts: config.demo });
      requireGoodPassword(body.password, [login.shown, name]);
      const passwordHash = await passwords.hash(body.password);
      const agent = agentFamily(request.headers['user-agent']);
      const { created, session } = await inTransaction(db.pool, async (client) => {
        // Used up together with what it makes: a login that is taken leaves the link alive.
        if (!(await consumeSetupLink(client, tokenHash, identity.now()))) throw linkDead();
        const made = await createAccount(client, identity, { login, name, passwordHash, roles, agent });
        return {
          created: made,
          session: await startSession(client, identity, request, { ...made, passwordHash }, null),
        };
      });
      if (session) setSessionCookie(reply, session.token);
      return reply
        .code(201)
        .header('ledger-entry', created.entryId)
        .send(await readMe(identity, created.accountId, null));
    },
  };
}
