// Whose resources a search may find, type by type: every answer is the one decision's, handed to the statement as data.
import { decide } from '../../core/access/decide.ts';
import type { SearchScope } from '../storage/search-store.ts';
import type { RequestContext } from './asker.ts';

/** The rule by which a type is open goes into the entry of the look. */
export interface OpenedScope {
  readonly scope: SearchScope;
  readonly ruleOf: (resourceType: string) => string | undefined;
}

export function searchScopeOf({ asker }: Pick<RequestContext, 'asker'>): OpenedScope {
  const known = new Map<string, { allowed: 'everyone' | readonly string[]; rule: string | undefined }>();
  const open = (
    resourceType: string,
  ): { allowed: 'everyone' | readonly string[]; rule: string | undefined } => {
    let found = known.get(resourceType);
    if (found === undefined) {
      found = opened(asker, resourceType);
      known.set(resourceType, found);
    }
    return found;
  };
  return { scope: (type) => open(type).allowed, ruleOf: (type) => open(type).rule };
}

function opened(
  asker: RequestContext['asker'],
  resourceType: string,
): { allowed: 'everyone' | readonly string[]; rule: string | undefined } {
  if (asker.kind === 'client') {
    const { allowed, rule } = decide(asker, 'search', { patientId: '', resourceType });
    return allowed ? { allowed: 'everyone', rule } : { allowed: [], rule: undefined };
  }
  const records = asker.kind === 'person' ? [asker.patientId, ''] : [''];
  const decisions = records.map((patientId) => ({
    patientId,
    ...decide(asker, 'search', { patientId, resourceType }),
  }));
  const open = decisions.filter(({ allowed }) => allowed);
  // The directory first: a type that lives there is read there.
  const rule = (open.find(({ patientId }) => patientId === '') ?? open[0])?.rule;
  return { allowed: open.map(({ patientId }) => patientId), rule };
}
