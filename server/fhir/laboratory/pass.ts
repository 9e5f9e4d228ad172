// Every half minute: what waits too long is told to the next, and what was kept back until now goes into the record. Nothing depends on
// it having run: whose turn it is, and what is due, the pages compute from the stored times.
import type { EscalationStep } from '../../../core/clinical/result-clock.ts';
import { escalationSteps, stepAt, stepBegins } from '../../../core/clinical/result-clock.ts';
import type { Deps } from '../../http/deps.ts';
import { startPass } from '../../http/passes.ts';
import { dropDepartures } from '../../storage/lab-departures.ts';
import type { LabResult, StepBounds } from '../../storage/lab-results.ts';
import { listDueReports, listDuty, lockWaitingResults, saveTold } from '../../storage/lab-results.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { inTransaction } from '../../storage/transaction.ts';
import type { Told } from './note.ts';
import { noteStep } from './note.ts';
import { overShownMs } from './orders.ts';
import { releaseReport } from './release.ts';

const everyMs = 30_000;
const atOnce = 100;

/** Gives back how many were told on, and how many reports went into the record. */
export async function passResults(deps: Deps): Promise<{ told: number; released: number }> {
  let told = 0;
  for (;;) {
    const some = await inTransaction(deps.db.pool, (client) => tellOn(deps, client));
    told += some;
    if (some < atOnce) break;
  }
  let released = 0;
  for (const { patientId, reportId } of await listDueReports(deps.db.pool, deps.now(), atOnce)) {
    try {
      released += await releaseReport(deps, patientId, reportId);
    } catch (error) {
      // One that cannot be released does not keep the others.
      const { name, code } = error as { name?: string; code?: string };
      deps.log.error({ name, code }, 'a result that is due could not be released; trying again');
    }
  }
  await dropDepartures(deps.db.pool, deps.now() - overShownMs, atOnce);
  return { told, released };
}

function boundsAt(nowMs: number): StepBounds {
  const at = (step: EscalationStep) => ({
    critical: nowMs - stepBegins(true, 0, step),
    usual: nowMs - stepBegins(false, 0, step),
  });
  return { orderer: at('orderer'), organization: at('organization') };
}

async function tellOn(deps: Deps, client: Queryable): Promise<number> {
  const nowMs = deps.now();
  const waiting = await lockWaitingResults(client, boundsAt(nowMs), atOnce);
  for (const result of waiting) {
    const step = stepAt(result.critical, result.signedAt.getTime(), nowMs);
    const steps = escalationSteps.slice(
      escalationSteps.indexOf(result.told) + 1,
      escalationSteps.indexOf(step) + 1,
    );
    const told = (await Promise.all(steps.map((one) => toTell(client, result, one)))).flat();
    await saveTold(client, result.resultId, step);
    await noteStep(
      client,
      deps,
      {
        patientId: result.patientId,
        event: 'result-escalate',
        who: { role: 'system' },
        basis: 'laboratory-order',
        on: { type: 'DiagnosticReport', id: result.reportId },
        detail: { to: step, edition: result.edition },
      },
      told,
    );
  }
  return waiting.length;
}

async function toTell(client: Queryable, result: LabResult, step: EscalationStep): Promise<Told[]> {
  const { critical, resultId, ownerId, ordererId, clinicId } = result;
  const kind = critical ? 'result-critical-late' : 'result-late';
  const to = (account: string): Told => ({ to: { account }, kind, detail: { result: resultId } });
  if (step !== 'organization')
    return [...new Set([ownerId, ordererId])].flatMap((account) => (account === null ? [] : [to(account)]));
  if (clinicId === null) return [];
  const duty = await listDuty(client, clinicId);
  return duty
    .filter(({ accountId }) => accountId !== ownerId && accountId !== ordererId)
    .map(({ accountId }) => to(accountId));
}

export const startResultsPass = (deps: Deps): { stop(): Promise<void> } =>
  startPass(deps, { everyMs, failed: 'results could not be looked through; trying again' }, () =>
    passResults(deps),
  );
