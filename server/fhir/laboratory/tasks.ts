// Results as tasks of clinicians: which wait for them, one opened, acknowledged, handed over. Whose turn it is follows from stored times
// and the clock; who has no turn finds nothing.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import type { EscalationStep } from '../../../core/clinical/result-clock.ts';
import { resultDueAt, stepAt } from '../../../core/clinical/result-clock.ts';
import { decide } from '../../../core/access/decide.ts';
import { canonicalJson, isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../../core/fhir/types.ts';
import { displayName } from '../../../core/record/human-name.ts';
import { ApiError } from '../../errors.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { PersonActor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import type { LabResult } from '../../storage/lab-results.ts';
import { findLabResult, listOpenResults, saveAcknowledgement, saveOwner } from '../../storage/lab-results.ts';
import { isVerifiedClinician, listMemberships } from '../../storage/members.ts';
import { findResources } from '../../storage/resource-store.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { requireContext } from '../asker.ts';
import { recordLook } from '../looks.ts';
import { heldResources } from './held.ts';
import { codeWords, whoAtLaboratory } from './laboratory-room.ts';
import { noteStep } from './note.ts';
import { releaseReport } from './release.ts';

const mostListed = 100;
const bodyLimit = 16 * 1024;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const notThere = () =>
  new ApiError(404, 'not-found', 'There is no such result, or it is not yours to look at.');
const isOver = () =>
  new ApiError(
    409,
    'result-over',
    'Somebody acknowledged this already, or a correction has taken its place.',
  );

/** What of somebody's work counts here, at this moment. */
interface Duty {
  readonly actor: PersonActor;
  readonly isClinician: boolean;
  /** Organisations whose late results reach them: as a doctor with a licence, and as an administrator. */
  readonly treats: readonly string[];
  readonly administers: readonly string[];
}

async function readDuty(deps: Deps, request: FastifyRequest): Promise<Duty> {
  const actor = requirePerson(request);
  const members = await listMemberships(deps.db.pool, actor.accountId);
  const at = (role: string) =>
    members.filter((one) => one.role === role).map(({ organizationId }) => organizationId);
  const isClinician = isVerifiedClinician(members, deps.now()) !== undefined;
  return { actor, isClinician, treats: isClinician ? at('doctor') : [], administers: at('administrator') };
}

type Turn = 'owner' | 'orderer' | 'organization' | 'administrator';

function turnOf(result: LabResult, duty: Duty, step: EscalationStep): Turn | undefined {
  const { accountId } = duty.actor;
  if (duty.isClinician && result.ownerId === accountId) return 'owner';
  if (duty.isClinician && result.ordererId === accountId) return 'orderer';
  if (step !== 'organization' || result.clinicId === null) return undefined;
  if (duty.treats.includes(result.clinicId)) return 'organization';
  return duty.administers.includes(result.clinicId) ? 'administrator' : undefined;
}

const stepOf = (result: LabResult, nowMs: number) =>
  stepAt(result.critical, result.signedAt.getTime(), nowMs);

function shown(result: LabResult, turn: Turn, nowMs: number) {
  const { critical, signedAt, edition, releasedAt } = result;
  const dueMs = resultDueAt(critical, signedAt.getTime());
  return {
    id: result.resultId,
    critical,
    signedAt,
    dueAt: new Date(dueMs),
    overdue: nowMs >= dueMs,
    step: stepOf(result, nowMs),
    turn,
    corrects: edition > 1,
    kept: releasedAt === null,
  };
}

/** `GET /api/results/tasks`: critical ones first, at most 100. Administrators hear that one is late, not what or whose. */
export const listTasks = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const duty = await readDuty(deps, request);
  const nowMs = deps.now();
  const places = [...new Set([...duty.treats, ...duty.administers])];
  const found = await listOpenResults(deps.db.pool, duty.actor.accountId, places, mostListed);
  return reply.header('cache-control', 'no-store').send(
    found.flatMap((one) => {
      const turn = turnOf(one, duty, stepOf(one, nowMs));
      if (turn === undefined) return [];
      const named =
        turn === 'administrator'
          ? {}
          : {
              patient: { id: one.patientId, name: displayName(one.patientName) },
              test: one.order === null ? '' : codeWords(parseJson(one.order) as Resource),
            };
      return [{ ...shown(one, turn, nowMs), laboratory: one.laboratory ?? '', ...named }];
    }),
  );
};

async function requireTurn(
  deps: Deps,
  request: FastifyRequest,
  db = deps.db.pool,
): Promise<{ result: LabResult; turn: Turn; duty: Duty }> {
  const { id } = request.params as { id: string };
  const duty = await readDuty(deps, request);
  const result = uuid.test(id) ? await findLabResult(db, id) : undefined;
  const turn = result && turnOf(result, duty, stepOf(result, deps.now()));
  if (result === undefined || turn === undefined) throw notThere();
  return { result, turn, duty };
}

