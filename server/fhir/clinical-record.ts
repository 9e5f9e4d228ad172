// A person's allergies and medicines as they stand, and as this very change makes them: what the clinical checks judge by.
import type { Person } from '../../core/clinical/check.ts';
import { needsWeight } from '../../core/clinical/check.ts';
import type { Allergen, Medicine } from '../../core/clinical/read-record.ts';
import {
  checkedTypes,
  isTaken,
  readAllergen,
  readMedicine,
  readWeight,
} from '../../core/clinical/read-record.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { parseReference, referencesOf } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { dateAt } from '../../core/record/elements.ts';
import { recordIndex } from '../../core/record/record-index.ts';
import type { Deps } from '../http/deps.ts';
import { listClinicalRecord, listWeights } from '../storage/clinical-record.ts';
import { listJoined } from '../storage/merges.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { findResources } from '../storage/resource-store.ts';
import type { RequestContext } from './asker.ts';
import { decideOn } from './authorise.ts';
import { fhirBase } from './known-writes.ts';
import type { Plan } from './plan-writes.ts';

export interface ClinicalRecord {
  medicines: readonly Medicine[];
  allergens: readonly Allergen[];
  person: Person;
  /** `Type/id` of what the asker may not see. */
  hidden: ReadonlySet<string>;
  /** Of what stands in a record that was joined to theirs: since which day, by `Type/id`. */
  joinedOn: ReadonlyMap<string, string>;
  /** Ids of issues that were recorded before, deleted ones among them. */
  issues: ReadonlySet<string>;
  /** The medicine of one of the plans, with what it refers to. */
  medicineOf(resource: Resource): Medicine;
}

interface Standing {
  resource: Resource;
  hidden: boolean;
  joinedOn?: string;
}

/** What a joined record adds: its person and what was found there are its own. */
const joinedTypes: ReadonlySet<string> = new Set(['AllergyIntolerance', ...checkedTypes]);

/**
 * @param patientIds whose records
 * @param plans all of the change: what it writes and deletes counts as done
 */
export async function readClinicalRecords(
  client: Queryable | undefined,
  deps: Deps,
  context: RequestContext,
  patientIds: readonly string[],
  plans: readonly Plan[],
  today: string,
): Promise<Map<string, ClinicalRecord>> {
  const db = client ?? deps.db.pool;
  const byPatient = new Map<string, Map<string, Standing>>(patientIds.map((id) => [id, new Map()]));
  const issues = new Map<string, Set<string>>(patientIds.map((id) => [id, new Set()]));
  const joined = await listJoined(db, patientIds);
  const rows = await listClinicalRecord(db, [...patientIds, ...joined.map(({ mergedId }) => mergedId)]);
  for (const row of rows) {
    const key = `${row.resourceType}/${row.resourceId}`;
    for (const { survivorId, joinedAt } of joined.filter(({ mergedId }) => mergedId === row.patientId))
      if (joinedTypes.has(row.resourceType))
        byPatient
          .get(survivorId)
          ?.set(key, { ...standing(context, row), joinedOn: joinedAt.toISOString().slice(0, 10) });
    if (row.resourceType === 'DetectedIssue') issues.get(row.patientId)?.add(row.resourceId);
    else byPatient.get(row.patientId)?.set(key, standing(context, row));
  }
  const written = new Map<string, Resource>();
  for (const { operation: o, patientId } of plans) {
    const key = `${o.type}/${o.id}`;
    if (o.method === 'delete') byPatient.get(patientId)?.delete(key);
    if (o.method !== 'create' && o.method !== 'update') continue;
    const resource = { ...o.resource, id: o.id };
    written.set(key, resource);
    byPatient.get(patientId)?.set(key, { resource, hidden: false });
  }
  const all = [...byPatient.values()].flatMap((one) => [...one.values()].map(({ resource }) => resource));
  const medications = await findMedications(db, deps, all, written);
  const records = new Map<string, ClinicalRecord>();
  for (const [patientId, stands] of byPatient) {
    const index = recordIndex(medications);
    const resources = [...stands.values()].map(({ resource }) => resource);
    const medicines = resources
      .filter((resource) => isTaken(resource, today))
      .map((resource) => readMedicine(resource, index));
    const allergens = resources
      .filter(({ resourceType }) => resourceType === 'AllergyIntolerance')
      .map(readAllergen)
      .filter((one) => one !== undefined);
    const birthDate = dateAt(stands.get(`Patient/${patientId}`)?.resource, 'birthDate');
    records.set(patientId, {
      medicines,
      allergens,
      person: birthDate === undefined ? {} : { birthDate },
      hidden: new Set([...stands].flatMap(([key, { hidden }]) => (hidden ? [key] : []))),
      joinedOn: new Map(
        [...stands].flatMap(([key, { joinedOn }]) => (joinedOn === undefined ? [] : [[key, joinedOn]])),
      ),
      issues: issues.get(patientId) ?? new Set(),
      medicineOf: (resource) => readMedicine(resource, index),
    });
  }
  return records;
}

/** The person with their newest weight, where a rule about this medicine asks for it. */
export async function withWeight(
  client: Queryable | undefined,
  deps: Deps,
  patientId: string,
  { person }: ClinicalRecord,
  medicine: Medicine,
  today: string,
): Promise<Person> {
  if (person.weightKg !== undefined || !needsWeight(medicine, person, today)) return person;
  const weights = (await listWeights(client ?? deps.db.pool, patientId))
    .map(({ content }) => readWeight(parseJson(content) as Resource))
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.on < b.on ? 1 : -1));
  const [newest] = weights;
  return newest === undefined ? person : { ...person, weightKg: newest.kg };
}

function standing(context: RequestContext, row: StoredVersion): Standing {
  // A program may do what its scopes say in every record; what it may prescribe, it is told about.
  const hidden = context.asker.kind !== 'client' && context.asker.kind !== 'operator';
  return {
    resource: parseJson(row.content) as Resource,
    hidden: hidden && !decideOn(context, 'read', row).allowed,
  };
}

/** Medications that are named by reference: of this change, else as they stand. */
async function findMedications(
  db: Queryable,
  deps: Deps,
  resources: readonly Resource[],
  written: ReadonlyMap<string, Resource>,
): Promise<Resource[]> {
  const named = new Set<string>();
  for (const resource of resources) {
    if (resource['medicationReference'] === undefined) continue;
    for (const { text } of referencesOf(resource)) {
      const reference = parseReference(text, fhirBase(deps));
      if (reference.kind === 'local' && reference.type === 'Medication') named.add(reference.id);
    }
  }
  const found: Resource[] = [];
  const asked: string[] = [];
  for (const id of named) {
    const own = written.get(`Medication/${id}`);
    if (own) found.push(own);
    else asked.push(id);
  }
  if (asked.length === 0) return found;
  const rows = await findResources(
    db,
    asked.map((resourceId) => ({ resourceType: 'Medication', resourceId })),
  );
  for (const row of rows)
    if (row !== undefined && !row.deleted)
      found.push({ ...(parseJson(row.content) as Resource), id: row.resourceId });
  return found;
}
