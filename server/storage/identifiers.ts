// Finds resources of a few types by identifier over all records, for imports by the operator.
import { keyOf, placeOf, systemCodeForm } from '../../core/fhir/search-keys.ts';
import type { Queryable } from './queryable.ts';

export type IdentifiedType = 'Patient' | 'Organization' | 'Practitioner' | 'Location';

/** The ids of current resources that carry exactly this identifier; at most ten. */
export async function findByIdentifier(
  db: Queryable,
  type: IdentifiedType,
  system: string,
  value: string,
): Promise<string[]> {
  const key = keyOf(systemCodeForm(system, value), placeOf(type, 'identifier:Identifier', 'token'));
  const { rows } = await db.query({
    name: 'find-by-identifier',
    text: `select resource_id as id from resource
            where search_keys @> array[$2]::bigint[] and resource_type = $1 and not deleted order by resource_id limit 10`,
    values: [type, String(key)],
  });
  return rows.map((row) => (row as { id: string }).id);
}

/** After much was written at once: until then the planner takes the tables for empty. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await db.query({ text: 'analyze person, resource, resource_history, entry, log_leaf' });
}
