// How much a record holds of each of its parts, and what: the preview before somebody is let in. Knows texts, gives none away.
import type { Category } from '../../core/access/categories.ts';
import { categories, firstSealedPart, partNumber } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export interface PartCount {
  category: Category;
  open: number;
  sealed: number;
}

/** Who was let in and who looked is not a part that is shared. */
const shareable = categories.filter((category) => category !== 'sharing');

/** Every part that holds something. */
export async function countParts(db: Queryable, patientId: string): Promise<PartCount[]> {
  const { rows } = await db.query({
    name: 'count-record-parts',
    text: `select part, count(*)::int as count from resource where patient_id = $1 and not deleted and part is not null group by part`,
    values: [patientId],
  });
  const counted = new Map(
    (rows as { part: number; count: number }[]).map(({ part, count }) => [part, count]),
  );
  return shareable
    .map((category) => ({
      category,
      open: counted.get(partNumber(category, false)) ?? 0,
      sealed: counted.get(partNumber(category, true)) ?? 0,
    }))
    .filter(({ open, sealed }) => open + sealed > 0);
}

export interface PartEntry {
  resourceType: string;
  resourceId: string;
  version: number;
  content: string;
  sealed: boolean;
}

/** The entries of these parts, the newest first, at most `limit`; sealed ones only where they are wanted. */
export async function listPartEntries(
  db: Queryable,
  patientId: string,
  wanted: { categories: readonly Category[]; sealed: boolean; limit: number },
): Promise<PartEntry[]> {
  const parts = wanted.categories
    .filter((category) => category !== 'sharing')
    .flatMap((category) => [
      partNumber(category, false),
      ...(wanted.sealed ? [partNumber(category, true)] : []),
    ]);
  const { rows } = await db.query({
    name: 'list-part-entries',
    text: `select resource_type as "resourceType", resource_id as "resourceId", version, content, part >= ${firstSealedPart} as sealed
             from resource where patient_id = $1 and not deleted and part = any($2::smallint[])
            order by last_updated desc, resource_type, resource_id limit $3`,
    values: [patientId, parts, wanted.limit],
  });
  return rows as PartEntry[];
}
