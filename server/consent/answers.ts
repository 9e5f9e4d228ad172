// Answers to a request: the one-time code, a yes in the app, a no, a withdrawal, a shut door. Of several at once the first counts.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { Terms } from '../../core/access/terms.ts';
import { narrowCoverage } from '../../core/access/terms.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import type { AccessRequest } from '../storage/access-requests.ts';
import { answerRequest, refuseAllOf, setBlock, takeTry } from '../storage/access-requests.ts';
import { inTransaction } from '../storage/transaction.ts';
import { codeMatches, readCode } from '../http/one-time-code.ts';
import type { ConsentRoom } from './consent-room.ts';
import { giveAsAsked } from './give-as-asked.ts';
import { grantOf, holdersOf, sendGranted } from './granted.ts';
import { letIn } from './let-in.ts';
import {
  bodyLimit,
  isOver,
  note,
  notThere,
  refuseKnowing,
  requireOwnRequest,
  requireRequest,
  requireTerms,
} from './request-parts.ts';
import { requireClinician, requireStanding, whoOfClinician } from './standing.ts';

/** `POST /:id/confirm {code}`, by the clinician who asked: the code that the person told them lets them in. */
export function confirmRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['code'],
        properties: { code: { type: 'string', maxLength: 40 } },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const found = await requireOwnRequest(room, request, actor.accountId);
      const code = readCode((request.body as { code: string }).code);
      if (code === undefined)
        throw new ApiError(422, 'code-malformed', 'The code has six digits. No try was taken.', {
          fields: [{ field: 'code', code: 'malformed' }],
        });
      const taken = await takeTry(room.db.pool, found, room.now());
      if (!taken) throw codeWrong(0);
      if (!(await codeMatches(taken.hash, found.requestId, code))) {
        if (taken.triesLeft === 0) await lock(room, request, found, whoOfClinician(actor, member));
        throw codeWrong(taken.triesLeft);
      }
      const granted = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerRequest(client, found, 'approved', room.now(), taken.hash))) return undefined;
        return giveAsAsked(client, room, found, {
          practitionerId: member.practitionerId,
          // The person gave the code away: it is their act, told by the clinician.
          by: { role: 'patient', reference: `Patient/${found.patientId}` },
          basis: 'one-time-code',
          how: 'code',
          agent: agentFamily(request.headers['user-agent']),
        });
      });
      if (!granted) throw codeWrong(0);
      return sendGranted(reply, granted);
    },
  };
}

/** `POST /:id/approve`, by the person or a guardian who may answer: with `scope` and `duration` narrower than was asked for. */
export function approveRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          scope: {},
          duration: { type: 'string', maxLength: 20 },
          everybody: { type: 'boolean', description: 'false: only whoever asked, not their organisation.' },
        },
      },
    },
    async handler(request, reply) {
      const { found, standing } = await requireAnswerable(room, request);
      const body = (request.body ?? {}) as { scope?: JsonValue; duration?: string; everybody?: boolean };
      const { extendsId } = found;
      if (extendsId !== null && Object.keys(body).length > 0)
        throw new ApiError(422, 'scope-wrong', 'A pen is prolonged as it was lent, or not at all.', {
          fields: [{ field: 'scope', code: 'extends' }],
        });
      const asked = grantOf(found);
      const answered = { ...asked, ...narrowed(asked, body) };
      answered.everybody &&= body.everybody !== false;
      if (standing.decision.rule !== 'self') refuseKnowing(answered);
      const granted = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerRequest(client, found, 'approved', room.now()))) return undefined;
        const yes = { by: standing.who, basis: standing.decision.rule, how: 'in-app' as const };
        const agent = agentFamily(request.headers['user-agent']);
        if (extendsId !== null) return giveAsAsked(client, room, found, { ...yes, agent });
        return letIn(client, room, {
          ...yes,
          agent,
          ...answered,
          ...holdersOf(found, answered),
          event: 'access-approve',
        });
      });
      if (!granted) throw isOver();
      return sendGranted(reply, granted);
    },
  };
}

/** `POST /:id/decline` by the person or a guardian; `POST /:id/withdraw` by whoever asked. Two states, never mixed up. */
export function declineRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireAnswerable(room, request);
      const entryId = await close(room, request, found, 'refused', standing.who, standing.decision.rule);
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

