// What a program's scope does not hold is refused before anything is looked up: the answer cannot tell what exists.
import { appScopesFor } from '../../core/access/app-scopes.ts';
import { decide } from '../../core/access/decide.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError } from '../errors.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';

const letterOf = { read: 'r', search: 's', create: 'c', update: 'u', delete: 'd' } as const;

/** Throws 403 `forbidden` for a program or an app whose scope lacks the act, leaving an entry; lets everybody else pass on to the decision. */
export async function requireScope(
  deps: Deps,
  context: RequestContext,
  act: 'read' | 'search' | 'create' | 'update' | 'delete',
  type: string,
): Promise<void> {
  const { asker } = context;
  if (asker.kind !== 'client' && asker.kind !== 'app') return;
  const { allowed, rule } =
    asker.kind === 'app'
      ? { allowed: appScopesFor(asker.scopes, letterOf[act], type).length > 0, rule: 'scope-lacking' }
      : decide(asker, act, { patientId: '', resourceType: type });
  if (allowed) return;
  await deps.entries.store(
    sealEntry(
      '',
      { event: act, outcome: 'refused', who: context.who, basis: rule, query: type, agent: context.agent },
      deps,
    ),
  );
  throw new FhirError(
    403,
    [
      {
        severity: 'error',
        code: 'forbidden',
        diagnostics:
          rule === 'kept-as-reported'
            ? 'An audit event is kept as it was reported: it is neither changed nor deleted.'
            : 'The scope of the access token does not allow this.',
      },
    ],
    { 'www-authenticate': 'Bearer realm="medallion", error="insufficient_scope"' },
  );
}
