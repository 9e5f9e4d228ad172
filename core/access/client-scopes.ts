// What a program may do, as SMART scopes say it (system/Type.cruds): read from text, narrowed, written back. Knows no client.

export interface ClientScope {
  /** `*` or one resource type. */
  readonly types: string;
  readonly c: boolean;
  readonly r: boolean;
  readonly u: boolean;
  readonly d: boolean;
  readonly s: boolean;
}

export type ScopeLetter = 'c' | 'r' | 'u' | 'd' | 's';

const letters: readonly ScopeLetter[] = ['c', 'r', 'u', 'd', 's'];
/** SMART v1 by the letters of v2. */
const versionOne: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

export type ScopeProblem =
  | 'malformed'
  /** `patient/…`, `user/…`, `openid` and the like: they need a person. */
  | 'not-for-programs'
  /** `system/Observation.rs?category=…`. */
  | 'filter-not-offered'
  | 'type-unknown';

/** One scope; a problem when it is none that a program can have. */
export function parseClientScope(
  text: string,
  isType: (name: string) => boolean,
): ClientScope | ScopeProblem {
  if (text.includes('?')) return 'filter-not-offered';
  const [, level, types = '', rights = ''] =
    /^(patient|user|system)\/(\*|[A-Za-z]{1,64})\.(\*|[a-z]{1,8})$/.exec(text) ?? [];
  if (level === undefined)
    return /^(openid|fhirUser|profile|offline_access|online_access|launch(\/[a-z]{1,64})?)$/.test(text)
      ? 'not-for-programs'
      : 'malformed';
  if (level !== 'system') return 'not-for-programs';
  const given = versionOne[rights] ?? rights;
  // At least one letter, none twice, in the order that SMART asks for.
  if (given === '' || !/^c?r?u?d?s?$/.test(given)) return 'malformed';
  if (types !== '*' && !isType(types)) return 'type-unknown';
  return withLetters(types, (letter) => given.includes(letter));
}

function withLetters(types: string, has: (letter: ScopeLetter) => boolean): ClientScope {
  return { types, c: has('c'), r: has('r'), u: has('u'), d: has('d'), s: has('s') };
}

/** Whether the scopes allow an interaction with a type. `*` asks for all types at once. */
export function scopesAllow(scopes: readonly ClientScope[], letter: ScopeLetter, type: string): boolean {
  return scopes.some((scope) => (scope.types === '*' || scope.types === type) && scope[letter]);
}

/** What is both asked for and allowed: never more than either. One scope for each type, in a stable order. */
export function narrowScopes(
  asked: readonly ClientScope[],
  allowed: readonly ClientScope[],
): readonly ClientScope[] {
  const types = new Set([...asked, ...allowed].map((scope) => scope.types));
  const narrowed = [...types]
    .toSorted()
    .map((type) =>
      withLetters(type, (letter) => scopesAllow(asked, letter, type) && scopesAllow(allowed, letter, type)),
    );
  const all = narrowed.find((scope) => scope.types === '*');
  return narrowed.filter(
    (scope) =>
      letters.some((letter) => scope[letter]) &&
      // What `*` says already is not said again.
      (scope.types === '*' || letters.some((letter) => scope[letter] && all?.[letter] !== true)),
  );
}

export function scopeText(scopes: readonly ClientScope[]): string {
  return scopes
    .map((scope) => `system/${scope.types}.${letters.filter((letter) => scope[letter]).join('')}`)
    .join(' ');
}
