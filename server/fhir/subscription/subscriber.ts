// What a subscriber may hear now: the rights it had when it wrote its Subscription, less all that it has lost since.
import { narrowScopes, parseClientScope } from '../../../core/access/client-scopes.ts';
import type { ClientScope } from '../../../core/access/client-scopes.ts';
import { decide } from '../../../core/access/decide.ts';
import { isResourceType } from '../../../core/fhir/resource-types.ts';
import type { Actor, ClientActor } from '../../http/actor.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SubscriptionRow } from '../../storage/subscriptions.ts';
import { findStanding } from '../../storage/subscriptions.ts';
import type { RequestContext } from '../asker.ts';
import { contextOfActor } from '../asker.ts';

/** Undefined when the client or account is disabled or gone. */
export async function contextOfSubscriber(
  db: Queryable,
  { owner, requester }: Pick<SubscriptionRow, 'owner' | 'requester'>,
): Promise<RequestContext | undefined> {
  const standing = await findStanding(db, owner);
  if (!standing) return undefined;
  const actor = requester as unknown as Exclude<Actor, { kind: 'anonymous' }>;
  return contextOfActor(actor.kind === 'client' ? narrowed(actor, standing.scope) : actor, 'a program');
}

function narrowed(actor: ClientActor, scope: string): ClientActor {
  const now = scope
    .split(' ')
    .map((word) => parseClientScope(word, isResourceType))
    .filter((one): one is ClientScope => typeof one !== 'string');
  return { ...actor, scopes: narrowScopes(actor.scopes, now) };
}

export function mayHear(
  context: RequestContext,
  event: { patientId: string; resourceType: string },
): boolean {
  return decide(context.asker, 'read', event).allowed;
}
