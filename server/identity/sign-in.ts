// POST /api/sessions: a password is verified and a session begins, or the second step where the account has one. An unknown login costs
// the same work and gets the same answer.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import { challenge, whoOfPerson } from '../http/require-person.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { type Account, findAccountByLogin, replacePasswordHash } from '../storage/accounts.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { addressIsKnown } from '../storage/sessions.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { tooManyAttempts } from './attempt-limits.ts';
import type { Identity } from './identity.ts';
import { readLogin } from '../http/login.ts';
import { readMe } from './me.ts';
import { bodySchema, identityBodyLimit, loginSchema, passwordSchema } from './schemas.ts';
import { beginStep } from './second-step.ts';
import { addressKeyOf, sessionLimits, startSession } from './start-session.ts';
import { createTurns } from './turns.ts';

const credentialsWrong = () =>
  new ApiError(401, 'credentials-wrong', 'The login or the password is not right.', { headers: challenge });

export function signIn(identity: Identity): RouteShorthandOptionsWithHandler {
  const { config, db } = identity;
  const turns = createTurns();
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ login: loginSchema, password: passwordSchema }),
    async handler(request, reply) {
      const body = request.body as { login: string; password: string };
      const login = readLogin(body.login, { bareHosts: config.demo });
      const address = limitedAddress(request.ip);
      const account = await turns.run(`${login.key} ${address}`, () =>
        verifyLogin(identity, request, login.key, address, body.password),
      );
      if (account.disabled)
        throw new ApiError(403, 'account-disabled', 'This account was closed. Ask the help desk.');
      const current = await strengthen(identity, account, body.password);
      const step = await beginStep(identity, current, { purpose: 'sign-in', sessionId: null });
      if (step) return reply.code(202).send(step);
      const me = await readMe(identity, account.accountId, null);
      const who = whoOfPerson({ ...account, name: me.patient.name });
      const agent = agentFamily(request.headers['user-agent']);
      const session = await inTransaction(db.pool, async (client) => {
        const started = await startSession(client, identity, request, current, null);
        if (!started) return undefined;
        const entry = sealEntry(
          account.patientId,
          { event: 'sign-in', outcome: 'done', who, basis: 'self', agent, detail: { with: 'password' } },
          identity,
        );
        await writeBatch(client, { versions: [], entries: [entry] });
        return { ...started, entryId: entry.entryId };
      });
      // The password was changed between verifying it and here.
      if (!session) throw credentialsWrong();
      setSessionCookie(reply, session.token);
      return reply.code(201).header('ledger-entry', session.entryId).send(me);
    },
  };
}

/** The account whose password this is. Throws 401 `credentials-wrong`, 429. */
async function verifyLogin(
  identity: Identity,
  request: FastifyRequest,
  loginKey: string,
  address: string,
  password: string,
): Promise<Account> {
  const { attempts, db, passwords } = identity;
  // The address first: a flood of made-up logins then makes one counter, not one for each.
  await attempts.take('sign-in-address', address);
  await attempts.take('sign-in-login-address', loginKey, address);
  const account = await findAccountByLogin(db.pool, loginKey);
  await takeForLogin(identity, request, loginKey, account);
  const right = await passwords.verify(account?.passwordHash, password);
  if (!account || !right) {
    if (account) recordRefusal(identity, request, account);
    throw credentialsWrong();
  }
  await attempts.forgive([
    { purpose: 'sign-in-address', parts: [address] },
    { purpose: 'sign-in-login-address', parts: [loginKey, address], forget: true },
    { purpose: 'sign-in-login', parts: [loginKey] },
  ]);
  return account;
}

/** The limit over all addresses. Its owner is let through from where they signed in before, so that nobody can lock them out. */
async function takeForLogin(
  identity: Identity,
  request: FastifyRequest,
  loginKey: string,
  account: Account | undefined,
): Promise<void> {
  const { allowed, retryAfterMs } = await identity.attempts.tryTake('sign-in-login', loginKey);
  if (allowed) return;
  const sinceMs = identity.now() - sessionLimits.keepMs;
  const known =
    account !== undefined &&
    (await addressIsKnown(
      identity.db.pool,
      account.accountId,
      addressKeyOf(account.accountId, request.ip),
      sinceMs,
    ));
  if (!known) throw tooManyAttempts(retryAfterMs);
}

/** A hash made when less work was usual is made anew, now that the password is at hand. */
async function strengthen(identity: Identity, account: Account, password: string): Promise<Account> {
  if (!identity.passwords.isWeak(account.passwordHash)) return account;
  const passwordHash = await identity.passwords.hash(password);
  const replaced = await replacePasswordHash(
    identity.db.pool,
    account.accountId,
    account.passwordHash,
    passwordHash,
  );
  return replaced ? { ...account, passwordHash } : account;
}

/**
 * The owner sees that somebody tried. Not waited for: the wait would tell a stranger that the login exists.
 * A crash within these milliseconds loses the line; what a refused sign-in did not get is not lost with it.
 */
function recordRefusal(identity: Identity, request: FastifyRequest, account: Account): void {
  const agent = agentFamily(request.headers['user-agent']);
  const entry = sealEntry(
    account.patientId,
    {
      event: 'sign-in-refused',
      outcome: 'refused',
      who: { role: 'anonymous' },
      basis: 'not-signed-in',
      agent,
    },
    identity,
  );
  identity.entries.store(entry).catch((error: unknown) => {
    identity.log.error(
      { code: (error as { code?: string }).code },
      'a refused sign-in could not be recorded',
    );
  });
}
