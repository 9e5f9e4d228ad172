// What a program's scope does not hold is refused before anything is looked up: the answer cannot tell what exists.
import { decide } from '../../core/access/decide.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError } from '../errors.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';

/** Throws 403 `forbidden` for a program whose scope lacks the act, leaving an entry; lets everybody else pass on to the decision. */
export async function requireScope(
  deps: Deps,
  context: RequestContext,
  act: 'read' | 'search' | 'create' | 'update' | 'delete',
  type: string,
): Promise<void> {
  if (context.asker.kind !== 'client') return;
  const { allowed, rule } = decide(context.asker, act, { patientId: '', resourceType: type });
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
