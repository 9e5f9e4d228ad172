// A visit that was not signed while it could be: one entry in words that its person can take in later, and what does not go that way. All of
// it or nothing: a late entry refers to nothing else (server/consent/amendments.ts), so the visit is one entry and not many.
import type { Resource } from '../fhir/types.ts';
import { said } from '../forms/making.ts';
import type { VisitDraft } from './draft.ts';
import { isBlank } from './draft.ts';
import { visitSystem } from './entries.ts';
import { noteSections } from './note.ts';
import { diagnosisConcept, findingResources, orderResources, planResources } from './visit-parts.ts';

/** A medicine is checked against the record when it is written, and a picture is a paper of its own. */
const withoutRest = (draft: VisitDraft): VisitDraft => ({ ...draft, medicines: [], picture: undefined });

/** What of the draft goes as a late entry; undefined where nothing of it does. @param at FHIR instant of the sending */
export function lateEntry(draft: VisitDraft, at: string): Resource | undefined {
  const words = withoutRest(draft);
  const signing = { at, clinician: { name: '' } };
  const parts = [
    ...findingResources(words, signing),
    ...orderResources(words, signing),
    ...planResources(words, signing),
  ];
  // A day to come again stands in every draft, and says nothing by itself.
  if (isBlank(words)) return undefined;
  const sections = noteSections(words, parts);
  return {
    resourceType: 'ClinicalImpression',
    identifier: [{ system: visitSystem, value: `${draft.id}.late` }],
    status: 'completed',
    description: 'Late entry of a visit',
    subject: { reference: `Patient/${draft.patientId}` },
    effectiveDateTime: draft.startedAt,
    date: at,
    summary: sections.map(({ title, lines }) => `${title}: ${lines.join('; ')}`).join('\n'),
    ...said({
      finding:
        words.diagnoses.length > 0
          ? words.diagnoses.map((one) => ({ itemCodeableConcept: diagnosisConcept(one) }))
          : undefined,
    }),
  };
}

/** What stays in the draft once the late entry was sent. */
export function afterLateEntry(draft: VisitDraft): VisitDraft {
  return {
    ...draft,
    symptoms: '',
    examination: '',
    vitals: {},
    diagnoses: [],
    tests: [],
    procedures: [],
    notes: '',
    advice: '',
  };
}
