// The real server in this process: a fresh database, a data folder of its own, a free port. Must not know what a test asks of it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type pg from 'pg';
import { readConfig } from '../../server/config.ts';
import type { Deps } from '../../server/http/deps.ts';
import type { Anchorer } from '../../server/ledger/anchorer.ts';
import type { Sequencer } from '../../server/ledger/sequencer.ts';
import type { OutboxRelay } from '../../server/messages/outbox-relay.ts';
import { start } from '../../server/start.ts';
import type { Sources } from '../../server/stores.ts';
import { freshDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export interface TestServer {
  /** Also its PUBLIC_URL. */
  readonly url: string;
  readonly dataDir: string;
  /** For requests by the thousand: `inject` passes the same hooks and routes without a socket. */
  readonly app: FastifyInstance;
  readonly databaseUrl: string;
  readonly deps: Deps;
  readonly sequencer: Sequencer;
  readonly anchorer: Anchorer;
  readonly outbox: OutboxRelay;
  /** For looking at the tables behind the server's back, and for changing them. */
  readonly pool: pg.Pool;
  /** A request that goes through everything but the socket. */
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** All routes as the server knows them, as `METHOD /path`. */
  readonly routes: readonly string[];
  /** Stops the server and drops its database. */
  stop(): Promise<void>;
  /** Stops the server and keeps what it had, for others to begin with. */
  halt(): Promise<Halted>;
}

export interface Halted {
  readonly databaseName: string;
  readonly dataDir: string;
  remove(): Promise<void>;
}

/**
 * @param options.environment more variables than those that every test server has
 * @param options.hostName a name of this machine, where a bare address will not do
 */
export async function startServer(
  options: {
    readonly environment?: Record<string, string>;
    readonly sources?: Sources;
    readonly hostName?: string;
    /** Begins as a halted server was, with everything it had. */
    readonly cloneOf?: Halted;
  } = {},
): Promise<TestServer> {
  const { cloneOf } = options;
  const database = await freshDatabase({
    poolSize: 4,
    ...(cloneOf ? { cloneOf: cloneOf.databaseName } : {}),
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-server-'));
  if (cloneOf) cpSync(cloneOf.dataDir, dataDir, { recursive: true });
  const port = await freePort();
  const url = `http://${options.hostName ?? '127.0.0.1'}:${port}`;
  const config = readConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    // Lets every client of a test come from an address of its own, as people do.
    TRUST_PROXY: '127.0.0.1',
    // A test that wants anchors asks for them.
    CHAIN_EVERY_MINUTES: '0',
    ...options.environment,
  });
  const cleanUp = async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const running = await start(config, options.sources).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  return {
    url,
    dataDir,
    app: running.app,
    databaseUrl: database.url,
    deps: running.deps,
    sequencer: running.sequencer,
    anchorer: running.anchorer,
    outbox: running.outbox,
    pool: database.pool,
    inject: (options) => running.app.inject(options),
    routes: routesOf(running.app.printRoutes()),
    async stop() {
      await running.stop();
      await cleanUp();
    },
    async halt() {
      await running.stop();
      await database.pool.end();
      return { databaseName: database.name, dataDir, remove: cleanUp };
    },
  };
}

/** Reads Fastify's drawing of its routes: each line one more piece of an address, indented by four below its parent. */
function routesOf(drawing: string): string[] {
  const found: string[] = [];
  const parts: string[] = [];
  for (const line of drawing.split('\n')) {
    const [, indent, part, methods] = /^([│\s]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || part === undefined) continue;
    parts.splice(indent.length / 4);
    parts.push(part);
    if (methods !== undefined)
      found.push(...methods.split(', ').map((method) => `${method} ${parts.join('')}`));
  }
  return found;
}
