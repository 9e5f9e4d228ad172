// Whose resources a search may find, type by type: every answer is the one decision's, handed to the statement as data.
import { partNumber } from '../../core/access/categories.ts';
import type { RecordScope } from '../../core/access/decide.ts';
import { appRecordScopes, decide, recordScopes } from '../../core/access/decide.ts';
import type { PartOfRecord } from '../storage/search-sql.ts';
import type { SearchScope } from '../storage/search-store.ts';
import type { RequestContext } from './asker.ts';

/** The rule by which a type is open goes into the entry of the look. */
export interface OpenedScope {
  readonly scope: SearchScope;
  readonly ruleOf: (resourceType: string) => string | undefined;
}

type Allowed = ReturnType<SearchScope>;

/** `context` holds what the asker was given: see `withAuthorities`. */
export function searchScopeOf({ asker }: Pick<RequestContext, 'asker'>): OpenedScope {
  const known = new Map<string, { allowed: Allowed; rule: string | undefined }>();
  const open = (resourceType: string): { allowed: Allowed; rule: string | undefined } => {
    let found = known.get(resourceType);
    if (found === undefined) {
      found = opened(asker, resourceType);
      known.set(resourceType, found);
    }
    return found;
  };
  return { scope: (type) => open(type).allowed, ruleOf: (type) => open(type).rule };
}

/** Of what may be found, only what lies in these records or in the directory; a program's is not narrowed. */
export function withinRecords(scope: SearchScope, records: readonly string[] | undefined): SearchScope {
  if (records === undefined) return scope;
  return (type) => {
    const allowed = scope(type);
    if (allowed === 'everyone') return allowed;
    return allowed.filter((one) => {
      const patientId = typeof one === 'string' ? one : one.patientId;
      return patientId === '' || records.includes(patientId);
    });
  };
}

function opened(
  asker: RequestContext['asker'],
  resourceType: string,
): { allowed: Allowed; rule: string | undefined } {
  if (asker.kind === 'client') {
    const { allowed, rule } = decide(asker, 'search', { patientId: '', resourceType });
    return allowed ? { allowed: 'everyone', rule } : { allowed: [], rule: undefined };
  }
  if (asker.kind === 'app') {
    const records = appRecordScopes(asker, resourceType);
    return { allowed: records.map(recordOf), rule: records[0]?.rule };
  }
  // The directory first: a type that lives there is read there.
  const directory = decide(asker, 'search', { patientId: '', resourceType });
  const shared = directory.allowed ? [''] : [];
  if (asker.kind !== 'person')
    return { allowed: shared, rule: directory.allowed ? directory.rule : undefined };
  const own = decide(asker, 'search', { patientId: asker.patientId, resourceType });
  const others = (asker.authorities ?? []).length === 0 ? [] : recordScopes(asker, resourceType).slice(1);
  const records = [...(own.allowed ? [asker.patientId] : []), ...others.map(recordOf)];
  const rule = directory.allowed ? directory.rule : own.allowed ? own.rule : others[0]?.rule;
  return { allowed: [...records, ...shared], rule };
}

function recordOf({ patientId, categories, entries, sealed, condition }: RecordScope): string | PartOfRecord {
  if (categories === undefined && entries === undefined && sealed && !condition) return patientId;
  const parts = categories?.flatMap((category) => [
    partNumber(category, false),
    ...(sealed ? [partNumber(category, true)] : []),
  ]);
  return {
    patientId,
    ...(parts ? { parts } : {}),
    ...(entries ? { entries } : {}),
    sealed,
    ...(condition ? { condition } : {}),
  };
}
