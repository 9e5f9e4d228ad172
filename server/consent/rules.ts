// A person's standing yes: rules by which requests of one clinician, or of one organisation, are approved as they come.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { Terms } from '../../core/access/terms.ts';
import { withinCoverage } from '../../core/access/terms.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { requirePerson } from '../http/require-person.ts';
import type { AccessRule } from '../storage/access-rules.ts';
import { endAccessRule, findAccessRule, insertAccessRule, listAccessRules } from '../storage/access-rules.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { ConsentRoom } from './consent-room.ts';
import { bodyLimit, note, refuseKnowing, requireTerms, uuid } from './request-parts.ts';
import { requireStanding } from './standing.ts';

const mostRules = 50;
const notThere = () => new ApiError(404, 'not-found', 'There is no such rule, or you may not see it.');

/** `GET /api/access-rules`: those of the own record (`?patient=`). */
export function getRules(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const patientId = patientNamed(request, requirePerson(request));
      await requireStanding(room, request, 'share', patientId);
      return (await listAccessRules(room.db.pool, patientId)).map(shown);
    },
  };
}

/** `POST /api/access-rules {to, everybody?, scope, purpose, duration, patient?}`: `everybody` means all of the organisation of `to`. */
export function postRule(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to', 'scope', 'purpose', 'duration'],
        properties: {
          to: { type: 'string', maxLength: 64 },
          everybody: { type: 'boolean' },
          patient: { type: 'string', maxLength: 64 },
          scope: {},
          purpose: { type: 'string', maxLength: 20 },
          duration: { type: 'string', maxLength: 20 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const body = request.body as {
        to: string;
        everybody?: boolean;
        patient?: string;
        scope: JsonValue;
        purpose: string;
        duration: string;
      };
      const terms = requireTerms(body);
      refuseKnowing(terms);
      const standing = await requireStanding(
        room,
        request,
        'share',
        body.patient ?? patientNamed(request, actor),
      );
      const { patientId } = standing;
      if (standing.decision.rule !== 'self' && terms.coverage.sealed)
        throw new ApiError(422, 'scope-wrong', 'Only the person themself lets somebody see sealed entries.', {
          fields: [{ field: 'scope', code: 'sealed' }],
        });
      const holder = uuid.test(body.to) ? await findOwnAccount(room.db.pool, body.to) : undefined;
      const member =
        holder && isVerifiedClinician(await listMemberships(room.db.pool, holder.accountId), room.now());
      if (!holder || !member)
        throw new ApiError(404, 'no-clinician', 'There is no such clinician with a checked licence.');
      if ((await listAccessRules(room.db.pool, patientId)).length >= mostRules)
        throw new ApiError(409, 'too-many-rules', 'There are too many rules already. End one first.');
      const nowMs = room.now();
      const ruleId = uuidV7(nowMs, room.randomBytes);
      const everybody = body.everybody === true;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await insertAccessRule(client, {
          patientId,
          ruleId,
          holderId: everybody ? null : holder.accountId,
          organizationId: everybody ? member.organizationId : null,
          coverage: terms.coverage,
          share: terms.share,
          writing: terms.writing,
          purpose: terms.purpose,
          longestMs: terms.durationMs,
          createdAtMs: nowMs,
        });
        return note(client, room, request, {
          patientId,
          event: 'access-rule',
          who: standing.who,
          basis: standing.decision.rule,
          detail: {
            rule: ruleId,
            to: everybody ? (member.organizationName ?? member.organizationId) : displayName(holder.name),
          },
          notices: [],
        });
      });
      return reply.code(201).header('ledger-entry', entryId).send({ id: ruleId });
    },
  };
}

/** `DELETE /api/access-rules/:id`: what was approved by it stays until it ends or is revoked. */
export function deleteRule(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { id } = request.params as { id: string };
      const found = uuid.test(id) ? await findAccessRule(room.db.pool, id) : undefined;
      if (!found) throw notThere();
      const standing = await requireStanding(room, request, 'share', found.patientId).catch(
        (error: unknown) => {
          throw error instanceof ApiError && error.status === 404 ? notThere() : error;
        },
      );
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await endAccessRule(client, found, room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'access-rule-end',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { rule: found.ruleId },
          notices: [],
        });
      });
      if (entryId !== undefined) reply.header('ledger-entry', entryId);
      return reply.code(204).send();
    },
  };
}

/** The rule that says yes to all of what is asked for; one that says yes to less says nothing. Read inside the caller's transaction. */
export async function findYes(
  client: Queryable,
  asked: Terms & { patientId: string; everybody: boolean },
  asker: { accountId: string; organizationId: string },
): Promise<AccessRule | undefined> {
  const rules = await listAccessRules(client, asked.patientId, asker);
  return rules.find(
    (rule) =>
      // A yes to one clinician lets in one, whoever else they ask for.
      (!asked.everybody || rule.organizationId !== null) &&
      rule.purpose === asked.purpose &&
      asked.durationMs <= rule.longestMs &&
      (rule.share || !asked.share) &&
      (rule.writing || !asked.writing) &&
      withinCoverage(rule.coverage, asked.coverage),
  );
}

function shown(rule: AccessRule) {
  const { coverage } = rule;
  return {
    id: rule.ruleId,
    ...(rule.holderId === null ? {} : { holder: { id: rule.holderId, name: displayName(rule.holderName) } }),
    ...(rule.organizationId === null ? {} : { organization: rule.organization ?? rule.organizationId }),
    scope: {
      ...(coverage.categories ? { categories: coverage.categories } : {}),
      ...(coverage.entries ? { entries: coverage.entries } : {}),
      sealed: coverage.sealed,
      share: rule.share,
      write: rule.writing,
    },
    purpose: rule.purpose,
    longestMs: rule.longestMs,
    createdAt: rule.createdAt,
  };
}
