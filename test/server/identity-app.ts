// The whole application on a fresh database with a clock that stands still until it is moved, for the tests of accounts.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type pg from 'pg';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Deps } from '../../server/http/deps.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import type { Database } from '../../server/storage/database.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { createLogReads } from '../../server/storage/log-reads.ts';
import { createResourceLookup } from '../../server/storage/resource-store.ts';
import { createWriteQueue } from '../../server/storage/write-queue.ts';
import { freshDatabase } from '../harness/database.ts';

export const goodPassword = 'copper lantern 73 rain';
export const cookieName = '__Host-session';

export interface Call {
  /** The value of the session cookie. */
  token?: string | undefined;
  body?: unknown;
  ip?: string;
  headers?: Record<string, string>;
}

export interface SignedUp {
  token: string;
  accountId: string;
  patientId: string;
  login: string;
}

export interface IdentityApp {
  app: FastifyInstance;
  deps: Deps;
  pool: pg.Pool;
  clock: { nowMs: number };
  /** Codes that left by mail, in order. */
  sent: { patientId: string; code: string; purpose: string }[];
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    options?: Call,
  ): Promise<LightMyRequestResponse>;
  /** Signs up a new person from an address of their own. */
  person(login?: string, password?: string): Promise<SignedUp>;
  stop(): Promise<void>;
}

export async function startIdentityApp(environment: Record<string, string> = {}): Promise<IdentityApp> {
  const database = await freshDatabase();
  const clock = { nowMs: Date.UTC(2026, 10, 20, 9) };
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-app-'));
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: dataDir, ...environment });
  const sent: IdentityApp['sent'] = [];
  const deps: Deps = {
    config,
    db: {
      kind: 'external',
      pool: database.pool,
      steady: database.pool,
      asks: database.pool,
      connection: {},
      stop: async () => undefined,
    } satisfies Database,
    now: () => clock.nowMs,
    randomBytes: (count) => randomBytes(count),
    entries: createEntryQueue(database.pool),
    resources: createResourceLookup(database.pool),
    logReads: createLogReads(database.pool),
    writes: createWriteQueue(database.pool),
    messenger: {
      async sendCode({ patientId }, code, _untilMs, purpose) {
        sent.push({ patientId, code, purpose });
        return 'sent';
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const app = await buildApp(deps, { log: await openLogKey(dataDir, 'test.example/log', true) });
  await app.ready();
  let people = 0;
  const call: IdentityApp['call'] = (method, url, { token, body, ip = '127.0.0.1', headers = {} } = {}) =>
    app.inject({
      method,
      url,
      remoteAddress: ip,
      headers: { ...(token === undefined ? {} : { cookie: `${cookieName}=${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
  return {
    app,
    deps,
    pool: database.pool,
    clock,
    sent,
    call,
    async person(login, password = goodPassword) {
      people++;
      const name = login ?? `person${people}@example.org`;
      const answer = await call('POST', '/api/sign-up', {
        ip: freshAddress(),
        body: { login: name, password, name: 'Asha Rao' },
      });
      if (answer.statusCode !== 201) throw new Error(`sign-up answered ${answer.statusCode} ${answer.body}`);
      const { account, patient } = answer.json<{ account: { id: string }; patient: { id: string } }>();
      return { token: tokenOf(answer) ?? '', accountId: account.id, patientId: patient.id, login: name };
    },
    async stop() {
      await app.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let addresses = 0;
/** An address that no limit has heard of. */
export function freshAddress(): string {
  addresses++;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** The session token an answer sets: '' when it clears the cookie, undefined when it leaves it alone. */
export function tokenOf(answer: LightMyRequestResponse): string | undefined {
  const line = cookieLine(answer);
  return line?.slice(cookieName.length + 1).split(';')[0];
}

export function cookieLine(answer: LightMyRequestResponse): string | undefined {
  const lines = [answer.headers['set-cookie'] ?? []]
    .flat()
    .filter((line) => line.startsWith(`${cookieName}=`));
  if (lines.length > 1) throw new Error('the session cookie is set twice in one answer');
  return lines[0];
}

/** Events of a person's chain, in order. */
export async function eventsOf(pool: pg.Pool, patientId: string): Promise<string[]> {
  const { rows } = await pool.query<{ statement: string }>(
    'select statement from entry where patient_id = $1 order by recorded_at, entry_id',
    [patientId],
  );
  return rows.map((row) => (JSON.parse(row.statement) as { event: string }).event);
}

export async function countOf(pool: pg.Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? -1;
}
