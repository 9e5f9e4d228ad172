// The second step over HTTP: POST /api/sessions/second after a right password, POST /api/reauthenticate/second inside a session, and the
// code by mail for either.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { agentFamily } from '../http/agent-family.ts';
import { limitedAddress } from '../http/client-address.ts';
import { proofLastsMs, requirePerson, whoOfPerson } from '../http/require-person.ts';
import { hashToken, setSessionCookie } from '../http/session-cookie.ts';
import { findAccount } from '../storage/accounts.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { SecondStep } from '../storage/second-steps.ts';
import { endStep } from '../storage/second-steps.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';
import type { CodeFactor } from './judge-factor.ts';
import { codeFactors } from './judge-factor.ts';
import { readMe } from './me.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';
import {
  codeWrong,
  forgiveFactorTry,
  requireFactor,
  requireStep,
  sendStepCode,
  stepOver,
} from './second-step.ts';
import { startSession } from './start-session.ts';

const stepToken = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' } as const;
const codeText = { type: 'string', minLength: 1, maxLength: 60 } as const;
export const factorBody = {
  bodyLimit: identityBodyLimit,
  schema: bodySchema({
    token: stepToken,
    factor: { type: 'string', enum: [...codeFactors] },
    code: codeText,
  }),
};
const mailBody = { bodyLimit: identityBodyLimit, schema: bodySchema({ token: stepToken }) };

interface FactorGiven {
  token: string;
  factor: CodeFactor;
  code: string;
}

export function signInSecond(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...factorBody,
    async handler(request, reply) {
      const address = limitedAddress(request.ip);
      await identity.attempts.take('sign-in-address', address);
      const given = request.body as FactorGiven;
      const step = await requireStep(identity, given.token, { purpose: 'sign-in', sessionId: null });
      const session = await open(identity, request, step, given, {});
      await identity.attempts.forgive([{ purpose: 'sign-in-address', parts: [address] }]);
      const me = await readMe(identity, step.accountId, given.factor);
      setSessionCookie(reply, session.token);
      return reply.code(201).header('ledger-entry', session.entryId).send(me);
    },
  };
}

/** `POST /api/sessions/second/mail {token}`: 202, always the same. */
export function signInSecondMail(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...mailBody,
    async handler(request, reply) {
      const { token } = request.body as { token: string };
      await identity.attempts.take('sign-in-address', limitedAddress(request.ip));
      const step = await requireStep(identity, token, { purpose: 'sign-in', sessionId: null });
      await sendStepCode(identity, token, step);
      return reply.code(202).send({ sent: true });
    },
  };
}

/** The old token is dead when the new one leaves. */
export function proveSecond(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...factorBody,
    async handler(request, reply) {
      const { sessionId } = requirePerson(request);
      const given = request.body as FactorGiven;
      const step = await requireStep(identity, given.token, { purpose: 'prove', sessionId });
      const session = await open(identity, request, step, given, { again: true });
      setSessionCookie(reply, session.token);
      return reply
        .code(201)
        .header('ledger-entry', session.entryId)
        .send({ provedUntil: new Date(identity.now() + proofLastsMs) });
    },
  };
}

export function proveSecondMail(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    ...mailBody,
    async handler(request, reply) {
      const { sessionId } = requirePerson(request);
      const { token } = request.body as { token: string };
      const step = await requireStep(identity, token, { purpose: 'prove', sessionId });
      await sendStepCode(identity, token, step);
      return reply.code(202).send({ sent: true });
    },
  };
}

/** Uses factor and step up and begins the session, with its entry: all or nothing. */
async function open(
  identity: Identity,
  request: FastifyRequest,
  step: SecondStep,
  given: FactorGiven,
  detail: { again?: true },
): Promise<{ token: string; entryId: string }> {
  const right = await requireFactor(identity, request, step, given);
  const account = await findAccount(identity.db.pool, step.accountId);
  if (!account) throw stepOver();
  const { patient } = await readMe(identity, step.accountId, given.factor);
  const session = await inTransaction(identity.db.pool, async (client) => {
    if (!(await right.use(client))) return 'used';
    if (!(await endStep(client, hashToken(given.token)))) return 'over';
    // Against the password that was verified in the first step.
    const verified = { ...account, passwordHash: step.passwordHash };
    const started = await startSession(client, identity, request, verified, given.factor);
    if (!started) return 'over';
    const entry = sealEntry(
      account.patientId,
      {
        event: 'sign-in',
        outcome: 'done',
        who: whoOfPerson({ ...account, name: patient.name }),
        basis: 'self',
        agent: agentFamily(request.headers['user-agent']),
        detail: { ...detail, with: given.factor },
      },
      identity,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return { token: started.token, entryId: entry.entryId };
  });
  if (session === 'used') throw codeWrong();
  if (session === 'over') throw stepOver();
  await forgiveFactorTry(identity, step.accountId);
  return session;
}
