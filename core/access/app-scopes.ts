// What an app may do on behalf of a person, as SMART scopes say it (patient/Type.cruds?filter, user/…): read, met with each other,
// written back, and asked about one thing. They only narrow: whoever asks here has the person's own decision already.
import { meets, standsAlone } from '../fhir/search-matches.ts';
import { and, or, type SearchCondition } from '../fhir/search-condition.ts';
import { searchIndex } from '../fhir/search-index.ts';
import type { Resource } from '../fhir/types.ts';
import type { ScopeLetter } from './client-scopes.ts';

export interface AppScope {
  /** `patient`: only the record that the app was opened for. `user`: whatever its person may. */
  readonly level: 'patient' | 'user';
  /** `*` or one resource type. */
  readonly types: string;
  readonly letters: string;
  /** Only what this search would find. */
  readonly filter?: { readonly text: string; readonly condition: SearchCondition };
}

export type AppScopeProblem = 'malformed' | 'type-unknown' | 'filter-not-understood' | 'for-programs';

const versionOne: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** One scope over data; a problem when it is none that a person can give. */
export function parseAppScope(
  text: string,
  isType: (name: string) => boolean,
  readFilter: (type: string, query: string) => SearchCondition | undefined,
): AppScope | AppScopeProblem {
  const [, level, types = '', rights = '', query] =
    /^(patient|user|system)\/(\*|[A-Za-z]{1,64})\.(\*|[a-z]{1,8})(?:\?([^\s]{1,500}))?$/.exec(text) ?? [];
  if (level === undefined) return 'malformed';
  if (level === 'system') return 'for-programs';
  const letters = versionOne[rights] ?? rights;
  // At least one letter, none twice, in the order that SMART asks for.
  if (letters === '' || !/^c?r?u?d?s?$/.test(letters)) return 'malformed';
  if (types !== '*' && !isType(types)) return 'type-unknown';
  const scope = { level: level as AppScope['level'], types, letters };
  if (query === undefined) return scope;
  const condition = types === '*' ? undefined : readFilter(types, query);
  if (condition === undefined || !standsAlone(condition)) return 'filter-not-understood';
  return { ...scope, filter: { text: query, condition } };
}

export function appScopeText({ level, types, letters, filter }: AppScope): string {
  return `${level}/${types}.${letters}${filter ? `?${filter.text}` : ''}`;
}

/** What both lists hold: never more than either. Each text once, in the order of the first list. */
export function meetAppScopes(asked: readonly AppScope[], allowed: readonly AppScope[]): AppScope[] {
  const met = new Map<string, AppScope>();
  for (const one of asked)
    for (const other of allowed) {
      const both = meet(one, other);
      if (both) met.set(appScopeText(both), both);
    }
  const all = [...met.values()];
  // What another one says already is not said again.
  return all.filter((one) => !all.some((other) => other !== one && holds(other, one)));
}

function meet(a: AppScope, b: AppScope): AppScope | undefined {
  const types = a.types === '*' ? b.types : b.types === '*' || a.types === b.types ? a.types : undefined;
  const letters = a.letters
    .split('')
    .filter((letter) => b.letters.includes(letter))
    .join('');
  if (types === undefined || letters === '') return undefined;
  const level = a.level === 'patient' || b.level === 'patient' ? 'patient' : 'user';
  return { level, types, letters, ...meetFilters(a.filter, b.filter) };
}

function meetFilters(a: AppScope['filter'], b: AppScope['filter']): Pick<AppScope, 'filter'> {
  if (a === undefined || b === undefined || a.text === b.text) {
    const filter = a ?? b;
    return filter ? { filter } : {};
  }
  return { filter: { text: `${a.text}&${b.text}`, condition: and([a.condition, b.condition]) } };
}

/** Whether `wide` allows all that `narrow` does. */
export function holds(wide: AppScope, narrow: AppScope): boolean {
  return (
    (wide.level === 'user' || narrow.level === 'patient') &&
    (wide.types === '*' || wide.types === narrow.types) &&
    narrow.letters.split('').every((letter) => wide.letters.includes(letter)) &&
    (wide.filter === undefined || wide.filter.text === narrow.filter?.text)
  );
}

/** The scopes that say anything about an interaction with a type; `*` asks for any type. */
export function appScopesFor(
  scopes: readonly AppScope[],
  letter: ScopeLetter,
  type: string,
): readonly AppScope[] {
  return scopes.filter(
    ({ types, letters }) => (types === '*' || types === type || type === '*') && letters.includes(letter),
  );
}

export interface AppSubject {
  readonly patientId: string;
  readonly resourceType: string;
  /** Without it a scope with a filter holds nothing: what is not known counts against it. */
  readonly resource?: Resource;
}

export function appScopesAllow(
  scopes: readonly AppScope[],
  inContext: string | undefined,
  letter: ScopeLetter,
  { patientId, resourceType, resource }: AppSubject,
): boolean {
  return appScopesFor(scopes, letter, resourceType).some(({ level, filter }) => {
    if (level === 'patient' && patientId !== '' && patientId !== inContext) return false;
    if (filter === undefined) return true;
    return resource !== undefined && meets(resource, searchIndex(resource), filter.condition);
  });
}

/** What of one record a search over a type may find: everything, only what meets a condition, or nothing. */
export function appFilter(
  scopes: readonly AppScope[],
  inContext: string | undefined,
  letter: ScopeLetter,
  { patientId, resourceType }: AppSubject,
): 'everything' | SearchCondition | undefined {
  const open = appScopesFor(scopes, letter, resourceType).filter(
    ({ level }) => level === 'user' || patientId === '' || patientId === inContext,
  );
  if (open.length === 0) return undefined;
  const filters = open.map(({ filter }) => filter?.condition);
  const conditions = filters.filter((one) => one !== undefined);
  return conditions.length < filters.length ? 'everything' : or(conditions);
}
