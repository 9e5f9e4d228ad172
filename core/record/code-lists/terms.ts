// The one look-up from a recorded term to its word in a language, over all lists.
// Falls back to the words of the source: a term that is on no list is shown as it was recorded.

import type { Code } from '../facts.ts';
import { allergens, reactions } from './allergens.ts';
import { identicalEntry, type ListEntry, type ListLanguage } from './code-list.ts';
import { conditions } from './conditions.ts';
import { implants } from './implants.ts';
import { languages } from './languages.ts';
import { medicineEntry, medicines } from './medicines.ts';
import { bloodGroups, disabilities, organs, relations, routes } from './small-lists.ts';
import { vaccines } from './vaccines.ts';

export const codeLists = {
  allergens,
  reactions,
  conditions,
  medicines,
  vaccines,
  implants,
  disabilities,
  relations,
  languages,
  bloodGroups,
  organs,
  routes,
} as const;

export type CodeListName = keyof typeof codeLists;

/**
 * The word for a recorded term. English keeps the words of the source, and takes the list's where the source gives a bare code;
 * Hindi takes the list's word where there is one for exactly this; whoever shows a medicine or a substance in Hindi adds the Latin name in brackets.
 */
export function termIn(
  language: ListLanguage,
  listName: CodeListName,
  text: string,
  codes: readonly Code[],
): string {
  if (language === 'en' && codes.every(({ code }) => code !== text)) return text;
  const entry: ListEntry | undefined =
    listName === 'medicines' ? exactMedicine(codes, text) : identicalEntry(codeLists[listName], codes, text);
  return entry === undefined ? text : entry[language];
}

// "Warfarin 5 MG Oral Tablet" must not shrink to "Warfarin": only a name that is the medicine itself is translated.
function exactMedicine(codes: readonly Code[], text: string): ListEntry | undefined {
  const entry = medicineEntry(codes, text);
  return entry !== undefined && identicalEntry([entry], [], text) !== undefined ? entry : undefined;
}
