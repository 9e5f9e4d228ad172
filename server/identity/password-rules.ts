// What makes a password refused: too short, too long, found again and again, a pattern, or about the person. No rules of composition.
// Knows no hashes and no accounts. What it covers and what not: docs/decisions/passwords.md.
import { ApiError } from '../errors.ts';
import { commonStrings, commonWords } from './common-words.ts';

export const shortestPassword = 8;
export const longestPassword = 256;

export type PasswordProblem = 'too-short' | 'too-long' | 'not-text' | 'common' | 'pattern' | 'about-you';

const titles: Record<PasswordProblem, string> = {
  'too-short': `A password needs at least ${shortestPassword} characters.`,
  'too-long': `A password may have at most ${longestPassword} characters.`,
  'not-text': 'This password has characters in it that cannot be stored as they are. Choose another.',
  common:
    'Many people use this password, so it is among the first to be tried. Choose another: three or four unrelated words do well.',
  pattern:
    'This password follows a simple pattern, so it is among the first to be tried. Choose another: three or four unrelated words do well.',
  'about-you':
    'This password is mostly your name or login, so it is among the first to be tried. Choose another: three or four unrelated words do well.',
};

/** Throws 400 with code `password-` and the problem. `field` names where it was given. */
export function requireGoodPassword(password: string, about: readonly string[], field = 'password'): void {
  const problem = passwordProblem(password, about);
  if (problem)
    throw new ApiError(400, `password-${problem}`, titles[problem], { fields: [{ field, code: problem }] });
}

/** `about`: login, name and the like. Lengths are counted in code points. */
export function passwordProblem(password: string, about: readonly string[]): PasswordProblem | undefined {
  // Half a surrogate pair has no UTF-8 form: two different ones would become one password.
  if (!password.isWellFormed()) return 'not-text';
  const length = Array.from(password).length;
  if (length < shortestPassword) return 'too-short';
  if (length > longestPassword) return 'too-long';
  const plain = password.normalize('NFKC').toLowerCase();
  if (isCommon(plain)) return 'common';
  if (isPattern(plain)) return 'pattern';
  if (isAbout(plain, about)) return 'about-you';
  return undefined;
}

const figures: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '+': 't',
};

/** "p@55w0rd" as "password". `one` is what stands for 1 and !: i or l. */
function withoutFigures(text: string, one: string): string {
  return text.replace(/[0134578@$!+]/g, (sign) =>
    sign === '1' || sign === '!' ? one : (figures[sign] ?? sign),
  );
}

/** At most this many digits and signs before and behind a common word are no addition: a year, a count, an exclamation mark. */
const mostDecoration = 5;

function bare(text: string): string {
  const core = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return text.length - core.length <= mostDecoration ? core : text;
}

function isCommon(text: string): boolean {
  if (commonStrings.has(text)) return true;
  const forms = new Set<string>();
  for (const form of [text, bare(text), text.replace(/[\s._-]/g, '')]) {
    for (const one of ['i', 'l']) {
      const read = withoutFigures(form, one);
      forms.add(form).add(read).add(bare(read)).add(bare(form));
    }
  }
  return [...forms].some((form) => isListed(form) || isListedTwice(form));
}

/** Old systems kept eight letters of a password, so the lists of stolen ones are full of words cut there: "butterfl". */
const cutWords: ReadonlySet<string> = new Set(
  [...commonWords].filter((w) => w.length > 8).map((w) => w.slice(0, 8)),
);

const isListed = (form: string): boolean =>
  commonWords.has(form) || cutWords.has(form) || (form.endsWith('s') && commonWords.has(form.slice(0, -1)));

/** "dragondragon". */
function isListedTwice(form: string): boolean {
  const half = form.slice(0, form.length / 2);
  return form.length % 2 === 0 && half + half === form && isListed(bare(half));
}

