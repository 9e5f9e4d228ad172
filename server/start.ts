// The running platform: stores, outbox, routes, started in order and stopped in reverse; used by main, the demo and tests alike.
import type { FastifyInstance } from 'fastify';
import { makeSetupLink } from './identity/first-administrator.ts';
import type { Config } from './config.ts';
import { startBulkWorker } from './fhir/bulk/worker.ts';
import { startDosesPass } from './fhir/doses/pass.ts';
import { startResultsPass } from './fhir/laboratory/pass.ts';
import { startSubscriptionDeliverer } from './fhir/subscription/deliver.ts';
import { fanOut } from './fhir/subscription/fan-out.ts';
import type { Deps } from './http/deps.ts';
import type { Anchorer } from './ledger/anchorer.ts';
import { startAnchorer } from './ledger/anchorer.ts';
import type { Sequencer } from './ledger/sequencer.ts';
import type { OutboxRelay } from './messages/outbox-relay.ts';
import { startOutboxRelay } from './messages/outbox-relay.ts';
import type { Sources } from './stores.ts';
import { startFileSweep } from './storage/file-sweep.ts';
import { openStores } from './stores.ts';

export interface Running {
  app: FastifyInstance;
  deps: Deps;
  sequencer: Sequencer;
  anchorer: Anchorer;
  outbox: OutboxRelay;
  /** Where it listens. */
  url: string;
  /** What the operator is told. */
  greeting: string;
  stop(): Promise<void>;
}

/** Throws a named error that says what is wrong; nothing is left running then. */
export async function start(config: Config, sources: Sources = {}): Promise<Running> {
  // The rooms are loaded while the database comes up.
  const rooms = import('./app.ts');
  const stores = await openStores(config, sources);
  const { deps, logKey, sequencer } = stores;
  const subscriptions = startSubscriptionDeliverer(deps);
  const outbox = startOutboxRelay(
    deps,
    undefined,
    fanOut(deps, () => subscriptions.wake()),
  );
  const bulk = startBulkWorker(deps);
  const results = startResultsPass(deps);
  const doses = startDosesPass(deps);
  const sweep = startFileSweep({
    pool: deps.db.pool,
    storageUrl: deps.config.storageUrl,
    now: deps.now,
    log: deps.log,
  });
  let app: FastifyInstance | undefined;
  let anchorer: Anchorer | undefined;
  const stop = async (): Promise<void> => {
    await app?.close();
    await anchorer?.stop();
    await outbox.stop();
    await bulk.stop();
    await results.stop();
    await doses.stop();
    await sweep.stop();
    await subscriptions.stop();
    await stores.stop();
  };
  try {
    const { buildApp } = await rooms;
    app = await buildApp(deps, { log: logKey }, { wakeBulk: () => bulk.wake() });
    await app.listen({ port: config.port, host: config.host });
    anchorer = startAnchorer({
      connection: deps.db.connection,
      config: config.chain,
      dataDir: config.dataDir,
      origin: logKey.origin,
      now: deps.now,
      randomBytes: deps.randomBytes,
      log: deps.log,
    });
    const address = app.server.address();
    const port = typeof address === 'object' && address ? address.port : config.port;
    return {
      app,
      deps,
      sequencer,
      anchorer,
      outbox,
      url: `http://${config.host}:${port}`,
      greeting: await greet(deps),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function greet(deps: Deps): Promise<string> {
  const here = `Medallion is at ${deps.config.publicUrl}`;
  // The demo makes its own administrator.
  const link = deps.config.demo ? undefined : await makeSetupLink(deps);
  if (!link) return here;
  return `${here}\nThere is no administrator yet. This link makes the first one, once, within 24 hours:\n${link}`;
}
