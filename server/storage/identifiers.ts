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

export interface Identified {
  type: IdentifiedType;
  system: string;
  value: string;
}

/** For each of these identifiers the id of a current resource that carries it, the first where there are several. One statement for all. */
export async function findAllByIdentifier(
  db: Queryable,
  wanted: readonly Identified[],
): Promise<(string | undefined)[]> {
  if (wanted.length === 0) return [];
  const keys = wanted.map(({ type, system, value }) =>
    String(keyOf(systemCodeForm(system, value), placeOf(type, 'identifier:Identifier', 'token'))),
  );
  const { rows } = await db.query({
    name: 'find-all-by-identifier',
    text: `select distinct on (key, r.resource_type) key::text, r.resource_type as type, r.resource_id as id
             from resource r cross join lateral unnest(r.search_keys) key
            where r.search_keys && $1::bigint[] and r.resource_type = any ($2::text[]) and not r.deleted and key = any ($1::bigint[])
            order by key, r.resource_type, r.resource_id`,
    values: [keys, [...new Set(wanted.map(({ type }) => type))]],
  });
  const found = new Map(
    (rows as { key: string; type: string; id: string }[]).map(({ key, type, id }) => [`${type} ${key}`, id]),
  );
  return wanted.map(({ type }, i) => found.get(`${type} ${keys[i]}`));
}

/** After much was written at once: until then the planner takes the tables for empty. */
export async function refreshStatistics(db: Queryable): Promise<void> {
  await db.query({ text: 'analyze person, resource, resource_history, entry, log_leaf' });
}
