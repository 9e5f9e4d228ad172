// The names under which values stand in the search index: one 64-bit key for a value in a place, the same for what is stored
// and for what is asked. A place is a path in a resource type; parameters with a common path share its keys.

import { hash64, type HashSeed, seedOf } from './search-hash.ts';
import type { SearchPath } from './search-parameters.ts';

/** What kind of key it is: the same path may be searched as a token and as a reference. */
type Use = 'token' | 'reference' | 'uri' | 'range' | 'prefix' | 'sound' | 'identifier' | 'pair';

const seeds = new Map<string, HashSeed>();

/** Keys of `meta` are the same for all types: a search over all of them needs one key. */
export function placeOf(resourceType: string, pathText: string, use: Use): HashSeed {
  const name = `${pathText.startsWith('meta.') ? '' : resourceType}.${pathText}#${use}`;
  const found = seeds.get(name);
  if (found !== undefined) return found;
  const seed = seedOf(name);
  seeds.set(name, seed);
  return seed;
}

export const keyOf = (text: string, place: HashSeed): bigint => hash64(text, place);

/** A code of any system. */
export const codeForm = (code: string): string => `c${code}`;
/** A code of one system; of none if it is empty. A system holds no space, so that the two cannot run together. */
export const systemCodeForm = (system: string, code: string): string => `s${system} ${code}`;
/** Any code of a system. */
export const systemForm = (system: string): string => `a${system}`;
/** An identifier of a type: `:of-type`. */
export const ofTypeForm = (system: string, code: string, value: string): string =>
  `t${system} ${code} ${value}`;
/** A whole day, of elements that are dates and not times. */
export const dayForm = (date: string): string => `d${date}`;
/** Two things in one element. */
export const pairForm = (first: string, second: string): string => `${first}\n${second}`;

const tags = new Map<string, string>();

/** Opens each string of the index, and says from which path it is. Texts of coded elements have a tag of their own. */
export function stringTag(path: Pick<SearchPath, 'text'>, use: 'value' | 'display' = 'value'): string {
  const name = use === 'display' ? `${path.text}#display` : path.text;
  const found = tags.get(name);
  if (found !== undefined) return found;
  const tag = `${(seedOf(name).low % 46_656).toString(36).padStart(3, '0')}:`;
  tags.set(name, tag);
  return tag;
}

/** Characters of a string that stand as a key of their own, so that beginnings are found over all records. */
const prefixLength = 3;

/** Undefined if the text is shorter. */
export function prefixOf(text: string): string | undefined {
  let end = 0;
  for (let i = 0; i < prefixLength; i += 1) {
    const point = text.codePointAt(end);
    if (point === undefined) return undefined;
    end += point > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** How the words of a text sound: Soundex of Latin letters, other words as they are. `text` is as `searchableText` gives it. */
export function soundsOf(text: string): string[] {
  return text
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (/^[a-z]+$/.test(word) ? soundex(word) : word));
}

const soundClasses = '01230120022455012623010202';

function soundex(word: string): string {
  let code = word[0] ?? '';
  let last = soundClasses[word.charCodeAt(0) - 97];
  for (let i = 1; i < word.length && code.length < 4; i += 1) {
    const letter = word[i] ?? '';
    const sound = soundClasses[word.charCodeAt(i) - 97] ?? '0';
    if (sound !== '0' && sound !== last) code += sound;
    // `h` and `w` do not part two letters of one sound; a vowel does.
    if (letter !== 'h' && letter !== 'w') last = sound;
  }
  return code.padEnd(4, '0');
}
