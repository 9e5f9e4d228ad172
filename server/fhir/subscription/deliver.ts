// Carries out subscriptions: sets them up, delivers what waits in its order, tries again with growing pauses, and gives up with a reason that
// stands in the resource. A crash after a call and before it is noted repeats that call: at least once, never out of order.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import type { Deps } from '../../http/deps.ts';
import { OutboundError, callOutbound } from '../../http/outbound.ts';
import { findResource } from '../../storage/resource-store.ts';
import { prepareVersion } from '../../storage/prepare-version.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import type { SubscriptionRow, WaitingDelivery } from '../../storage/subscriptions.ts';
import {
  claimSubscription,
  finishDelivery,
  markEntered,
  nextDelivery,
  postponeSubscription,
  setSubscriptionState,
} from '../../storage/subscriptions.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { writeBatch } from '../../storage/write-batch.ts';
import type { RequestContext } from '../asker.ts';
import { shownDigest } from '../looks.ts';
import { openHeaders, subscriptionKey } from './on-write.ts';
import { contextOfSubscriber, mayHear } from './subscriber.ts';

export interface SubscriptionDeliverer {
  wake(): void;
  stop(): Promise<void>;
}

const callTimeoutMs = 10_000;
const firstPauseMs = 1000;
/** After so many tries in a row, some two minutes, a subscription is in error. */
export const mostTries = 8;
/** Deliveries of one subscription before another has its turn. */
const deliveriesOfTurn = 20;
const turnsAtOnce = 4;

export function startSubscriptionDeliverer(deps: Deps, pauseMs = 500): SubscriptionDeliverer {
  let stopped = false;
  let sleeping = new AbortController();

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const busy = await turn(deps, () => stopped).catch((error: unknown) => {
        deps.log.error(
          { name: (error as Error).name, code: (error as { code?: string }).code },
          'subscriptions wait; trying again',
        );
        return false;
      });
      if (busy || stopped) continue;
      await sleep(pauseMs, undefined, { signal: sleeping.signal }).catch(() => undefined);
      if (sleeping.signal.aborted && !stopped) sleeping = new AbortController();
    }
  };
  const loops = Array.from({ length: turnsAtOnce }, loop);
  return {
    wake: () => sleeping.abort(),
    async stop() {
      stopped = true;
      sleeping.abort();
      await Promise.all(loops);
    },
  };
}

/** True when there was something to do. The claim is held by a transaction of its own, which does nothing else. */
function turn(deps: Deps, isStopped: () => boolean): Promise<boolean> {
  return inTransaction(deps.db.pool, async (client) => {
    const subscription = await claimSubscription(client, deps.now());
    if (!subscription) return false;
    if (subscription.endsAt && subscription.endsAt.getTime() <= deps.now()) {
      await changeState(deps, subscription, 'off');
    } else if (subscription.state === 'requested') await setUp(deps, subscription);
    else await deliverSome(deps, subscription, isStopped);
    return true;
  });
}

/** A rest-hook is asked what it takes (OPTIONS): whatever it answers, somebody is there. */
async function setUp(deps: Deps, subscription: SubscriptionRow): Promise<void> {
  const context = await contextOfSubscriber(deps.db.pool, subscription);
  if (!context) return changeState(deps, subscription, 'error', 'The subscriber has no access any more.');
  if (subscription.channel === 'websocket') return changeState(deps, subscription, 'active');
  const failure = await call(deps, subscription, { method: 'OPTIONS', path: '' }, (status) => status < 500);
  return failure === undefined
    ? changeState(deps, subscription, 'active')
    : tryLater(deps, subscription, failure);
}

async function deliverSome(
  deps: Deps,
  subscription: SubscriptionRow,
  isStopped: () => boolean,
): Promise<void> {
  const context = await contextOfSubscriber(deps.db.pool, subscription);
  if (!context) return changeState(deps, subscription, 'error', 'The subscriber has no access any more.');
  // A connection may wait in a transaction for thirty seconds: slow endpoints end the turn before.
  const until = performance.now() + callTimeoutMs;
  for (let count = 0; count < deliveriesOfTurn && !isStopped() && performance.now() < until; count += 1) {
    const delivery = await nextDelivery(deps.db.pool, subscription.subscriptionId);
    if (!delivery) return;
    if (
      !(await deliver(
        deps,
        context,
        { ...subscription, tries: count === 0 ? subscription.tries : 0 },
        delivery,
      ))
    )
      return;
  }
}

