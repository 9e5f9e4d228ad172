// What speaks against the medicines of a visit, from the part of the record that is in view: the same function as in the write path. What is
// out of view is checked there alone.
import type { Finding, Person } from '../clinical/check.ts';
import { checkMedicine, markJoined } from '../clinical/check.ts';
import { overriddenRules } from '../clinical/detected-issue.ts';
import { contentsOfMedicine } from '../clinical/ingredients.ts';
import { isTaken, readAllergen, readMedicine, readWeight } from '../clinical/read-record.ts';
import type { Resource } from '../fhir/types.ts';
import { dateAt, objectAt, textAt } from '../record/elements.ts';
import { entryTitle } from '../record/entry-title.ts';
import { joinedIn, joinedRecordOf } from '../record/joined.ts';
import { recordIndex } from '../record/record-index.ts';
import type { Prescribed, VisitDraft } from './draft.ts';
import { numberIn } from './problems.ts';
import { prescription } from './prescription.ts';

export interface LineFinding extends Finding {
  /** What of the record or of this visit it is about, by its name. */
  readonly about?: string;
  /** A reason was given. */
  readonly settled: boolean;
}

/** Key of the medicine's line to what was found, the gravest first. @param today YYYY-MM-DD */
export function findingsOf(
  draft: VisitDraft,
  record: readonly Resource[],
  today: string,
): ReadonlyMap<string, readonly LineFinding[]> {
  const lines = draft.medicines
    .filter(({ text }) => text.trim() !== '')
    .map((one): Resource & { id: string } => ({
      ...prescription(one, { patientId: draft.patientId, at: today }),
      id: one.key,
    }));
  const index = recordIndex([...record]);
  const standing = record.filter((resource) => isTaken(resource, today));
  const named = new Map([...record, ...lines].map((one) => [keyOf(one), entryTitle(one)]));
  const known = {
    medicines: [...standing, ...lines].map((resource) => readMedicine(resource, index)),
    allergens: record
      .filter(({ resourceType }) => resourceType === 'AllergyIntolerance')
      .map(readAllergen)
      .filter((one) => one !== undefined),
  };
  const person = personOf(draft, record);
  const joinedOn = joinedDays(draft.patientId, record);
  return new Map(
    lines.map((line) => {
      const reasoned = overriddenRules(line);
      const all = markJoined(checkMedicine(readMedicine(line, index), known, person, today), joinedOn);
      const found = all.map((one): LineFinding => {
        const about = one.with === undefined ? undefined : named.get(one.with);
        return { ...one, ...(about === undefined ? {} : { about }), settled: reasoned.has(one.rule) };
      });
      return [line.id, found];
    }),
  );
}

/** Of what stands in a record that was joined: since which day, by `Type/id`. */
function joinedDays(patientId: string, record: readonly Resource[]): Map<string, string> {
  const own = record.find(({ resourceType, id }) => resourceType === 'Patient' && id === patientId);
  const joined = own === undefined ? [] : joinedIn(own);
  return new Map(
    record.flatMap((resource) => {
      const on = joinedRecordOf(resource, joined)?.on;
      return on === undefined ? [] : [[keyOf(resource), on] as const];
    }),
  );
}

/** Whether any rule could speak of it: what is not recognised is not guessed, and so is not checked. */
export function isKnownMedicine(one: Prescribed): boolean {
  const { ingredients, groups } = contentsOfMedicine(one.codes, [one.text]);
  return ingredients.size > 0 || groups.size > 0;
}

/** The weight of today counts before the newest that stands. */
function personOf(draft: VisitDraft, record: readonly Resource[]): Person {
  const typed = numberIn(draft.vitals.weight);
  const weights = record
    .filter(({ resourceType }) => resourceType === 'Observation')
    .map(readWeight)
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.on < b.on ? 1 : -1));
  const weightKg = typed !== undefined && typed > 0 ? typed : weights[0]?.kg;
  const birthDate = dateAt(
    record.find(({ resourceType }) => resourceType === 'Patient'),
    'birthDate',
  );
  return {
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(weightKg === undefined ? {} : { weightKg }),
  };
}

/** What must be known to prescribe, by version: when one of these is new, the visit is not sent before that was seen. */
export function standingVersions(record: readonly Resource[]): Record<string, string> {
  const watched = new Set(['AllergyIntolerance', 'Condition', 'MedicationRequest', 'MedicationStatement']);
  return Object.fromEntries(
    record
      .filter(({ resourceType }) => watched.has(resourceType))
      .map((resource) => [keyOf(resource), textAt(objectAt(resource, 'meta'), 'versionId') ?? '']),
  );
}

/** What came or changed since the visit was begun. */
export function newSince(draft: VisitDraft, record: readonly Resource[]): Resource[] {
  const now = standingVersions(record);
  return record.filter((resource) => {
    const version = now[keyOf(resource)];
    return version !== undefined && draft.seen[keyOf(resource)] !== version;
  });
}

const keyOf = (resource: Resource): string => `${resource.resourceType}/${textAt(resource, 'id') ?? ''}`;
