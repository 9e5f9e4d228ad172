// What of a few records the clinical checks need, in one statement: allergies, medicines that may still be taken, the person, and the
// issues that were found before. And a child's weights. Judges nothing.
import { tickPrefix } from '../../core/doses/tick.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

const columns = `patient_id as "patientId", resource_type as "resourceType", resource_id as "resourceId", version, deleted,
  last_updated as "lastUpdated", entry_id as "entryId", content`;

/** Of one person and type, the newest: more standing medicines or allergies than this nobody has. */
export const mostOfAType = 1000;

/**
 * What says by a glance at its text that it is over is left out, and what a person ticked: the medicine itself stands. DetectedIssue also
 * where it was deleted.
 */
export async function listClinicalRecord(
  db: Queryable,
  patientIds: readonly string[],
): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'list-clinical-record',
    text: `select r.* from unnest($1::text[]) p(id)
            cross join unnest(array['AllergyIntolerance', 'MedicationRequest', 'MedicationStatement', 'MedicationDispense',
              'MedicationAdministration', 'Patient', 'DetectedIssue']) t(name)
            cross join lateral (select ${columns} from resource s
              where s.patient_id = p.id and s.resource_type = t.name
                and (t.name = 'DetectedIssue' or not s.deleted)
                and (t.name <> 'MedicationAdministration' or s.resource_id not like '${tickPrefix}%')
                and (t.name not in ('MedicationRequest', 'MedicationStatement')
                  or s.content ~ '"status":"(active|on-hold|intended|unknown)"')
              order by s.last_updated desc limit ${mostOfAType}) r`,
    values: [patientIds],
  });
  return rows as StoredVersion[];
}

/** The newest Observations of one person that name the LOINC code of a weight. */
export async function listWeights(db: Queryable, patientId: string): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'list-weights',
    text: `select ${columns} from resource
            where patient_id = $1 and resource_type = 'Observation' and not deleted and content ~ '"code":"(29463-7|3141-9)"'
            order by last_updated desc limit 20`,
    values: [patientId],
  });
  return rows as StoredVersion[];
}
