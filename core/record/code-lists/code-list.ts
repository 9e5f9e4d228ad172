// What a code list is, and how one is searched: by the start of any word, in English or Hindi, marks ignored.
// A list never invents a code: an entry without a code is stored as text.

import type { Code } from '../facts.ts';

export type ListLanguage = 'en' | 'hi';

/** `id` is stable and safe in addresses. `aliases`: other names people search for, brand names, old spellings. */
export type ListEntry = {
  readonly id: string;
  readonly en: string;
  readonly hi: string;
  readonly codes: readonly Code[];
  readonly aliases: readonly string[];
};

const spacing = /[\s\u00a0()[\]{},;:./\\'"’`+*&-]+/u;

/** Lower case, without accents and without the Devanagari nukta, so that ज and ज़ find each other. */
export function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u093c\u200c\u200d]/gu, '')
    .toLowerCase();
}

/** The words of a text in plain form. */
export function plainWords(text: string): string[] {
  return plainText(text)
    .split(spacing)
    .filter((word) => word !== '');
}

/** The same key for the same words, whatever the case, marks and punctuation. */
export function plainKey(text: string): string {
  return plainWords(text).join(' ');
}

/**
 * Entries in which every word of the query starts some word of the name or an alias. Those whose name begins
 * with the query come first; otherwise the order of the list, which is by importance.
 */
export function searchList<E extends ListEntry>(list: readonly E[], query: string, limit = 8): E[] {
  const asked = plainWords(query.slice(0, 200));
  if (asked.length === 0) return list.slice(0, limit);
  const begins: E[] = [];
  const contains: E[] = [];
  for (const entry of list) {
    const names = [entry.en, entry.hi, ...entry.aliases];
    const found = names.some((name) => {
      const words = plainWords(name);
      return asked.every((part) => words.some((word) => word.startsWith(part)));
    });
    if (!found) continue;
    const first = asked.join(' ');
    (names.some((name) => plainKey(name).startsWith(first)) ? begins : contains).push(entry);
  }
  return [...begins, ...contains].slice(0, limit);
}

type ListIndex<E> = {
  readonly byCode: ReadonlyMap<string, E>;
  /** By name or alias, and by name alone. */
  readonly byAnyName: ReadonlyMap<string, E>;
  readonly byOwnName: ReadonlyMap<string, E>;
};

const indexes = new WeakMap<readonly ListEntry[], ListIndex<ListEntry>>();

function indexOf<E extends ListEntry>(list: readonly E[]): ListIndex<E> {
  const known = indexes.get(list) as ListIndex<E> | undefined;
  if (known !== undefined) return known;
  const byCode = new Map<string, E>();
  const byAnyName = new Map<string, E>();
  const byOwnName = new Map<string, E>();
  for (const entry of list) {
    for (const code of entry.codes) {
      const key = `${code.system}|${code.code}`;
      if (!byCode.has(key)) byCode.set(key, entry);
    }
    for (const name of [entry.en, entry.hi, ...entry.aliases]) {
      const key = plainKey(name);
      if (!byAnyName.has(key)) byAnyName.set(key, entry);
    }
    byOwnName.set(plainKey(entry.en), entry);
    byOwnName.set(plainKey(entry.hi), entry);
  }
  const index = { byCode, byAnyName, byOwnName };
  indexes.set(list, index);
  return index;
}

/** The entry that carries one of the codes, else the one whose name or alias is exactly the text. */
export function findEntry<E extends ListEntry>(
  list: readonly E[],
  codes: readonly Code[],
  text: string,
): E | undefined {
  const index = indexOf(list);
  for (const code of codes) {
    const entry = index.byCode.get(`${code.system}|${code.code}`);
    if (entry !== undefined) return entry;
  }
  return text === '' ? undefined : index.byAnyName.get(plainKey(text));
}

/** The entry that carries one of the codes, else the one with exactly this name; other names do not count. */
export function identicalEntry<E extends ListEntry>(
  list: readonly E[],
  codes: readonly Code[],
  text: string,
): E | undefined {
  return findEntry(list, codes, '') ?? indexOf(list).byOwnName.get(plainKey(text));
}

export function entryById<E extends ListEntry>(list: readonly E[], id: string): E | undefined {
  return list.find((entry) => entry.id === id);
}
