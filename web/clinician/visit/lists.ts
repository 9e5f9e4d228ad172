// What can be chosen in a visit: diagnoses, tests, procedures and medicines of the shipped lists, and always one's own words.
import { form as electrolytes } from '../../../core/forms/shipped/electrolytes.ts';
import { form as glucose } from '../../../core/forms/shipped/glucose.ts';
import { form as haematology } from '../../../core/forms/shipped/haematology.ts';
import { form as lipids } from '../../../core/forms/shipped/lipids.ts';
import { form as urine } from '../../../core/forms/shipped/urine.ts';
import type { Form } from '../../../core/forms/form.ts';
import { plainKey, searchList } from '../../../core/record/code-lists/code-list.ts';
import type { ListEntry } from '../../../core/record/code-lists/code-list.ts';
import { conditions } from '../../../core/record/code-lists/conditions.ts';
import { diagnoses } from '../../../core/record/code-lists/diagnoses.ts';
import { examinations, panelCodes } from '../../../core/record/code-lists/examinations.ts';
import { medicines } from '../../../core/record/code-lists/medicines.ts';
import { icd10, loinc, snomed } from '../../../core/record/code-systems.ts';
import type { Code } from '../../../core/record/facts.ts';
import { ingredientsOfGroup, otherIngredients } from '../../../core/clinical/ingredient-table.ts';
import { codesOfChoice } from '../../../core/record/write-elements.ts';
import type { Named, Prescribed } from '../../../core/visit/draft.ts';
import { readLine } from '../../../core/visit/read-line.ts';
import type { Language } from '../../i18n/format.ts';
import type { AddOption } from './add-field.tsx';

const MOST = 7;

/** The panels and values of the laboratory's own forms, by the names and codes that their results will have. */
const tests: readonly ListEntry[] = [haematology, glucose, lipids, electrolytes, urine].flatMap(
  (form: Form) => [
    { id: form.id, en: form.words[0], hi: form.words[1], ...panelCodes(form.id) },
    ...form.groups
      .flatMap(({ fields }) => fields)
      .filter(({ code, computed }) => code?.system === 'http://loinc.org' && computed === undefined)
      .map(({ id, words, code }) => ({
        id: `${form.id}.${id}`,
        en: words[0],
        hi: words[1],
        codes: code === undefined ? [] : [code],
        aliases: [],
      })),
  ],
);

const first = (codes: readonly Code[]): Code[] => {
  const systems = new Set<string>();
  return codes.filter(({ system }) => !systems.has(system) && systems.add(system));
};

function named(
  list: readonly ListEntry[],
  typed: string,
  language: Language,
  ownWords: string,
): AddOption<Omit<Named, 'key'>>[] {
  const own = typed.trim();
  return bestFirst(
    typed,
    searchList(list, typed, MOST).map((entry) => ({
      id: entry.id,
      label: language === 'hi' ? entry.hi : entry.en,
      hint: [...(language === 'hi' ? [entry.en] : []), ...first(entry.codes).map(codeWords)].join(', '),
      value: { text: entry.en, codes: first(entry.codes) },
    })),
    { id: 'own', label: own, hint: ownWords, value: { text: own, codes: [] } },
  );
}

/** What begins with the typed words, then one's own, then what only has another name like it: Enter takes the first. */
function bestFirst<Value>(
  typed: string,
  options: readonly AddOption<Value>[],
  own: AddOption<Value>,
): AddOption<Value>[] {
  const sought = plainKey(typed);
  const begins = (option: AddOption<Value>): boolean =>
    plainKey(`${option.label} ${option.hint ?? ''}`).startsWith(sought) ||
    plainKey(option.hint ?? '').startsWith(sought);
  return [...options.filter(begins), own, ...options.filter((option) => !begins(option))];
}

const SYSTEMS: Readonly<Record<string, string>> = {
  [snomed]: 'SNOMED CT',
  [icd10]: 'ICD-10',
  [loinc]: 'LOINC',
};
const codeWords = ({ system, code }: Code): string => `${SYSTEMS[system] ?? ''} ${code}`.trim();

export const findDiagnosis = (typed: string, language: Language, ownWords: string) =>
  named([...diagnoses, ...conditions], typed, language, ownWords);
export const findTest = (typed: string, language: Language, ownWords: string) =>
  named([...tests, ...examinations], typed, language, ownWords);
export const findProcedure = (typed: string, language: Language, ownWords: string) =>
  named([], typed, language, ownWords);

/** The whole line is read; the list is searched by its name alone. */
export function findMedicine(
  typed: string,
  language: Language,
  ownWords: string,
): AddOption<Omit<Prescribed, 'key'>>[] {
  const { name, ...read } = readLine(typed);
  if (name === '') return [];
  const rest = { ...read, note: '', reasons: {} };
  const said = [
    read.dose === '' ? '' : `${read.dose} ${read.unit}`,
    read.perDay === '' ? '' : `${read.perDay} ×`,
    read.days === '' ? '' : `${read.days} d`,
  ].filter((part) => part !== '');
  return bestFirst(
    name,
    searchList(known, name, MOST).map((entry) => ({
      id: entry.id,
      label: [language === 'hi' ? `${entry.hi} (${entry.en})` : entry.en, ...said].join(', '),
      hint: language === 'hi' ? entry.en : undefined,
      value: { ...rest, text: entry.en, codes: first(entry.codes) },
    })),
    {
      id: 'own',
      label: [name, ...said].join(', '),
      hint: ownWords,
      value: { ...rest, text: name, codes: [...codesOfChoice(medicines, { text: name })] },
    },
  );
}

/** The record's own list, and every other ingredient that the checks know: what is chosen here is checked. */
const known: readonly ListEntry[] = [
  ...medicines,
  ...[...new Set([...Object.values(ingredientsOfGroup), otherIngredients].join(', ').split(', '))]
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
    .filter((name) => !medicines.some(({ en }) => en === name))
    .map((name) => ({ id: `ingredient-${name}`, en: name, hi: name, codes: [], aliases: [] })),
];
