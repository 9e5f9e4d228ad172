// The regular expressions that value sets may choose codes by, matched in time linear in the code, whatever the pattern:
// letters, `.`, classes and `\d \w \s`, each with `? * + {n} {n,m}`, and alternatives at the top. No groups.

export type CodePattern = (code: string) => boolean;

const maxPatternLength = 200;
const maxRepeats = 64;
const maxCodeLength = 200;

interface Atom {
  readonly accepts: RegExp;
  readonly lowest: number;
  readonly highest: number;
}

/** Undefined for a pattern that is not of this kind; it is then refused, not guessed at. */
export function codePattern(pattern: string): CodePattern | undefined {
  if (pattern.length > maxPatternLength) return undefined;
  const alternatives = pattern.replace(/^\^/, '').replace(/\$$/, '').split('|').map(atomsOf);
  if (alternatives.some((atoms) => atoms === undefined)) return undefined;
  return (code) => alternatives.some((atoms) => atoms !== undefined && matches(atoms, code));
}

const atom =
  /(\\[dws.\-\\/+*?]|\[(?:\^)?(?:[A-Za-z0-9_. -]|\\[dws.\-\\])+\]|\.|[A-Za-z0-9_:#@ -])(\?|\*|\+|\{\d{1,2}(?:,\d{0,2})?\})?/y;

function atomsOf(text: string): Atom[] | undefined {
  const atoms: Atom[] = [];
  let position = 0;
  while (position < text.length) {
    atom.lastIndex = position;
    const [whole, one, times = ''] = atom.exec(text) ?? [];
    if (whole === undefined || one === undefined) return undefined;
    const [lowest, highest] = repeats(times);
    if (lowest > maxRepeats || (highest !== Infinity && highest > maxRepeats) || highest < lowest)
      return undefined;
    try {
      atoms.push({ accepts: new RegExp(`^${one}$`, 'u'), lowest, highest });
    } catch {
      return undefined;
    }
    position += whole.length;
  }
  return atoms;
}

function repeats(times: string): [number, number] {
  if (times === '') return [1, 1];
  if (times === '?') return [0, 1];
  if (times === '*') return [0, Infinity];
  if (times === '+') return [1, Infinity];
  const [lowest = '0', highest] = times.slice(1, -1).split(',');
  return [
    Number(lowest),
    highest === undefined ? Number(lowest) : highest === '' ? Infinity : Number(highest),
  ];
}

/** Follows all ways at once: the set of places in the code that the atoms so far can end at. */
function matches(atoms: readonly Atom[], code: string): boolean {
  const letters = Array.from(code);
  if (letters.length > maxCodeLength) return false;
  let ends = new Set([0]);
  for (const { accepts, lowest, highest } of atoms) {
    const fits = letters.map((letter) => accepts.test(letter));
    const next = new Set<number>();
    for (const start of ends)
      for (let length = 0; length <= highest; length += 1) {
        if (length >= lowest) next.add(start + length);
        if (fits[start + length] !== true) break;
      }
    ends = next;
  }
  return ends.has(letters.length);
}
