// A recovery is begun: by somebody who is not signed in and names a login, or at a desk for the person who stands there.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { parseUhid } from '../../core/card/uhid.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { limitedAddress } from '../http/client-address.ts';
import { readLogin } from '../http/login.ts';
import { makeCode } from '../http/one-time-code.ts';
import { requireProof } from '../http/require-person.ts';
import { newToken } from '../http/session-cookie.ts';
import { findAccount, findAccountByLogin } from '../storage/accounts.ts';
import { findAccountOfPatient, listGuardians } from '../storage/guardians.ts';
import { findPersonByUhid } from '../storage/people.ts';
import type { Queryable } from '../storage/queryable.ts';
import { insertRecovery, insertVoucher } from '../storage/recoveries.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { Identity } from './identity.ts';
import { alertPerson, noteRecovery, recoveryLimits } from './recovery-parts.ts';
import { deskOf, whoOfStaff } from './recovery-standing.ts';
import { bodySchema, identityBodyLimit, loginSchema } from './schemas.ts';

/** For a login that exists and one that does not the answer takes this long at least, and looks the same. */
const sameTimeMs = 300;

interface Begun {
  token: string;
  stopToken: string;
  number: string;
  recoveryId: string;
}

/** Inside the caller's transaction. Undefined when there are too many open ones. */
async function begin(
  client: Queryable,
  identity: Identity,
  request: FastifyRequest,
  of: { accountId: string; patientId: string },
  by: { who: StatementWho; basis: string; accountId: string | null },
): Promise<(Begun & { entryId: string }) | undefined> {
  const nowMs = identity.now();
  const [kept, stop] = [newToken(identity.randomBytes), newToken(identity.randomBytes)];
  const number = makeCode(identity.randomBytes);
  const recoveryId = uuidV7(nowMs, identity.randomBytes);
  const stored = await insertRecovery(
    client,
    {
      ...of,
      recoveryId,
      tokenHash: kept.tokenHash,
      stopHash: stop.tokenHash,
      number,
      begunBy: by.accountId,
      begunAtMs: nowMs,
      expiresAtMs: nowMs + recoveryLimits.openMs,
    },
    recoveryLimits.mostOpen,
  );
  if (!stored) return undefined;
  const guardians = (await listGuardians(client, of.patientId, nowMs)).filter(
    ({ level }) => level === 'manage',
  );
  const entryId = await noteRecovery(client, identity, request, of.patientId, {
    event: 'recovery-begin',
    who: by.who,
    basis: by.basis,
    detail: { at: by.accountId === null ? 'page' : 'desk' },
    notices: [
      { patientId: of.patientId, kind: 'recovery-begun' },
      ...guardians.map(({ holderPatientId }) => ({ patientId: holderPatientId, kind: 'recovery-asked' })),
    ],
  });
  return { token: kept.token, stopToken: stop.token, number, recoveryId, entryId };
}

/** `POST /api/recoveries {login}`: 202 with a token and a number, whether or not there is such an account. */
export function postRecovery(identity: Identity): RouteShorthandOptionsWithHandler {
  const { attempts, config, db } = identity;
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ login: loginSchema }),
    async handler(request, reply) {
      const login = readLogin((request.body as { login: string }).login, { bareHosts: config.demo });
      await attempts.take('recovery-address', limitedAddress(request.ip));
      await attempts.take('recovery-login', login.key);
      const [begun] = await Promise.all([
        (async () => {
          const account = await findAccountByLogin(db.pool, login.key);
          if (!account || account.disabled) return undefined;
          return inTransaction(db.pool, (client) =>
            begin(client, identity, request, account, {
              who: { role: 'anonymous' },
              basis: 'not-signed-in',
              accountId: null,
            }).then((made) => made && { ...made, patientId: account.patientId }),
          );
        })(),
        sleep(sameTimeMs),
      ]);
      if (begun) alertPerson(identity, begun.patientId, 'recovery-begun', begun.stopToken);
      const { token, number } = begun ?? {
        token: newToken(identity.randomBytes).token,
        number: makeCode(identity.randomBytes),
      };
      return reply.code(202).send({ token, number });
    },
  };
}

/** `POST /api/recoveries/desk {uhid}`: by a desk that looked at the person's papers; it vouches for them by that. */
export function postDeskRecovery(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ uhid: { type: 'string', maxLength: 40 } }),
    async handler(request, reply) {
      const actor = requireProof(request, identity.now());
      const desk = await deskOf(identity, actor.accountId);
      if (desk?.stands !== 'desk')
        throw new ApiError(403, 'not-a-desk', 'This is for those who work at a front desk or with records.');
      await identity.attempts.take('recovery-desk', actor.accountId);
      const person = await requireAccountByUhid(identity, (request.body as { uhid: string }).uhid);
      if (person.accountId === actor.accountId)
        throw new ApiError(403, 'not-for-yourself', 'Nobody vouches for themself.');
      const who = whoOfStaff(actor, desk);
      const begun = await inTransaction(identity.db.pool, async (client) => {
        const made = await begin(client, identity, request, person, {
          who,
          basis: 'desk',
          accountId: actor.accountId,
        });
        if (!made) return undefined;
        const of = { patientId: person.patientId, recoveryId: made.recoveryId };
        await insertVoucher(client, of, { accountId: actor.accountId, ...desk }, identity.now());
        return made;
      });
      if (!begun)
        throw new ApiError(409, 'recovery-open', 'There are open requests for this person. Use one of them.');
      alertPerson(identity, person.patientId, 'recovery-begun', begun.stopToken);
      return reply
        .code(201)
        .header('ledger-entry', begun.entryId)
        .send({
          number: begun.number,
          link: `${identity.config.publicUrl}/recover#${begun.token}`,
        });
    },
  };
}

/** Throws 404 for a number that is nobody's, and for somebody without an account: alike. */
export async function requireAccountByUhid(
  identity: Identity,
  text: string,
): Promise<{ accountId: string; patientId: string }> {
  const parsed = parseUhid(text);
  if (!parsed.ok)
    throw new ApiError(422, 'uhid-wrong', 'This is not a health ID: check the digits.', {
      fields: [{ field: 'uhid', code: parsed.problem }],
    });
  const person = await findPersonByUhid(identity.db.pool, parsed.uhid);
  const held = person && (await findAccountOfPatient(identity.db.pool, person.patientId));
  const account = held && (await findAccount(identity.db.pool, held.accountId));
  if (!person || !account || account.disabled)
    throw new ApiError(404, 'not-found', 'Nobody with this health ID signs in here.');
  return { accountId: account.accountId, patientId: person.patientId };
}