const keyRows = ['`1234567890-=', ' qwertyuiop[]', " asdfghjkl;'", ' zxcvbnm,./'];
const keyPlace = new Map<string, [number, number]>();
for (const [row, keys] of keyRows.entries())
  for (const [column, key] of Array.from(keys).entries()) if (key !== ' ') keyPlace.set(key, [row, column]);

/** Direction between two neighbouring keys, as a text that equal steps share; undefined when they are not neighbours. */
function keyStep(from: string, to: string): string | undefined {
  const a = keyPlace.get(from);
  const b = keyPlace.get(to);
  if (!a || !b) return undefined;
  const [down, right] = [b[0] - a[0], b[1] - a[1]];
  return Math.abs(down) <= 1 && Math.abs(right) <= 1 ? `${down},${right}` : undefined;
}

function alphabetStep(from: string, to: string): number | undefined {
  if (!/^[\p{L}\p{N}]$/u.test(from) || !/^[\p{L}\p{N}]$/u.test(to)) return undefined;
  const step = (to.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0);
  return Math.abs(step) <= 1 ? step : undefined;
}

/** How many characters from `start` on form one run: a repeat, a sequence (3 or more), or a walk over neighbouring keys (4 or more). */
function runLength(characters: readonly string[], start: number): number {
  const at = (index: number) => characters[index] ?? '';
  let straight = 1;
  let step: string | number | undefined;
  while (start + straight < characters.length) {
    const [from, to] = [at(start + straight - 1), at(start + straight)];
    const next: string | number | undefined = alphabetStep(from, to) ?? (from === to ? 0 : keyStep(from, to));
    if (next === undefined || (straight > 1 && next !== step)) break;
    step = next;
    straight++;
  }
  let walk = 1;
  while (start + walk < characters.length && keyStep(at(start + walk - 1), at(start + walk)) !== undefined)
    walk++;
  return Math.max(straight >= 3 ? straight : 0, walk >= 4 ? walk : 0);
}

/** Beyond this length a simple pattern is no longer among the first to be tried, save one sign over and over. */
const longestPattern = 20;

function isPattern(text: string): boolean {
  const characters = Array.from(text);
  if (new Set(characters).size <= 2) return true;
  if (characters.length > longestPattern) return false;
  for (let period = 1; period <= 4; period++) {
    if (characters.every((character, index) => index < period || character === characters[index - period]))
      return true;
  }
  if (isDate(text)) return true;
  let loose = 0;
  for (let index = 0; index < characters.length;) {
    const run = runLength(characters, index);
    if (run === 0) loose++;
    index += Math.max(run, 1);
  }
  return loose <= 2;
}

/** Eight digits, possibly parted, that read as a day of 1900 to 2099: a birth date is the first guess of whoever knows the person. */
function isDate(text: string): boolean {
  const digits = text.replace(/[./ -]/g, '');
  if (!/^\d{8}$/.test(digits)) return false;
  const part = (from: number, to: number) => Number(digits.slice(from, to));
  const plausible = (year: number, a: number, b: number) =>
    year >= 1900 &&
    year <= 2099 &&
    ((a >= 1 && a <= 12 && b >= 1 && b <= 31) || (b >= 1 && b <= 12 && a >= 1 && a <= 31));
  return plausible(part(0, 4), part(4, 6), part(6, 8)) || plausible(part(4, 8), part(0, 2), part(2, 4));
}

/** True when, with the person's own words taken out, too little of the password is left to guess. */
function isAbout(text: string, about: readonly string[]): boolean {
  const words = [...about, 'medallion']
    .flatMap((one) => {
      const plain = one.normalize('NFKC').toLowerCase();
      return [plain, ...plain.split(/[^\p{L}\p{M}\p{N}]+/u)];
    })
    .filter((word) => Array.from(word).length >= 3)
    .toSorted((a, b) => b.length - a.length);
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, '');
  return rest.length < text.length && Array.from(rest.replace(/[^\p{L}\p{N}]/gu, '')).length < 5;
}
