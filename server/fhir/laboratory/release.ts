// What was kept back goes into the record: when its time has come by the clock, or a clinician saw it and that was the person's rule.
// Each edition is a version of its own, in the order in which they were signed.
import { isReleased } from '../../../core/clinical/result-clock.ts';
import type { Deps } from '../../http/deps.ts';
import type { LabResult } from '../../storage/lab-results.ts';
import { listHeldEditions, markReleased } from '../../storage/lab-results.ts';
import { findResources } from '../../storage/resource-store.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { applyWrites } from '../apply-writes.ts';
import type { Identified } from './held.ts';
import { heldResources } from './held.ts';
import { writerContext } from './laboratory-room.ts';
import { entryOf } from './note.ts';

/** Somebody else released it. */
class ReleasedAlreadyError extends Error {
  override readonly name = 'ReleasedAlreadyError';
  readonly code = 'released-already';
}

export function isDue(result: LabResult, nowMs: number): boolean {
  const { releaseRule, releaseDays, critical, releaseAt, acknowledgedAt } = result;
  return isReleased(
    { rule: releaseRule, ...(releaseDays === null ? {} : { days: releaseDays }) },
    { critical, releaseAtMs: releaseAt.getTime(), acknowledgedAtMs: acknowledgedAt?.getTime() },
    nowMs,
  );
}

/** Puts a report into the record if its time has come. Does nothing where it is not kept, or not due. Gives back how many editions went. */
export async function releaseReport(deps: Deps, patientId: string, reportId: string): Promise<number> {
  const editions = await listHeldEditions(deps.db.pool, patientId, reportId);
  if (!editions.some((one) => isDue(one, deps.now()))) return 0;
  let released = 0;
  for (const edition of editions) {
    try {
      await releaseEdition(deps, edition);
      released += 1;
    } catch (error) {
      if (!(error instanceof ReleasedAlreadyError)) throw error;
    }
  }
  return released;
}

async function releaseEdition(deps: Deps, result: LabResult): Promise<void> {
  const { patientId, held, resultId, orderId, reportId, edition, releaseRule, signedWho } = result;
  if (held === null) return;
  const resources = await withStandingReferences(deps, heldResources(held));
  const keys = resources.map(({ resourceType, id }) => ({ resourceType, resourceId: id }));
  const standing = await findResources(deps.db.pool, keys);
  const nowMs = deps.now();
  const context = writerContext(
    signedWho,
    'server',
    patientId,
    orderId,
    keys.map(({ resourceType, resourceId }) => `${resourceType}/${resourceId}`),
  );
  let entry: SealedEntry | undefined;
  await applyWrites(
    deps,
    context,
    resources.map((resource, i) => ({
      method: standing[i] ? 'update' : 'create',
      type: resource.resourceType,
      id: resource.id,
      resource,
    })),
    {
      alongside: async (client) => {
        if (!(await markReleased(client, resultId, nowMs))) throw new ReleasedAlreadyError();
        entry = entryOf(
          deps,
          {
            patientId,
            event: 'result-release',
            who: { role: 'system' },
            basis: 'laboratory-order',
            on: { type: 'DiagnosticReport', id: reportId },
            detail: { edition, rule: releaseRule },
          },
          nowMs,
        );
      },
      afterwards: async () => (entry ? [entry] : []),
    },
  );
}

/** What was erased or deleted while the result was kept cannot be named any more. */
async function withStandingReferences(deps: Deps, resources: Identified[]): Promise<Identified[]> {
  const named = (one: unknown): string[] => {
    const list = Array.isArray(one) ? one : one === undefined ? [] : [one];
    return list.map((each) => (each as { reference?: string }).reference ?? '');
  };
  const elements = ['basedOn', 'specimen', 'encounter'] as const;
  const wanted = [...new Set(resources.flatMap((one) => elements.flatMap((name) => named(one[name]))))];
  const keys = wanted.map((text) => {
    const [resourceType = '', resourceId = ''] = text.split('/');
    return { resourceType, resourceId };
  });
  const found = await findResources(deps.db.pool, keys);
  const gone = new Set(wanted.filter((_, i) => found[i] === undefined || found[i].deleted));
  if (gone.size === 0) return resources;
  return resources.map((one) => {
    const kept = { ...one };
    for (const name of elements) if (named(one[name]).some((text) => gone.has(text))) delete kept[name];
    return kept;
  });
}
