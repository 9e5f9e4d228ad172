// Short ways to write a field of a form, so that a form reads like the paper it stands for. Knows no form.
import { loinc, snomed } from '../record/code-systems.ts';
import type { Code } from '../record/facts.ts';
import type { Field, Group, Option, Words } from './form.ts';

type More = Partial<Omit<Field, 'id' | 'words' | 'kind' | 'as'>>;

export const loincCode = (code: string, display: string): Code => ({ system: loinc, code, display });
export const snomedCode = (code: string, display: string): Code => ({ system: snomed, code, display });

/** A number with its unit. `as`: `laboratory`, `vital-signs`, `exam`, … the category of an Observation. */
export function number(
  id: string,
  words: Words,
  as: string,
  [text, ucum]: readonly [text: string, ucum: string],
  range: readonly [number, number],
  more: More = {},
): Field {
  return { id, words, kind: 'decimal', as, unit: { text, ucum }, range, ...more };
}

export function choice(
  id: string,
  words: Words,
  as: string,
  options: readonly Option[],
  more: More = {},
): Field {
  return { id, words, kind: 'choice', as, options, ...more };
}

export const text = (id: string, words: Words, as: string, more: More = {}): Field => ({
  id,
  words,
  kind: 'text',
  as,
  ...more,
});
export const lines = (id: string, words: Words, as: string, more: More = {}): Field => ({
  id,
  words,
  kind: 'lines',
  as,
  ...more,
});
export const date = (id: string, words: Words, as: string, more: More = {}): Field => ({
  id,
  words,
  kind: 'date',
  as,
  ...more,
});
export const yesNo = (id: string, words: Words, as: string, more: More = {}): Field => ({
  id,
  words,
  kind: 'yes-no',
  as,
  ...more,
});
/** A file that was uploaded before: its address in this record. */
export const file = (id: string, words: Words, as = 'document', more: More = {}): Field => ({
  id,
  words,
  kind: 'file',
  as,
  repeats: true,
  ...more,
});

export const option = (id: string, en: string, hi: string, code?: Code): Option => ({
  id,
  words: [en, hi],
  ...(code === undefined ? {} : { code }),
});

export const group = (
  id: string,
  words: Words,
  fields: readonly Field[],
  more: Partial<Pick<Group, 'as' | 'repeats'>> = {},
): Group => ({ id, words, fields, ...more });

/** Absent, then more and more of it, as strips and microscopes tell. */
export const amounts: readonly Option[] = [
  option('nil', 'Nil', 'नहीं'),
  option('trace', 'Trace', 'बहुत थोड़ा'),
  option('1+', '1+', '1+'),
  option('2+', '2+', '2+'),
  option('3+', '3+', '3+'),
  option('4+', '4+', '4+'),
];
