// What a form is: groups of fields with their words, units, ranges and codes, and what resource each becomes. A form is data; the
// Questionnaire, the check of an answer and its extraction are made from it. Knows no storage.
import type { Code } from '../record/facts.ts';

/** In English and Hindi. */
export type Words = readonly [en: string, hi: string];

export interface Option {
  readonly id: string;
  readonly words: Words;
  /** Absent: our own system, with the id as code. */
  readonly code?: Code;
}

export type FieldKind = 'decimal' | 'integer' | 'choice' | 'text' | 'lines' | 'date' | 'yes-no' | 'file';

/** What a computed field is computed from; core/forms/compute.ts knows how. */
export type Computation = 'bmi' | 'cholesterol-hdl-ratio' | 'vldl' | 'ldl-hdl-ratio' | 'phq-9' | 'gad-7';

export interface Field {
  /** Its linkId within the form. */
  readonly id: string;
  readonly words: Words;
  readonly kind: FieldKind;
  readonly required?: true;
  readonly repeats?: true;
  /** Shown and UCUM. */
  readonly unit?: { readonly text: string; readonly ucum: string };
  /** What cannot be: outside is refused as a slip of the hand. */
  readonly range?: readonly [low: number, high: number];
  readonly options?: readonly Option[];
  /** Something else than the options may be written. */
  readonly open?: true;
  readonly code?: Code;
  /** Set by the server; what was sent is compared with it. */
  readonly computed?: Computation;
  /** Id of the reference bands in core/clinical/bands.ts. */
  readonly bands?: string;
  /** Its part in what the group becomes, or what it becomes by itself. */
  readonly as: string;
}

export interface Group {
  readonly id: string;
  readonly words: Words;
  readonly repeats?: true;
  /** What the fields of one group become together; absent: each becomes something by itself. */
  readonly as?: string;
  readonly fields: readonly Field[];
}

export interface Form {
  readonly id: string;
  readonly version: string;
  readonly words: Words;
  readonly audience: 'patient' | 'clinician' | 'both';
  /** v3-ActCode of a sensitivity: everything of this form is sealed. */
  readonly sealed?: string;
  readonly groups: readonly Group[];
}

/** Our own codes: fields by `form.field`, options by their id. */
export const fieldSystem = 'urn:medallion:form-field';
export const optionSystem = 'urn:medallion:form-option';

export const formUrl = (id: string): string => `urn:medallion:form:${id}`;

export function fieldsOf(form: Form): Field[] {
  return form.groups.flatMap(({ fields }) => fields);
}
