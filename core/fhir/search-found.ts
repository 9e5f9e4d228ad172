// The search index of one resource while it is made, and how its values are found along a path.

import { isJsonObject } from './json.ts';
import type { HashSeed } from './search-hash.ts';
import { keyOf } from './search-keys.ts';
import type { SearchStep } from './search-parameters.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export interface SearchIndex {
  /** Bit `n` is set if the parameter of that bit has a value; below 2^53. */
  readonly present: number;
  /** Keys of tokens, references, URIs and of beginnings of strings, each once. */
  readonly keys: readonly bigint[];
  readonly rangeKeys: readonly bigint[];
  /** Two for each range key: first and last millisecond since 1970, or lowest and highest number. Open ends are infinite. */
  readonly rangeBounds: readonly number[];
  /** Each opens with the tag of its path; as `searchableText` writes it. */
  readonly strings: readonly string[];
}

/** Takes what the leaves find. */
export class Found {
  readonly resource: Resource;
  readonly ownBase: string | undefined;
  readonly keys = new Set<bigint>();
  readonly rangeKeys: bigint[] = [];
  readonly rangeBounds: number[] = [];
  readonly strings = new Set<string>();
  #low = 0;
  #high = 0;

  constructor(resource: Resource, ownBase: string | undefined) {
    this.resource = resource;
    this.ownBase = ownBase;
  }

  key(text: string, place: HashSeed): void {
    this.keys.add(keyOf(text, place));
  }

  range(text: string, place: HashSeed, low: number, high: number): void {
    this.rangeKeys.push(keyOf(text, place));
    this.rangeBounds.push(low, high);
  }

  mark(bits: readonly number[]): void {
    for (const bit of bits)
      if (bit < 30) this.#low |= 1 << bit;
      else this.#high |= 1 << (bit - 30);
  }

  get present(): number {
    return this.#high * 2 ** 30 + this.#low;
  }
}

/** The values at the end of a path below an object, in document order. */
export function valuesAlong(object: JsonObject, steps: readonly SearchStep[]): JsonValue[] {
  let values: JsonValue[] = [object];
  for (const { property, filter, index } of steps)
    values = values.flatMap((value) => {
      const below = isJsonObject(value) ? value[property] : undefined;
      if (below === undefined || below === null) return [];
      const items = Array.isArray(below) ? below : [below];
      return (index === undefined ? items : items.slice(index, index + 1)).filter(
        (item) =>
          item !== null &&
          (filter === undefined || (isJsonObject(item) && item[filter.property] === filter.value)),
      );
    });
  return values;
}
