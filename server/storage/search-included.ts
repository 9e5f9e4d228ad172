// Statements for what comes along with the hits of a search; the records that may be looked into are part of each.
import { keyOf, placeOf } from '../../core/fhir/search-keys.ts';
import type { SearchParameter } from '../../core/fhir/search-parameters.ts';
import type { SearchCondition } from '../../core/fhir/search-condition.ts';
import { searchParametersOf } from '../../core/fhir/search-parameters.ts';
import type { Queryable } from './queryable.ts';
import type { FoundResource } from './search-store.ts';
import { type SearchScope, SearchSql } from './search-sql.ts';

export type NamedResource =
  | { readonly type: string; readonly id: string }
  | { readonly url: string; readonly types: readonly string[] };

/** The resources that are named, by id or by url. */
export function findNamed(
  db: Queryable,
  scope: SearchScope,
  named: readonly NamedResource[],
  limit: number,
): Promise<FoundResource[]> {
  const ids = new Map<string, string[]>();
  const urls = new Map<string, string[]>();
  for (const one of named)
    if ('id' in one) ids.set(one.type, [...(ids.get(one.type) ?? []), one.id]);
    else
      for (const type of one.types)
        if (searchParametersOf(type).has('url')) urls.set(type, [...(urls.get(type) ?? []), one.url]);
  return findAny(db, scope, limit, [
    ...[...ids].map(([type, wanted]) => ({ type, condition: { kind: 'id', ids: wanted } as const })),
    ...[...urls].map(([type, wanted]) => {
      const place = placeOf(type, 'url:uri', 'uri');
      return { type, condition: { kind: 'keys', keys: wanted.map((url) => keyOf(url, place)) } as const };
    }),
  ]);
}

/** The resources of a type that name one of these by the parameter. */
export function findNaming(
  db: Queryable,
  scope: SearchScope,
  type: string,
  parameter: SearchParameter,
  named: readonly FoundResource[],
  limit: number,
): Promise<FoundResource[]> {
  const places = parameter.paths.map((path) => ({ path, place: placeOf(type, path.text, 'reference') }));
  const keys = named.flatMap(({ resourceType, resourceId }) =>
    places
      .filter(({ path }) => path.target === undefined || path.target === resourceType)
      .map(({ place }) => keyOf(`${resourceType}/${resourceId}`, place)),
  );
  const people = new Set(named.map(({ patientId }) => patientId));
  // What names a resource of a person's record stands in the same record.
  return findAny(
    db,
    scope,
    limit,
    [{ type, condition: { kind: 'keys', keys } }],
    people.has('') ? undefined : [...people],
  );
}

async function findAny(
  db: Queryable,
  scope: SearchScope,
  limit: number,
  wanted: readonly { type: string; condition: SearchCondition }[],
  people?: readonly string[],
): Promise<FoundResource[]> {
  if (wanted.length === 0 || limit <= 0) return [];
  const sql = new SearchSql(scope);
  const where = wanted
    .map(({ type, condition }) => `(${sql.rows('r', type, condition, people).where})`)
    .join(' or ');
  const { rows } = await db.query({
    text: `select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.content
             from resource r where ${where} order by r.resource_type, r.resource_id limit ${sql.values.put(limit)}`,
    values: sql.values.list,
  });
  return rows as FoundResource[];
}