/** False when it must be tried again: nothing behind it goes first. */
async function deliver(
  deps: Deps,
  context: RequestContext,
  subscription: SubscriptionRow,
  delivery: WaitingDelivery,
): Promise<boolean> {
  const { pool } = deps.db;
  if (delivery.content === null || !mayHear(context, delivery)) {
    await finishDelivery(pool, delivery, false);
    return true;
  }
  if (!delivery.entered) await enter(deps, context, subscription, delivery);
  const { resourceType, resourceId, content } = delivery;
  const failure = await call(
    deps,
    subscription,
    subscription.payload
      ? { method: 'PUT', path: `/${resourceType}/${resourceId}`, body: content }
      : { method: 'POST', path: '' },
    (status) => status >= 200 && status < 300,
  );
  if (failure === undefined) {
    await finishDelivery(pool, delivery, true);
    return true;
  }
  await tryLater(deps, subscription, failure);
  return false;
}

/** A delivery is a look: its entry is durable before anything leaves, once, however often the call is tried. */
async function enter(
  deps: Deps,
  context: RequestContext,
  { subscriptionId, payload }: SubscriptionRow,
  delivery: WaitingDelivery,
): Promise<void> {
  const { patientId, resourceType: type, resourceId: id, version } = delivery;
  const entry = sealEntry(
    patientId,
    {
      event: 'notify',
      outcome: 'done',
      who: context.who,
      basis: context.asker.kind === 'client' ? 'client-scope' : 'self',
      on: { type, id, version },
      query: `Subscription/${subscriptionId}`,
      agent: context.agent,
      ...(payload ? { shown: shownDigest([{ resourceType: type, resourceId: id, version }]) } : {}),
    },
    deps,
  );
  await inTransaction(deps.db.pool, async (client) => {
    await writeBatch(client, { versions: [], entries: [entry] });
    await markEntered(client, delivery);
  });
}

/** Undefined when the endpoint answered well; else what went wrong, without a word of the endpoint or what was sent. */
async function call(
  deps: Deps,
  subscription: SubscriptionRow,
  { method, path, body }: { method: string; path: string; body?: string },
  isGood: (status: number) => boolean,
): Promise<string | undefined> {
  const { endpoint } = subscription;
  if (endpoint === null) return undefined;
  try {
    const headers = openHeaders(await subscriptionKey(deps), subscription);
    const status = await callOutbound(
      {
        method,
        url: path === '' ? endpoint : `${endpoint.replace(/\/+$/, '')}${path}`,
        headers: {
          ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json; charset=utf-8' }),
        },
        ...(body === undefined ? {} : { body }),
      },
      { allowHosts: deps.config.subscriptionAllowHosts, timeoutMs: callTimeoutMs },
    );
    return isGood(status) ? undefined : `The endpoint answered ${status}.`;
  } catch (error) {
    return error instanceof OutboundError
      ? failureTexts[error.reason]
      : 'The headers kept for this subscription cannot be read any more. Write them again.';
  }
}

const failureTexts: Record<OutboundError['reason'], string> = {
  'address-malformed': 'The endpoint is not a web address.',
  'scheme-refused': 'The endpoint is not an https address.',
  'address-refused': 'The endpoint leads to an address that is not of the open internet.',
  'name-unknown': 'The name of the endpoint is not known.',
  unreachable: 'The endpoint cannot be reached.',
  timeout: 'The endpoint did not answer in time.',
};

async function tryLater(deps: Deps, subscription: SubscriptionRow, failure: string): Promise<void> {
  const tries = subscription.tries + 1;
  // An address that is refused will be refused again.
  if (tries >= mostTries || failure === failureTexts['address-refused'])
    return changeState(deps, subscription, 'error', failure);
  const pauseMs = firstPauseMs * 2 ** (tries - 1);
  await postponeSubscription(deps.db.pool, subscription.subscriptionId, tries, deps.now() + pauseMs);
}

/** The server's own change of a Subscription: a new version, by the system, with its entry, as every change has. */
async function changeState(
  deps: Deps,
  { subscriptionId, patientId, state }: SubscriptionRow,
  status: 'active' | 'error' | 'off',
  reason?: string,
): Promise<void> {
  await inTransaction(deps.db.pool, async (client) => {
    if (!(await setSubscriptionState(client, subscriptionId, state, status))) return;
    const current = await findResource(client, 'Subscription', subscriptionId);
    if (!current || current.deleted) return;
    const { error: _error, ...resource } = parseJson(current.content) as Resource;
    const version = prepareVersion(
      {
        patientId,
        resourceType: 'Subscription',
        resourceId: subscriptionId,
        version: current.version + 1,
        resource: { ...resource, resourceType: 'Subscription', status, ...(reason ? { error: reason } : {}) },
        author: patientId === '' ? 'organization' : 'patient',
        who: { role: 'system' },
        basis: 'subscription-state',
        previousMs: current.lastUpdated.getTime(),
      },
      deps,
    );
    await writeBatch(client, { versions: [version] });
  });
}
