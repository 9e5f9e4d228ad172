// The words of our own lists for what a resource names by a code, in each language: what was written stands beside them.
import type { JsonObject } from '../fhir/types.ts';
import { fieldSystem } from '../forms/form.ts';
import { allergens } from '../record/code-lists/allergens.ts';
import type { ListEntry } from '../record/code-lists/code-list.ts';
import { identicalEntry } from '../record/code-lists/code-list.ts';
import { conditions } from '../record/code-lists/conditions.ts';
import { diagnoses } from '../record/code-lists/diagnoses.ts';
import { examinations } from '../record/code-lists/examinations.ts';
import { termIn } from '../record/code-lists/terms.ts';
import { tests } from '../record/code-lists/tests.ts';
import { vaccines } from '../record/code-lists/vaccines.ts';
import { procedures, visits } from '../record/code-lists/visits.ts';
import { codedText } from '../record/elements.ts';

const tested = [tests, examinations];
const listsOf: Readonly<Record<string, readonly (readonly ListEntry[])[]>> = {
  Observation: tested,
  DiagnosticReport: tested,
  ServiceRequest: tested,
  ImagingStudy: tested,
  Condition: [conditions, diagnoses],
  AllergyIntolerance: [allergens],
  Immunization: [vaccines],
  Encounter: [visits],
  Procedure: [procedures],
};
/** What stands on a box or a bottle keeps its written name beside the word. */
const namedOnBoxes = new Set(['AllergyIntolerance', 'Immunization']);

export interface KnownWords {
  /** What was written, or our own word where that is a bare code or the field of one of our forms. */
  readonly title: string;
  /** Absent where our lists have no word for exactly this. */
  readonly hi?: string;
}

/**
 * @param type of the resource
 * @param concept the CodeableConcept that names it
 */
export function knownWords(type: string, concept: JsonObject | undefined): KnownWords | undefined {
  const said = codedText(concept);
  if (said === undefined) return undefined;
  const { text, codes } = said;
  if (type.startsWith('Medication')) {
    const hi = termIn('hi', 'medicines', text, codes);
    return hi === text ? { title: text } : { title: text, hi: `${hi} (${text})` };
  }
  const entry = (listsOf[type] ?? [])
    .map((list) => identicalEntry(list, codes, text))
    .find((one) => one !== undefined);
  if (entry === undefined) return { title: text };
  const isBare =
    codes.some(({ code }) => code === text) || codes.some(({ system }) => system === fieldSystem);
  const title = isBare ? entry.en : text;
  const hi = entry.hi === title || !namedOnBoxes.has(type) ? entry.hi : `${entry.hi} (${title})`;
  return hi === title ? { title } : { title, hi };
}
