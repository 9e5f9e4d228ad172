// What a print of the whole record shows: what stands now, each with its place in the log.
import type { Queryable } from './queryable.ts';

export interface PrintedResource {
  resourceType: string;
  resourceId: string;
  version: number;
  content: string;
  /** Null while the leaf waits for the log. */
  leafIndex: number | null;
  leaf: Buffer | null;
}

/** Current resources of one person, at most `limit`. */
export async function listPrintedResources(
  db: Queryable,
  patientId: string,
  limit: number,
): Promise<PrintedResource[]> {
  const { rows } = await db.query({
    name: 'list-printed-resources',
    text: `select r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.content, l.leaf_index as "leafIndex", l.leaf
             from resource r left join log_leaf l on l.entry_id = r.entry_id
            where r.patient_id = $1 and not r.deleted order by r.resource_type, r.resource_id limit $2`,
    values: [patientId, limit],
  });
  return rows as PrintedResource[];
}
