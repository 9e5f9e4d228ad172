// From events of the outbox to deliveries of subscriptions, inside the transaction that takes the events away: each is noted exactly once,
// in the order of the events, for those who may read what it is about now.
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import type { Deps } from '../../http/deps.ts';
import type { StoredEvent } from '../../storage/outbox.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { Delivery, SubscriptionRow } from '../../storage/subscriptions.ts';
import {
  findEventTexts,
  listActiveSubscriptions,
  noteDeliveries,
  notifyLive,
} from '../../storage/subscriptions.ts';
import type { Criteria } from './criteria.ts';
import { criteriaHold, readCriteria } from './criteria.ts';
import { contextOfSubscriber, mayHear } from './subscriber.ts';

interface Written {
  eventId: number;
  patientId: string;
  resourceType: string;
  resourceId: string;
  version: number;
}

function writtenOf({ topic, eventId, patientId, payload }: StoredEvent): Written[] {
  const { type, id, version } = payload;
  const known = topic === 'resource.written' && typeof type === 'string' && typeof id === 'string';
  return known ? [{ eventId, patientId, resourceType: type, resourceId: id, version: Number(version) }] : [];
}

export const fanOut =
  (deps: Deps, wake: () => void) =>
  async (client: Queryable, events: readonly StoredEvent[]): Promise<void> => {
    const written = events.flatMap(writtenOf);
    const types = [...new Set(written.map(({ resourceType }) => resourceType))];
    if (types.length === 0) return;
    const subscriptions = await listActiveSubscriptions(client, types, deps.now());
    if (subscriptions.length === 0) return;
    const wanted = new Set(subscriptions.map(({ resourceType }) => resourceType));
    const candidates = written.filter(({ resourceType }) => wanted.has(resourceType));
    const texts = await findEventTexts(client, candidates);
    const resources = new Map<Written, Resource>();
    for (const one of candidates) {
      const text = texts.get(`${one.resourceType}/${one.resourceId}/${one.version}`);
      if (text !== undefined) resources.set(one, parseJson(text) as Resource);
    }
    const deliveries: Delivery[] = [];
    const messages: object[] = [];
    for (const subscription of subscriptions) {
      const heard = await heardBy(deps, client, subscription, resources);
      if (subscription.channel === 'websocket') messages.push(...heard.map(liveMessage));
      else deliveries.push(...heard);
    }
    await noteDeliveries(client, deliveries);
    await notifyLive(client, messages);
    if (deliveries.length > 0) wake();
  };

async function heardBy(
  { config, now }: Deps,
  client: Queryable,
  subscription: SubscriptionRow,
  resources: ReadonlyMap<Written, Resource>,
): Promise<Delivery[]> {
  const ownBase = `${config.publicUrl}/fhir/R4`;
  const ofType = [...resources].filter(([one]) => one.resourceType === subscription.resourceType);
  if (ofType.length === 0) return [];
  const context = await contextOfSubscriber(client, subscription);
  if (!context) return [];
  const criteria: Criteria = readCriteria(subscription.criteria, ownBase, now());
  return ofType
    .filter(([one, resource]) => mayHear(context, one) && criteriaHold(resource, criteria, ownBase))
    .map(([one]) => ({ ...one, subscriptionId: subscription.subscriptionId }));
}

const liveMessage = ({ subscriptionId, patientId, resourceType, resourceId, version }: Delivery): object => ({
  topic: 'subscription',
  key: subscriptionId,
  about: { patientId, resourceType, resourceId, version },
});
