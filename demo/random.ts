// Chance that can be repeated: the same seed gives the same people, values and ids on every machine. Not for secrets.

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** Around `middle`, seldom further away than `spread`. */
  around(middle: number, spread: number): number;
}

/** A stream of its own for each text: adding a draw to one person changes no other. */
export function chanceOf(seed: string): Chance {
  let state = hashOf(seed);
  const next = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    happens: (probability) => next() < probability,
    around: (middle, spread) => middle + ((next() + next() + next()) / 1.5 - 1) * spread,
  };
}

/** A UUID that is always the same for the same text, in the form of version 4. */
export function idOf(seed: string): string {
  const chance = chanceOf(seed);
  const hex = (count: number): string =>
    Array.from({ length: count }, () => chance.whole(0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${chance.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`;
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
