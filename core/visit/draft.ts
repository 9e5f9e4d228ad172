// A visit while it is written: words and numbers as typed, nothing that is FHIR yet. What is kept on the device and read by the page.
import type { Code } from '../record/facts.ts';

/** Fields of the form "general", by their linkId there. */
export const vitalIds = [
  'weight',
  'height',
  'systolic',
  'diastolic',
  'pulse',
  'temperature',
  'respiratory-rate',
  'oxygen-saturation',
] as const;
export type VitalId = (typeof vitalIds)[number];

/** Something named: from a list, with its codes, or in own words. */
export interface Named {
  /** Unique within the draft. */
  readonly key: string;
  readonly text: string;
  readonly codes: readonly Code[];
}

export interface Diagnosis extends Named {
  /** Not certain yet. */
  readonly probable: boolean;
}

/** A place that an order is sent to. */
export interface Place {
  /** Of its Organization. */
  readonly id: string;
  readonly name: string;
}

export interface Ordered extends Named {
  /** Absent: the patient chooses. */
  readonly laboratory?: Place | undefined;
}

export const routes = ['oral', 'inhaled', 'skin', 'injection', 'drops'] as const;
export type Route = (typeof routes)[number];

export interface Prescribed extends Named {
  /** A number as typed, or nothing. */
  readonly dose: string;
  readonly unit: DoseUnit;
  readonly route: Route | '';
  /** Times in a day, as typed. */
  readonly perDay: string;
  readonly days: string;
  readonly asNeeded: boolean;
  readonly note: string;
  /** Rule of core/clinical to the reason for which it is passed by. */
  readonly reasons: Readonly<Record<string, string>>;
  /** `MedicationRequest/id` that it continues. */
  readonly prior?: string | undefined;
}
export const doseUnits = ['mg', 'g', 'mcg', 'ml', 'tablet', 'puff', 'drop', 'unit'] as const;
export type DoseUnit = (typeof doseUnits)[number];

export interface Picture {
  readonly contentType: string;
  /** Base64. */
  readonly data: string;
}

export interface VisitDraft {
  /** A UUID: the visit is known by it before and after it is sent. */
  readonly id: string;
  readonly patientId: string;
  /** FHIR instant. */
  readonly startedAt: string;
  readonly symptoms: string;
  readonly examination: string;
  readonly vitals: Readonly<Partial<Record<VitalId, string>>>;
  readonly diagnoses: readonly Diagnosis[];
  readonly tests: readonly Ordered[];
  readonly medicines: readonly Prescribed[];
  readonly procedures: readonly Named[];
  readonly notes: string;
  /** What the patient is told to do, in plain words. */
  readonly advice: string;
  /** YYYY-MM-DD, or nothing. */
  readonly followUp: string;
  readonly picture?: Picture | undefined;
  /** Tell the patient that there is something new. */
  readonly tell: boolean;
  /** What stood in the record when the visit was begun, as `Type/id` and version: what is new since is shown before sending. */
  readonly seen: Readonly<Record<string, string>>;
}

export const followUpDays = 7;

/** @param today YYYY-MM-DD where the clinician is */
export function newDraft(of: {
  readonly id: string;
  readonly patientId: string;
  readonly startedAt: string;
  readonly today: string;
  readonly seen: Readonly<Record<string, string>>;
}): VisitDraft {
  return {
    id: of.id,
    patientId: of.patientId,
    startedAt: of.startedAt,
    symptoms: '',
    examination: '',
    vitals: {},
    diagnoses: [],
    tests: [],
    medicines: [],
    procedures: [],
    notes: '',
    advice: '',
    followUp: daysLater(of.today, followUpDays),
    tell: true,
    seen: of.seen,
  };
}

/** @param day YYYY-MM-DD */
export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Nothing was written: there is nothing to keep and nothing to sign. */
export function isBlank(draft: VisitDraft): boolean {
  return (
    [draft.symptoms, draft.examination, draft.notes, draft.advice, ...Object.values(draft.vitals)].every(
      (text) => text.trim() === '',
    ) &&
    draft.picture === undefined &&
    [draft.diagnoses, draft.tests, draft.medicines, draft.procedures].every((list) => list.length === 0)
  );
}