/** `GET /api/results/tasks/:id`: the resources of this one result, in the record or kept back; one look. */
export const getTask = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { result, turn, duty } = await requireTurn(deps, request);
  const { patientId, reportId } = result;
  const report = { patientId, resourceType: 'DiagnosticReport', resourceId: reportId };
  const results = turn === 'administrator' ? [] : [`DiagnosticReport/${reportId}`];
  const { allowed, rule } = decide(
    { kind: 'person', patientId: duty.actor.patientId, results },
    'see-result',
    report,
  );
  if (!allowed) throw notThere();
  const resources = await resourcesOf(deps, result);
  await recordLook(
    deps,
    { ...requireContext(request), who: whoAtLaboratory(duty.actor), purpose: 'TREAT' },
    patientId,
    { event: 'read', basis: rule, on: { type: 'DiagnosticReport', id: reportId } },
  );
  return reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(
      canonicalJson({
        ...(JSON.parse(JSON.stringify(shown(result, turn, deps.now()))) as object),
        patient: patientId,
        acknowledgedAt: result.acknowledgedAt?.toISOString() ?? null,
        superseded: result.superseded,
        resources,
      }),
    );
};

/** The report last. What stands in the record is shown as it stands there. */
async function resourcesOf(deps: Deps, { held, reportId }: LabResult): Promise<JsonValue[]> {
  if (held !== null) return heldResources(held);
  const [stored] = await findResources(deps.db.pool, [
    { resourceType: 'DiagnosticReport', resourceId: reportId },
  ]);
  if (stored === undefined || stored.deleted) return [];
  const report = parseJson(stored.content) as Resource;
  const named = (Array.isArray(report['result']) ? report['result'] : []).flatMap((one) => {
    const text = isJsonObject(one) && typeof one['reference'] === 'string' ? one['reference'] : '';
    return text.startsWith('Observation/') ? [text.slice('Observation/'.length)] : [];
  });
  const values = await findResources(
    deps.db.pool,
    named.slice(0, 200).map((resourceId) => ({ resourceType: 'Observation', resourceId })),
  );
  return [...values.flatMap((one) => (one && !one.deleted ? [parseJson(one.content)] : [])), report];
}

/** `POST /api/results/tasks/:id/acknowledge {words?}`: by whom and when; it ends the task, and may bring the result to its person. */
export function acknowledgeTask(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        properties: { words: { type: 'string', maxLength: 1000 } },
      },
    },
    async handler(request, reply) {
      const { result, turn, duty } = await requireTurn(deps, request);
      if (turn === 'administrator') throw notThere();
      const { words } = request.body as { words?: string };
      const said = words?.normalize('NFC').trim() ?? '';
      const { patientId, reportId, resultId, edition } = result;
      const entryId = await inTransaction(deps.db.pool, async (client) => {
        const saved = await saveAcknowledgement(client, resultId, {
          accountId: duty.actor.accountId,
          words: said === '' ? null : said,
          nowMs: deps.now(),
        });
        if (!saved) throw isOver();
        return noteStep(client, deps, {
          patientId,
          event: 'result-acknowledge',
          who: whoAtLaboratory(duty.actor),
          basis: 'own-order',
          agent: agentFamily(request.headers['user-agent']),
          on: { type: 'DiagnosticReport', id: reportId },
          detail: { edition, as: turn, ...(said === '' ? {} : { words: said }) },
        });
      });
      await releaseReport(deps, patientId, reportId);
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/results/tasks/:id/hand-over {to}`: to a clinician of the organisation; by whose turn it is, or its administrator when it is late. */
export function handOverTask(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['to'],
        properties: { to: { type: 'string', maxLength: 64 } },
      },
    },
    async handler(request, reply) {
      const { result, duty } = await requireTurn(deps, request);
      const { to } = request.body as { to: string };
      const members = uuid.test(to) ? await listMemberships(deps.db.pool, to) : [];
      const there = members.filter(({ organizationId }) => organizationId === result.clinicId);
      if (isVerifiedClinician(there, deps.now()) === undefined)
        throw new ApiError(422, 'not-a-colleague', 'It goes to a clinician of the same organisation.', {
          fields: [{ field: 'to', code: 'unknown' }],
        });
      const entryId = await inTransaction(deps.db.pool, async (client) => {
        if (!(await saveOwner(client, result.resultId, to))) throw isOver();
        return noteStep(
          client,
          deps,
          {
            patientId: result.patientId,
            event: 'result-hand-over',
            who: whoAtLaboratory(duty.actor),
            basis: 'own-order',
            agent: agentFamily(request.headers['user-agent']),
            on: { type: 'DiagnosticReport', id: result.reportId },
          },
          [
            {
              to: { account: to },
              kind: result.critical ? 'result-critical' : 'result-ready',
              detail: { result: result.resultId },
            },
          ],
        );
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}
