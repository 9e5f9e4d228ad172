// Whether somebody is of those who ordered a test: who wrote it, and clinicians of the place where they work. Decides what they may cancel,
// not what they may read.
import { parseSearch } from '../../../core/fhir/search-query.ts';
import type { PersonActor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { listOrderers } from '../../storage/lab-orders.ts';
import type { ResultConditions } from '../../storage/persons-orders.ts';
import type { RequestContext } from '../asker.ts';
import { decideOn } from '../authorise.ts';

interface OneOrder {
  readonly patientId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly content: string;
}

/** Who ordered it may cancel it though they see nothing of the record any more; a colleague only what they were let into. */
export async function isOfOrderers(
  deps: Deps,
  context: RequestContext,
  actor: PersonActor,
  order: OneOrder,
): Promise<boolean> {
  if (actor.patientId === order.patientId) return false;
  const [orderer] = await listOrderers(deps.db.pool, order.patientId, [order.resourceId], actor.accountId);
  if (orderer === undefined) return false;
  if (orderer.accountId === actor.accountId) return true;
  const { allowed, rule } = decideOn(context, 'read', order);
  // An emergency opens a record to be read.
  return orderer.colleague && allowed && rule !== 'break-glass';
}

/** What of a record says that it is of this order. */
export function resultsOf(deps: Deps, orderId: string): ResultConditions {
  const basedOn = (type: string) => {
    const { filters } = parseSearch(type, [['based-on', `ServiceRequest/${orderId}`]], { nowMs: deps.now() });
    const condition = filters[0]?.condition;
    if (condition === undefined) throw new Error('a search without a condition');
    return condition;
  };
  return { DiagnosticReport: basedOn('DiagnosticReport'), Observation: basedOn('Observation') };
}
