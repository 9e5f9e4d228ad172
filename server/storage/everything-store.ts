// Whole compartments in the order of the table, a page at a time, as stored; and the directory entries that a page refers to.
import { codeForm, keyOf, placeOf } from '../../core/fhir/search-keys.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

// A column more is a text and a value more for each of a hundred rows: these are all that an answer is made of.
const columns = `patient_id as "patientId", resource_type as "resourceType", resource_id as "resourceId", version, content`;

export type CompartmentRow = Pick<
  StoredVersion,
  'patientId' | 'resourceType' | 'resourceId' | 'version' | 'content'
>;

export interface CompartmentKey {
  patientId: string;
  resourceType: string;
  resourceId: string;
}

export interface CompartmentPage {
  /** Undefined: everybody's, one after the other. */
  patientId: string | undefined;
  after: CompartmentKey;
  /** Empty: all. */
  types: readonly string[];
  sinceMs: number | undefined;
  limit: number;
}

/**
 * Current resources in key order; deleted ones left out. Of one person as a stretch of the key, for no other index has its order: with
 * `patient_id = $1` the planner of a young table reads everybody's by type and id.
 */
export async function listCompartmentPage(
  db: Queryable,
  { patientId, after, types, sinceMs, limit }: CompartmentPage,
): Promise<CompartmentRow[]> {
  const narrowed = `not deleted and (cardinality($4::text[]) = 0 or resource_type = any($4))
              and ($5::float8 is null or last_updated >= to_timestamp($5::float8 / 1000))`;
  const { rows } = await db.query(
    patientId === undefined
      ? {
          name: 'list-all-compartments',
          text: `select ${columns} from resource
                  where (patient_id, resource_type, resource_id) > ($1, $2, $3) and patient_id <> '' and ${narrowed}
                  order by patient_id, resource_type, resource_id limit $6`,
          values: [after.patientId, after.resourceType, after.resourceId, types, sinceMs ?? null, limit],
        }
      : {
          name: 'list-compartment-page',
          text: `select ${columns} from resource
                  where (patient_id, resource_type, resource_id) > ($1, $2, $3) and patient_id <= $1 and ${narrowed}
                  order by patient_id, resource_type, resource_id limit $6`,
          values: [patientId, after.resourceType, after.resourceId, types, sinceMs ?? null, limit],
        },
  );
  return rows as CompartmentRow[];
}

const codeOfObservation = placeOf('Observation', 'code:CodeableConcept', 'token');

/** Current Observations of one person with one of these LOINC codes, the newest day of care first. */
export async function listObservationsOf(
  db: Queryable,
  patientId: string,
  codes: readonly string[],
  limit: number,
): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'list-observations-of',
    text: `select ${columns}, deleted, last_updated as "lastUpdated", entry_id as "entryId" from resource
            where patient_id = $1 and resource_type = 'Observation' and not deleted and (search_keys || '{}'::bigint[]) && $2::bigint[]
            order by coalesce(care_day, (last_updated at time zone 'UTC')::date) desc, resource_id desc limit $3`,
    values: [patientId, codes.map((code) => String(keyOf(codeForm(code), codeOfObservation))), limit],
  });
  return rows as StoredVersion[];
}

/** Those of these that stand in the directory now. */
export async function findDirectoryEntries(
  db: Queryable,
  keys: readonly { resourceType: string; resourceId: string }[],
): Promise<CompartmentRow[]> {
  const { rows } = await db.query({
    name: 'find-directory-entries',
    text: `select ${columns} from resource join unnest($1::text[], $2::text[]) k(resource_type, resource_id) using (resource_type, resource_id)
            where patient_id = '' and not deleted order by resource_type, resource_id`,
    values: [keys.map((k) => k.resourceType), keys.map((k) => k.resourceId)],
  });
  return rows as CompartmentRow[];
}
