// What is in a medicine, by its codes and its names: active ingredients and the groups they belong to. Salts, strengths, forms and the
// order of words do not matter. What is not recognised is not guessed. Knows no rules.
import { atc } from '../record/code-systems.ts';
import { allergens } from '../record/code-lists/allergens.ts';
import { findEntry, plainText } from '../record/code-lists/code-list.ts';
import { medicines } from '../record/code-lists/medicines.ts';
import type { Code } from '../record/facts.ts';
import type { GroupId } from './ingredient-table.ts';
import {
  atcGroups,
  compounds,
  groupNames,
  ingredientsOfGroup,
  otherIngredients,
  otherNames,
} from './ingredient-table.ts';

export interface Contents {
  /** Names of ingredients, in the order in which they were found. */
  readonly ingredients: ReadonlySet<string>;
  readonly groups: ReadonlySet<GroupId>;
}

const namesIn = (list: string): string[] => list.split(',').map((name) => name.trim());

const groupsOfIngredient: ReadonlyMap<string, readonly GroupId[]> = (() => {
  const groups = new Map<string, GroupId[]>();
  for (const [group, list] of Object.entries(ingredientsOfGroup) as [GroupId, string][])
    for (const name of namesIn(list)) groups.set(name, [...(groups.get(name) ?? []), group]);
  return groups;
})();

/** Every ingredient that is known. */
export const ingredientNames: ReadonlySet<string> = new Set([
  ...groupsOfIngredient.keys(),
  ...namesIn(otherIngredients),
]);

/** Names of more than this many words are not looked for. */
const longestName = 4;
/** More words than this are not read: a name is short. */
const mostWords = 60;

// Also the acid of a salt: "atorvastatin calcium" holds no calcium that anybody means.
const onlyAlone: ReadonlySet<string> = new Set(['calcium', 'iron']);

const byName: ReadonlyMap<string, readonly string[]> = (() => {
  const names = new Map<string, readonly string[]>();
  for (const name of ingredientNames) names.set(wordsOf(name).join(' '), [name]);
  for (const [name, is] of Object.entries(otherNames)) names.set(name, [is]);
  for (const [name, holds] of Object.entries(compounds)) names.set(name, holds);
  // Other names in the record's own list, brand names among them, where the list says what they are.
  const own = new Map(names);
  for (const { en, aliases } of medicines) {
    const holds = [...readNames(wordsOf(en), own)];
    if (holds.length === 0) continue;
    for (const alias of aliases) {
      const key = wordsOf(alias).join(' ');
      if (key !== '' && key.split(' ').length <= longestName && !names.has(key)) names.set(key, holds);
    }
  }
  return names;
})();

const byCode: ReadonlyMap<string, readonly string[]> = new Map(
  medicines.flatMap(({ en, codes, aliases }) => {
    const named = readNames(wordsOf(en), byName);
    const holds =
      named.size > 0 ? named : new Set(aliases.flatMap((a) => [...readNames(wordsOf(a), byName)]));
    return codes.map(({ system, code }): [string, string[]] => [`${system}|${code}`, [...holds]]);
  }),
);

function wordsOf(text: string): string[] {
  return plainText(text.slice(0, 1000))
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords);
}

/** Longest names first, each word used once. */
function readNames(words: readonly string[], names: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < words.length;) {
    let taken = 0;
    for (let length = Math.min(longestName, words.length - at); length > 0 && taken === 0; length--) {
      const holds = names.get(words.slice(at, at + length).join(' '));
      if (holds === undefined) continue;
      taken = length;
      for (const one of holds) if (!onlyAlone.has(one) || found.size === 0) found.add(one);
    }
    at += Math.max(taken, 1);
  }
  return found;
}

function contentsOf(ingredients: ReadonlySet<string>, more: Iterable<GroupId> = []): Contents {
  const groups = new Set<GroupId>(more);
  for (const name of ingredients) for (const group of groupsOfIngredient.get(name) ?? []) groups.add(group);
  return { ingredients, groups };
}

/** The groups of one ingredient. */
export function groupsOfName(name: string): readonly GroupId[] {
  return groupsOfIngredient.get(name) ?? [];
}

/** What is in a medicine. `texts`: its name as written, the displays of its codes. */
export function contentsOfMedicine(codes: readonly Code[], texts: readonly string[]): Contents {
  const ingredients = new Set<string>();
  const groups = new Set<GroupId>();
  for (const { system, code } of codes) {
    for (const name of byCode.get(`${system}|${code}`) ?? []) ingredients.add(name);
    if (system === atc)
      for (const [prefix, group] of atcGroups) if (code.startsWith(prefix)) groups.add(group);
  }
  for (const text of texts) for (const name of readNames(wordsOf(text), byName)) ingredients.add(name);
  return contentsOf(ingredients, groups);
}

/** What somebody is allergic to: as of a medicine, and whole groups by their name ("sulfa drugs"). */
export function contentsOfAllergen(
  codes: readonly Code[],
  texts: readonly string[],
): Contents & { readonly named: ReadonlySet<GroupId> } {
  const entry = findEntry(allergens, codes, '');
  const all = entry === undefined ? texts : [...texts, entry.en];
  const named = new Set<GroupId>();
  for (const text of all) {
    const words = wordsOf(text).map((word) => (word.length > 4 ? word.replace(/s$/, '') : word));
    for (let at = 0; at < words.length; at++)
      for (let length = 1; length <= longestName; length++) {
        const group = groupNames[words.slice(at, at + length).join(' ')];
        if (group !== undefined) named.add(group);
      }
  }
  for (const { system, code } of codes)
    if (system === atc && code.length < 7)
      for (const [prefix, group] of atcGroups) if (code.startsWith(prefix)) named.add(group);
  const { ingredients, groups } = contentsOfMedicine(codes, all);
  if (ingredients.has('penicillin')) named.add('penicillin');
  if (ingredients.has('tetracycline')) named.add('tetracycline');
  return { ingredients, groups: new Set([...groups, ...named]), named };
}
