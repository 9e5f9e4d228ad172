// One part of a fact and what is needed to put it into words.
import type { TFunction } from 'i18next';
import type { SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { patientRecord } from '../../i18n/en/patient-record.ts';
import type { Language } from '../../i18n/format.ts';
import type { SayTerm } from './terms.ts';

export type PartKey =
  Extract<keyof typeof patientRecord, `part.${string}`> extends `part.${infer Key}` ? Key : never;

export interface Part {
  readonly key: PartKey;
  /** As it stands in a row: "Since 2019". */
  readonly words: string;
  /** In the line of the value itself. The first part always is. */
  readonly inTitle?: boolean;
  /** A note of its own line. */
  readonly own?: boolean;
}

/** What is needed to put a fact into words. */
export interface Say {
  readonly t: TFunction<'patient-record'>;
  readonly term: SayTerm;
  readonly date: (value: string) => string;
  readonly quantity: (value: number, unit: string) => string;
  readonly age: (birthDate: string) => number | undefined;
  readonly language: Language;
}

export type PartsOf<Id extends SectionId> = (value: SectionValues[Id], say: Say) => readonly Part[];

/** A part that is only there when there is something to say. */
export function part(
  key: PartKey,
  words: string | undefined,
  place: Pick<Part, 'inTitle' | 'own'> = {},
): Part[] {
  return words === undefined || words === '' ? [] : [{ key, words, ...place }];
}
