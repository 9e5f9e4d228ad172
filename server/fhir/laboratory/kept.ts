// What is kept back: its person hears that it is, by their own choice and until when; clinicians who were let in see it by a decision of
// its own. And the choice itself.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { categoryOf, isSealed } from '../../../core/access/categories.ts';
import type { ReleaseChoice } from '../../../core/clinical/result-clock.ts';
import { longestHeldDays, releaseRules } from '../../../core/clinical/result-clock.ts';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import { patientNamed, requireActing } from '../../http/acting-for.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import { heldNow } from '../../storage/authorities.ts';
import { findReleaseChoice, listHeld, saveReleaseChoice } from '../../storage/lab-results.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { requireContext } from '../asker.ts';
import { actingBy, decideOn, withAuthorities } from '../authorise.ts';
import { recordLook } from '../looks.ts';
import { heldResources } from './held.ts';
import { codeWords } from './laboratory-room.ts';
import { noteStep } from './note.ts';
import { isDue, releaseReport } from './release.ts';

const notThere = () => new ApiError(404, 'not-found', 'There is no such record, or you may not see it.');

/** `GET /api/results/waiting?patient=`: which results are there and kept back, and until when at the latest; not what they say. */
export const listWaiting = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  const { decision, who } = await requireActing(actor, 'read', patientId, heldNow(deps), 'DiagnosticReport');
  // A clinician who was let in has `listHeldResults`: this answers those who wait.
  if (decision.rule !== 'self' && decision.rule !== 'guardian') throw notThere();
  const before = await listHeld(deps.db.pool, patientId);
  // The clock says so: nobody waits for a job that did not run.
  const due = new Set(before.filter((one) => isDue(one, deps.now())).map(({ reportId }) => reportId));
  for (const reportId of due) await releaseReport(deps, patientId, reportId);
  const held = due.size > 0 ? await listHeld(deps.db.pool, patientId) : before;
  const own = patientId === actor.patientId;
  const listed = held.flatMap((one) => {
    const order = one.order === null ? undefined : (parseJson(one.order) as Resource);
    // To a guardian what is sealed is not there.
    if (!own && (order === undefined || isSealed(order))) return [];
    return [
      {
        test: order === undefined ? '' : codeWords(order),
        laboratory: one.laboratory ?? '',
        signedAt: one.signedAt,
        until: one.releaseAt,
        rule: one.releaseRule,
      },
    ];
  });
  await recordLook(deps, { ...requireContext(request), who }, patientId, {
    event: 'search',
    basis: decision.rule,
    query: 'results that are kept back',
  });
  return reply.header('cache-control', 'no-store').send(listed);
};

/** `GET /api/results/held?patient=`: for those who were let into results, and in an emergency; the person and guardians wait by their own choice. */
export const listHeldResults = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  const context = await withAuthorities(deps, requireContext(request), [patientId]);
  const held = await listHeld(deps.db.pool, patientId);
  const seen = held.flatMap((one) => {
    const resources = heldResources(one.held ?? '[]');
    const report = resources.at(-1);
    if (report === undefined) return [];
    const decision = decideOn(context, 'see-result', {
      patientId,
      resourceType: 'DiagnosticReport',
      resourceId: report.id,
      content: report,
    });
    return decision.allowed ? [{ one, resources, decision }] : [];
  });
  const [first] = seen;
  // Who may see none hears the same as where there is none.
  if (first === undefined) {
    const probe = decideOn(context, 'see-result', {
      patientId,
      resourceType: 'DiagnosticReport',
      resourceId: 'none',
      content: { resourceType: 'DiagnosticReport' },
    });
    if (patientId === actor.patientId || !probe.allowed) throw notThere();
    await recordLook(deps, actingBy(context, probe), patientId, {
      event: 'search',
      basis: probe.rule,
      query: 'results that are kept back',
    });
    return reply.header('cache-control', 'no-store').send([]);
  }
  await recordLook(deps, actingBy(context, first.decision), patientId, {
    event: 'search',
    basis: first.decision.rule,
    query: `results that are kept back: ${seen.length} of ${categoryOf({ resourceType: 'DiagnosticReport' })}`,
  });
  return reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(
      canonicalJson(
        seen.map(({ one, resources }) => ({
          signedAt: one.signedAt.toISOString(),
          until: one.releaseAt.toISOString(),
          resources,
        })),
      ),
    );
};

/** `GET /api/results/release?patient=`: the choice. */
export const getRelease = (deps: Deps) => async (request: FastifyRequest) => {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  await requireActing(actor, 'share', patientId, heldNow(deps));
  return findReleaseChoice(deps.db.pool, patientId);
};

/** `PUT /api/results/release {rule, days?}`: for results that are signed from now on. */
export function putRelease(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 4096,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['rule'],
        properties: {
          rule: { type: 'string', enum: [...releaseRules] },
          days: { type: 'integer', minimum: 1, maximum: longestHeldDays },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const patientId = patientNamed(request, actor);
      const { who, decision } = await requireActing(actor, 'share', patientId, heldNow(deps));
      const { rule, days } = request.body as ReleaseChoice;
      if ((rule === 'after-days') !== (days !== undefined))
        throw new ApiError(422, 'days-wrong', 'Say after how many days, or leave them out.', {
          fields: [{ field: 'days', code: 'out-of-range' }],
        });
      const entryId = await inTransaction(deps.db.pool, async (client) => {
        await saveReleaseChoice(
          client,
          patientId,
          { rule, ...(days === undefined ? {} : { days }) },
          deps.now(),
        );
        return noteStep(client, deps, {
          patientId,
          event: 'result-rule',
          who,
          basis: decision.rule,
          agent: agentFamily(request.headers['user-agent']),
          detail: { rule, ...(days === undefined ? {} : { days }) },
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}
