// Definitions that were loaded into the directory, found by their canonical address: code systems, value sets, profiles.
import type { Queryable } from './queryable.ts';

export type CanonicalType = 'CodeSystem' | 'ValueSet' | 'StructureDefinition';

export interface StoredCanonical {
  resourceType: CanonicalType;
  resourceId: string;
  version: number;
  url: string;
  content: string;
}

/** The newest one under each type and address; at most one for each. */
export async function findCanonicals(
  db: Queryable,
  keys: readonly { type: CanonicalType; url: string }[],
): Promise<StoredCanonical[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query({
    name: 'find-canonicals',
    text: `select distinct on (r.resource_type, k.url) r.resource_type as "resourceType", r.resource_id as "resourceId",
                  r.version, k.url, r.content
             from unnest($1::text[], $2::text[]) as k(type, url)
             join resource r on r.patient_id = '' and r.resource_type = k.type and not r.deleted
              and r.resource_type in ('CodeSystem', 'ValueSet', 'StructureDefinition')
              and (r.content::jsonb ->> 'url') = k.url
            order by r.resource_type, k.url, r.last_updated desc, r.resource_id`,
    values: [keys.map((k) => k.type), keys.map((k) => k.url)],
  });
  return rows as StoredCanonical[];
}
