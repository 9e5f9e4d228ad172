// The websocket channel of R4 Subscriptions as a topic of the live socket: who may bind to one, and who may hear an event now.
import type { Actor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { findSubscription } from '../../storage/subscriptions.ts';
import { recordLook } from '../looks.ts';
import { contextOfSubscriber, mayHear } from './subscriber.ts';

interface Message {
  key: string;
  about: Record<string, unknown>;
}

const ownerOf = (actor: Actor): string | undefined =>
  actor.kind === 'client'
    ? `client:${actor.clientId}`
    : actor.kind === 'person'
      ? `account:${actor.accountId}`
      : undefined;

export const subscriptionTopic = (deps: Deps) => ({
  /** Only its owner, only while it is active, only if it is told by websocket. */
  async mayBind(actor: Actor, key: string): Promise<boolean> {
    const subscription = await findSubscription(deps.db.pool, key);
    return (
      subscription !== undefined &&
      subscription.channel === 'websocket' &&
      subscription.state === 'active' &&
      subscription.owner === ownerOf(actor)
    );
  },
  async mayHear(actor: Actor, { key, about }: Message): Promise<boolean> {
    if (!(await this.mayBind(actor, key))) return false;
    const subscription = await findSubscription(deps.db.pool, key);
    const context = subscription && (await contextOfSubscriber(deps.db.pool, subscription));
    const { patientId, resourceType, resourceId, version } = about;
    if (!context || typeof patientId !== 'string' || typeof resourceType !== 'string') return false;
    if (!mayHear(context, { patientId, resourceType })) return false;
    await recordLook(deps, context, patientId, {
      event: 'notify',
      basis: context.asker.kind === 'client' ? 'client-scope' : 'self',
      on: { type: resourceType, id: String(resourceId), version: Number(version) },
      query: `Subscription/${key}`,
    });
    return true;
  },
});
