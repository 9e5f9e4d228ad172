// Somebody vouches for a person who lost every way in: they know the person, and the person reads them the number of the request. With
// enough of them the waiting time begins.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { isVouched } from '../../core/sign-in/recovery.ts';
import { readSixDigits } from '../../core/sign-in/totp.ts';
import { ApiError } from '../errors.ts';
import { requireProof } from '../http/require-person.ts';
import { insertVoucher, listOpenRecoveries, lockOpenRecovery, markVouched } from '../storage/recoveries.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { Identity } from './identity.ts';
import { requireAccountByUhid } from './recovery-begin.ts';
import { alertPerson, noteRecovery, recoveryLimits } from './recovery-parts.ts';
import { standingFor, whoOfStaff } from './recovery-standing.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';

const hourMs = 60 * 60_000;

/** A number that is wrong, a person without a request and one for whom one cannot vouch are one answer. */
const notFound = () =>
  new ApiError(
    404,
    'recovery-not-found',
    'There is no open request with this number that you can vouch for.',
    {
      fields: [{ field: 'number', code: 'wrong' }],
    },
  );

/** `POST /api/recoveries/vouch {uhid, number}` */
export function vouch(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({
      uhid: { type: 'string', maxLength: 40 },
      number: { type: 'string', maxLength: 20 },
    }),
    async handler(request, reply) {
      const actor = requireProof(request, identity.now());
      const { uhid, number: text } = request.body as { uhid: string; number: string };
      const number = readSixDigits(text);
      if (number === undefined) throw notFound();
      await identity.attempts.take('recovery-vouch', actor.accountId);
      const person = await requireAccountByUhid(identity, uhid);
      const standing = await standingFor(identity, actor, person.patientId);
      const open = await listOpenRecoveries(identity.db.pool, [person.patientId], identity.now());
      const recovery = open.find((one) => one.number === number);
      if (!recovery || !standing || person.accountId === actor.accountId) throw notFound();
      const done = await inTransaction(identity.db.pool, async (client) => {
        const nowMs = identity.now();
        const locked = await lockOpenRecovery(client, recovery, nowMs);
        if (!locked) throw notFound();
        if (!(await insertVoucher(client, locked, { accountId: actor.accountId, ...standing }, nowMs)))
          throw new ApiError(409, 'vouched-before', 'You have vouched for this already.');
        const vouchers = [...locked.vouchers, { accountId: actor.accountId, ...standing }];
        const who = whoOfStaff(actor, standing);
        const entryId = await noteRecovery(client, identity, request, person.patientId, {
          event: 'recovery-vouch',
          who,
          basis: standing.stands,
          detail: { as: standing.stands },
          notices: [],
        });
        if (locked.vouchedAt !== null || !isVouched(vouchers)) return { entryId, readyAtMs: undefined };
        const readyAtMs = nowMs + identity.config.recoveryDelayHours * hourMs;
        await markVouched(client, locked, {
          vouchedAtMs: nowMs,
          readyAtMs,
          expiresAtMs: readyAtMs + recoveryLimits.readyMs,
        });
        const ready = new Date(readyAtMs).toISOString();
        await noteRecovery(client, identity, request, person.patientId, {
          event: 'recovery-ready',
          who: { role: 'system' },
          basis: 'vouched',
          detail: { from: ready },
          notices: [{ patientId: person.patientId, kind: 'recovery-vouched', detail: { from: ready } }],
        });
        return { entryId, readyAtMs };
      });
      if (done.readyAtMs !== undefined) alertPerson(identity, person.patientId, 'recovery-vouched');
      return reply
        .code(201)
        .header('ledger-entry', done.entryId)
        .send({ enough: done.readyAtMs !== undefined || recovery.vouchedAt !== null });
    },
  };
}
