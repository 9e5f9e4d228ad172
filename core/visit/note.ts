// The clinical note of a visit: what was said, found and done, in the order in which it is read, as a Composition that was attested.
import type { Resource } from '../fhir/types.ts';
import { said } from '../forms/making.ts';
import { loinc } from '../record/code-systems.ts';
import type { Code } from '../record/facts.ts';
import { concept } from '../record/write-elements.ts';
import { listNarrative } from '../summary/narrative.ts';
import { timelineEntry } from '../timeline/timeline-entry.ts';
import type { VisitDraft } from './draft.ts';
import type { Signing, VisitEntry } from './entries.ts';
import { linesOf, referenceTo, signer } from './entries.ts';
import { doseText } from './prescription.ts';

const code = (value: string, display: string): Code => ({ system: loinc, code: value, display });

/** What was written, by its headings, in the order in which it is read. */
export function noteSections(draft: VisitDraft, parts: readonly VisitEntry[]): readonly NoteSection[] {
  const of = (...types: string[]): readonly VisitEntry[] =>
    parts.filter(({ resource }) => types.includes(resource.resourceType));
  const observed = of('Observation');
  const examination = observed.filter(({ part }) => part === 'examination');
  const vitals = observed.filter(({ part }) => part !== 'examination');
  const dose = new Map(draft.medicines.map((one) => [one.key, doseText(one)]));
  return [
    sectionOf('Symptoms', code('10154-3', 'Chief complaint Narrative - Reported'), linesOf(draft.symptoms)),
    sectionOf(
      'Examination',
      code('29545-1', 'Physical findings Narrative'),
      linesOf(draft.examination),
      examination,
    ),
    sectionOf('Vital signs', code('8716-3', 'Vital signs'), vitals.map(words), vitals),
    sectionOf(
      'Diagnosis',
      code('29548-5', 'Diagnosis Narrative'),
      of('Condition').map(words),
      of('Condition'),
    ),
    sectionOf('Tests ordered', undefined, of('ServiceRequest').map(words), of('ServiceRequest')),
    sectionOf(
      'Prescription',
      code('57828-6', 'Prescription list'),
      of('MedicationRequest').map((one) => [words(one), dose.get(one.part)].filter(Boolean).join(': ')),
      of('MedicationRequest'),
    ),
    sectionOf('Procedures', undefined, of('Procedure').map(words), of('Procedure')),
    sectionOf('Notes', undefined, linesOf(draft.notes), of('ClinicalImpression')),
    sectionOf('Advice', undefined, linesOf(draft.advice)),
    sectionOf(
      'Follow-up',
      code('18776-5', 'Plan of care note'),
      draft.followUp === '' ? [] : [`Come again on ${draft.followUp}`],
      of('Appointment'),
    ),
  ].filter((one) => one !== undefined);
}

export function noteOf(draft: VisitDraft, signing: Signing, parts: readonly VisitEntry[]): Resource {
  const section = noteSections(draft, parts);
  return {
    resourceType: 'Composition',
    status: 'final',
    type: concept('Consultation note', [code('11488-4', 'Consult note')]),
    subject: { reference: `Patient/${draft.patientId}` },
    encounter: referenceTo(draft, 'encounter'),
    date: signing.at,
    author: [signer(signing)],
    title: 'Consultation note',
    attester: [{ mode: 'legal', time: signing.at, party: signer(signing) }],
    ...said({
      custodian:
        signing.organization === undefined
          ? undefined
          : { reference: signing.organization.reference, display: signing.organization.name },
    }),
    section: section.map(({ of: entries, title, named, lines }) => ({
      title,
      ...(named ? { code: concept(title, [named]) } : {}),
      text: listNarrative(lines),
      ...said({
        entry: entries.length > 0 ? entries.map(({ part }) => referenceTo(draft, part)) : undefined,
      }),
    })),
  };
}

interface NoteSection {
  readonly title: string;
  readonly named: Code | undefined;
  readonly lines: readonly string[];
  readonly of: readonly VisitEntry[];
}

/** Undefined for a section of which nothing was written. */
function sectionOf(
  title: string,
  named: Code | undefined,
  lines: readonly string[],
  of: readonly VisitEntry[] = [],
): NoteSection | undefined {
  if (lines.length === 0) return undefined;
  return { title, named, lines, of };
}

function words({ resource }: VisitEntry): string {
  const entry = timelineEntry(resource);
  return [entry?.title, entry?.value].filter((one) => one !== undefined).join(' ');
}
