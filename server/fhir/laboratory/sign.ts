// Signing: what was entered becomes a result, with its task, in one transaction. It is in the record at once, or kept back by its
// person's own choice: then it is nowhere but in the row of its task.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { releaseAt } from '../../../core/clinical/result-clock.ts';
import { canonicalJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { Deps } from '../../http/deps.ts';
import { findLabOrder, findOrderer, saveSigned } from '../../storage/lab-orders.ts';
import { findReleaseChoice, insertLabResult, listHeldEditions } from '../../storage/lab-results.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { applyWrites } from '../apply-writes.ts';
import type { WriteOperation } from '../write-requests.ts';
import { draftOf, preview } from './draft.ts';
import { asWrites } from './held.ts';
import {
  isCancelled,
  labContext,
  orderCancelled,
  orderOver,
  requireNotCancelled,
  requireOrder,
  whoAtLaboratory,
} from './laboratory-room.ts';
import type { Told } from './note.ts';
import { entryOf, tell } from './note.ts';
import { releaseReport } from './release.ts';

/** `POST /api/laboratory/orders/:id/sign`: 201 `{ result, report, critical, kept }`. A later signing corrects the one before. */
export const signResults = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const at = await requireOrder(deps, request);
  const { actor, place, standing, order, work } = at;
  const draft = draftOf(work);
  if (work === undefined || draft === undefined) throw orderOver();
  if (isCancelled(order)) throw orderCancelled();
  const nowMs = deps.now();
  const { patientId } = standing;
  const report = await preview(deps, at, draft, nowMs);
  const edition = work.edition + 1;
  const orderer = await findOrderer(deps.db.pool, patientId, order.id);
  const choice = await findReleaseChoice(deps.db.pool, patientId);
  const earlier = await listHeldEditions(deps.db.pool, patientId, report.reportId);
  const facts = { critical: report.critical, hasClinician: orderer !== undefined, signedAtMs: nowMs };
  // What corrects a result that its person saw goes to them at once; what corrects one that is kept does not keep it longer.
  const chosenMs = releaseAt(choice, facts);
  const latestMs = Math.min(chosenMs, ...earlier.map((one) => one.releaseAt.getTime()));
  const kept = latestMs > nowMs && (edition === 1 || earlier.length > 0);
  const text = canonicalJson([...report.resources]);
  const resultId = uuidV7(nowMs, deps.randomBytes);
  const who = whoAtLaboratory(actor);
  const writes = report.resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
  const context = labContext(actor, request, patientId, order.id, [...writes, `ServiceRequest/${order.id}`]);
  let entry: SealedEntry | undefined;
  const operations = [
    ...(kept || earlier.length > 0
      ? []
      : asWrites(report.resources, edition === 1 ? undefined : work.resourceIds)),
    ...(order['status'] === 'active' ? [completed(order)] : []),
  ];
  const settle = async (client: Queryable): Promise<SealedEntry> => {
    const now = await findLabOrder(client, patientId, order.id, true);
    if (
      now?.organizationId !== place.organizationId ||
      now.edition !== work.edition ||
      now.draft !== work.draft
    )
      throw orderOver();
    await requireNotCancelled(client, patientId, order.id);
    const sealed = entryOf(
      deps,
      {
        patientId,
        event: 'result-sign',
        who,
        basis: 'laboratory-order',
        agent: agentFamily(request.headers['user-agent']),
        on: { type: 'DiagnosticReport', id: report.reportId },
        detail: {
          laboratory: place.organizationName ?? place.organizationId,
          edition,
          sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
          kept: kept || earlier.length > 0,
        },
      },
      nowMs,
    );
    await saveSigned(client, now, edition, report.ids);
    await insertLabResult(client, {
      patientId,
      reportId: report.reportId,
      edition,
      resultId,
      orderId: order.id,
      organizationId: place.organizationId,
      ordererId: orderer?.accountId ?? null,
      ownerId: orderer?.accountId ?? null,
      clinicId: orderer?.clinicId ?? null,
      critical: report.critical,
      signedAtMs: nowMs,
      signedWho: who,
      releaseRule: choice.rule,
      releaseDays: choice.days ?? null,
      releaseAtMs: latestMs,
      held: kept || earlier.length > 0 ? text : null,
    });
    return sealed;
  };
  await applyWrites(deps, context, operations, {
    alongside: async (client) => {
      entry = await settle(client);
    },
    afterwards: async (client) => {
      if (entry === undefined) return [];
      const told = toldOf(patientId, orderer?.accountId, resultId, report.critical, kept);
      await tell(client, deps, entry.entryId, told, nowMs);
      return [entry];
    },
  });
  if (entry === undefined) throw orderOver();
  if (!kept && earlier.length > 0) await releaseReport(deps, patientId, report.reportId);
  return reply
    .code(201)
    .header('ledger-entry', entry.entryId)
    .send({
      result: resultId,
      report: `DiagnosticReport/${report.reportId}`,
      critical: report.critical,
      kept,
    });
};

function toldOf(
  patientId: string,
  orderer: string | undefined,
  resultId: string,
  critical: boolean,
  kept: boolean,
): Told[] {
  const result = { result: resultId };
  return [
    ...(kept ? [{ to: { patientId }, kind: 'result-kept' }] : []),
    ...(orderer === undefined
      ? []
      : [
          {
            to: { account: orderer },
            kind: critical ? 'result-critical' : 'result-ready',
            detail: result,
          },
        ]),
  ];
}

function completed(order: Resource & { id: string }): WriteOperation {
  return {
    method: 'update',
    type: 'ServiceRequest',
    id: order.id,
    resource: { ...order, status: 'completed' },
  };
}