export function withdrawRequest(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const actor = requirePerson(request);
      const found = await requireOwnRequest(room, request, actor.accountId);
      const who: StatementWho = { role: 'professional', account: actor.accountId, name: actor.name };
      const entryId = await close(room, request, found, 'withdrawn', who, 'requester');
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /:id/block`: refuses this request, and every later one of the same clinician, until it is lifted. */
export function blockRequester(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireAnswerable(room, request, { alsoAnswered: true });
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await refuseAllOf(client, found.patientId, found.requesterId, room.now());
        await setBlock(client, found.patientId, found.requesterId, true, room.now());
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'access-block',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { account: found.requesterId, request: found.requestId },
          notices: [],
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `DELETE /:id/block`: requests of this clinician come through again. */
export function unblockRequester(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { found, standing } = await requireAnswerable(room, request, { alsoAnswered: true });
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await setBlock(client, found.patientId, found.requesterId, false, room.now())))
          return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'access-unblock',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { account: found.requesterId },
          notices: [],
        });
      });
      if (entryId !== undefined) reply.header('ledger-entry', entryId);
      return reply.code(204).send();
    },
  };
}

/** What was asked for, narrowed by the answer. */
function narrowed(
  asked: Pick<Terms, 'coverage' | 'share' | 'writing' | 'durationMs'> & { purpose: string },
  body: { scope?: JsonValue; duration?: string },
) {
  if (body.scope === undefined && body.duration === undefined) return {};
  const answer = requireTerms({
    scope: body.scope ?? { sealed: asked.coverage.sealed, share: asked.share, write: asked.writing },
    purpose: 'TREAT',
    duration: body.duration ?? `PT${Math.ceil(asked.durationMs / 60_000)}M`,
  });
  const coverage = narrowCoverage(asked.coverage, answer.coverage);
  if (coverage === undefined)
    throw new ApiError(422, 'scope-wrong', 'This leaves nothing of what was asked for. Refuse it instead.', {
      fields: [{ field: 'scope', code: 'nothing-left' }],
    });
  return {
    coverage,
    share: asked.share && answer.share,
    writing:
      asked.writing && (body.scope === undefined || body.scope === 'whole' ? asked.writing : answer.writing),
    durationMs: Math.min(asked.durationMs, answer.durationMs),
  };
}

async function requireAnswerable(room: ConsentRoom, request: FastifyRequest, { alsoAnswered = false } = {}) {
  const found = await requireRequest(room, request);
  const standing = await requireStanding(room, request, 'answer', found.patientId).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? notThere() : error;
  });
  if (!alsoAnswered && found.state !== 'requested') throw isOver();
  return { found, standing };
}

function codeWrong(triesLeft: number): ApiError {
  // The right code after the last try, an old one and a wrong one are one answer.
  return triesLeft === 0
    ? new ApiError(403, 'code-dead', 'This code opens nothing. Ask the person again.')
    : new ApiError(403, 'code-wrong', 'That code does not match.', {
        fields: [{ field: 'code', code: `tries-left-${triesLeft}` }],
      });
}

/** The last try was wrong: the request is dead, and the person is told that somebody guessed. */
async function lock(
  room: ConsentRoom,
  request: FastifyRequest,
  found: AccessRequest,
  who: StatementWho,
): Promise<void> {
  await inTransaction(room.db.pool, async (client) => {
    if (!(await answerRequest(client, found, 'locked', room.now()))) return;
    await note(client, room, request, {
      patientId: found.patientId,
      event: 'access-lock',
      who,
      basis: 'one-time-code',
      outcome: 'refused',
      detail: { request: found.requestId },
      notices: [{ patientId: found.patientId, kind: 'access-guessed', detail: {} }],
    });
  });
}

async function close(
  room: ConsentRoom,
  request: FastifyRequest,
  found: AccessRequest,
  state: 'refused' | 'withdrawn',
  who: StatementWho,
  basis: string,
): Promise<string> {
  const entryId = await inTransaction(room.db.pool, async (client) => {
    if (!(await answerRequest(client, found, state, room.now()))) return undefined;
    return note(client, room, request, {
      patientId: found.patientId,
      event: state === 'refused' ? 'access-refuse' : 'access-withdraw',
      who,
      basis,
      detail: { request: found.requestId, account: found.requesterId },
      notices: [
        state === 'refused'
          ? { patientId: found.requesterPatientId, kind: 'access-refused', detail: {} }
          : { patientId: found.patientId, kind: 'access-withdrawn', detail: {} },
      ],
    });
  });
  if (entryId === undefined) throw isOver();
  return entryId;
}
