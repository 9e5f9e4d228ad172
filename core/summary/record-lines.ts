// Every resource of one person's record as a line of plain words with its source, grouped as one would look for it: for print.
// Nothing is left out: what fits no group stands in the last one.
import type { JsonObject } from '../fhir/types.ts';
import { objectAt, textAt } from '../record/elements.ts';
import type { FactSource } from '../record/facts.ts';
import { displayName } from '../record/human-name.ts';
import { readSource } from '../record/read-source.ts';
import { recordIndex } from '../record/record-index.ts';
import { entryDate, entryWords, targetName } from './entry-words.ts';
import type { SectionKey } from './sections.ts';
import { placementOf } from './sections.ts';

export const recordGroups = [
  'person',
  'allergies',
  'problems',
  'medications',
  'immunizations',
  'results',
  'vital-signs',
  'procedures',
  'visits',
  'devices',
  'pregnancy',
  'function',
  'social-history',
  'past-problems',
  'plan',
  'alerts',
  'directives',
  'documents',
  'people',
  'other',
] as const;
export type RecordGroup = (typeof recordGroups)[number];

export interface RecordLine {
  readonly type: string;
  readonly id: string;
  readonly version: string;
  readonly text: string;
  /** When it was, if the resource says so; not in the text. */
  readonly date?: string;
  readonly source: FactSource;
}

const groupOfSection: Record<SectionKey, RecordGroup> = {
  allergies: 'allergies',
  problems: 'problems',
  medications: 'medications',
  immunizations: 'immunizations',
  results: 'results',
  procedures: 'procedures',
  devices: 'devices',
  directives: 'directives',
  alerts: 'alerts',
  function: 'function',
  'past-problems': 'past-problems',
  pregnancy: 'pregnancy',
  plan: 'plan',
  'social-history': 'social-history',
  'vital-signs': 'vital-signs',
};

const groupOfDenied = {
  allergies: 'allergies',
  conditions: 'problems',
  medicines: 'medications',
} as const;

const groupOfType: Readonly<Record<string, RecordGroup>> = {
  Patient: 'person',
  Encounter: 'visits',
  EpisodeOfCare: 'visits',
  Appointment: 'visits',
  DocumentReference: 'documents',
  Media: 'documents',
  ImagingStudy: 'documents',
  Composition: 'documents',
  RelatedPerson: 'people',
  CareTeam: 'people',
  AllergyIntolerance: 'allergies',
  Condition: 'past-problems',
  MedicationRequest: 'medications',
  MedicationStatement: 'medications',
  MedicationAdministration: 'medications',
  MedicationDispense: 'medications',
  Immunization: 'immunizations',
  Observation: 'results',
  DiagnosticReport: 'results',
  Procedure: 'procedures',
  DeviceUseStatement: 'devices',
  Consent: 'directives',
};

/** In the order of the groups; within one the newest first. */
export function recordLines(
  resources: readonly JsonObject[],
): { readonly group: RecordGroup; readonly lines: readonly RecordLine[] }[] {
  const index = recordIndex(resources);
  const named = (reference: string): string | undefined => {
    const target = index.byReference.get(reference);
    return target && targetName(target);
  };
  const dated = resources.map((resource): { group: RecordGroup; date: string; line: RecordLine } => ({
    group: groupOf(resource),
    date: entryDate(resource) ?? '',
    line: {
      type: textAt(resource, 'resourceType') ?? '',
      id: textAt(resource, 'id') ?? '',
      version: versionOf(resource),
      ...wordsOf(resource, named),
      source: readSource(index, resource),
    },
  }));
  return recordGroups.flatMap((group) => {
    const lines = dated
      .filter((one) => one.group === group)
      .sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : a.line.id < b.line.id ? -1 : 1))
      .map(({ line }) => line);
    return lines.length === 0 ? [] : [{ group, lines }];
  });
}

function groupOf(resource: JsonObject): RecordGroup {
  const place = placementOf(resource);
  if (place && 'in' in place) return groupOfSection[place.in];
  const denied = place && groupOfDenied[place.denies as keyof typeof groupOfDenied];
  return denied ?? groupOfType[textAt(resource, 'resourceType') ?? ''] ?? 'other';
}

function wordsOf(
  resource: JsonObject,
  named: (reference: string) => string | undefined,
): Pick<RecordLine, 'text' | 'date'> {
  const type = textAt(resource, 'resourceType') ?? '';
  if (type === 'Patient' || type === 'RelatedPerson') {
    const date = textAt(resource, 'birthDate');
    return { text: displayName(resource['name']), ...(date === undefined ? {} : { date }) };
  }
  const date = entryDate(resource);
  if (type === 'CareTeam') return { text: textAt(resource, 'name') ?? entryWords(resource, named) };
  const text = entryWords(resource, named);
  return date === undefined ? { text } : { text: text.replace(` (${date})`, ''), date };
}

function versionOf(resource: JsonObject): string {
  return textAt(objectAt(resource, 'meta'), 'versionId') ?? '';
}
