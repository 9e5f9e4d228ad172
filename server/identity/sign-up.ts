// POST /api/sign-up: a person comes to be, with an account, a record and a session.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { findAccountByLogin } from '../storage/accounts.ts';
import { inTransaction } from '../storage/transaction.ts';
import { createAccount, loginTaken } from './create-account.ts';
import type { Identity } from './identity.ts';
import { readLogin } from '../http/login.ts';
import { readMe } from './me.ts';
import { requireGoodPassword } from './password-rules.ts';
import { readName } from '../http/person-name.ts';
import {
  bodySchema,
  identityBodyLimit,
  languages,
  loginSchema,
  nameSchema,
  newPasswordSchema,
} from './schemas.ts';
import { startSession } from './start-session.ts';

interface SignUpBody {
  login: string;
  password: string;
  name: string;
  language?: string;
}

export function signUp(identity: Identity): RouteShorthandOptionsWithHandler {
  const { attempts, config, db, passwords } = identity;
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema(
      {
        login: loginSchema,
        password: newPasswordSchema,
        name: nameSchema,
        language: { type: 'string', enum: [...languages] },
      },
      ['language'],
    ),
    async handler(request, reply) {
      const body = request.body as SignUpBody;
      const name = readName(body.name);
      const login = readLogin(body.login, { bareHosts: config.demo });
      requireGoodPassword(body.password, [login.shown, name]);
      await attempts.take('sign-up-address', limitedAddress(request.ip));
      // Only spares the hashing: what decides is the constraint, inside createAccount.
      if (await findAccountByLogin(db.pool, login.key)) throw loginTaken();
      const passwordHash = await passwords.hash(body.password);
      const agent = agentFamily(request.headers['user-agent']);
      const { created, session } = await inTransaction(db.pool, async (client) => {
        const account = {
          login,
          name,
          passwordHash,
          agent,
          ...(body.language ? { language: body.language } : {}),
        };
        const made = await createAccount(client, identity, account);
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
