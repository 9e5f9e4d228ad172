// Finds resources of a few types by identifier over all records, for imports by the operator.
import type { Queryable } from './queryable.ts';

export type IdentifiedType = 'Patient' | 'Organization' | 'Practitioner' | 'Location';

/** The ids of current resources that carry exactly this identifier; at most ten. */
export async function findByIdentifier(
  db: Queryable,
  type: IdentifiedType,
  system: string,
  value: string,
): Promise<string[]> {
  const { rows } = await db.query({
    name: 'find-by-identifier',
    text: `select distinct resource_id as id from search_value
            where param = 'identifier' and resource_type in ('Patient', 'Organization', 'Practitioner', 'Location')
              and value = $3 and system = $2 and resource_type = $1 order by resource_id limit 10`,
    values: [type, system, value],
  });
  return rows.map((row) => (row as { id: string }).id);
}

/** After much was written at once: until then the planner takes the tables for empty. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await db.query({ text: 'analyze person, resource, resource_history, search_value, entry, log_leaf' });
}
