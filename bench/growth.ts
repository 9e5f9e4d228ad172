// Whether one person's record stays as quick when it stands among a hundred times as many: the same people are read and searched
// in a database of 200 and, after it was filled up, of 20,000.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measure, median } from './load.ts';
import { operations } from './operations.ts';
import type { BenchPerson } from './people.ts';
import type { Program } from './programs.ts';

export interface Growth {
  operation: string;
  /** Requests a second at each size, and the time of server and database for each request, in microseconds. */
  before: { perSecond: number; cpuUs: number };
  after: { perSecond: number; cpuUs: number };
}

export interface GrowthOptions {
  server: Program;
  dataDir: string;
  people: readonly BenchPerson[];
  sizes: readonly [number, number];
  rounds: number;
  seconds: number;
  connections: number;
}

export async function growth(options: GrowthOptions): Promise<Growth[]> {
  const { sizes, people } = options;
  const [few, many] = sizes;
  await fill(options, few - people.length);
  const before = await round(options);
  await fill(options, many - few);
  const after = await round(options);
  return before.map(({ operation, ...first }, index) => {
    const { operation: _same, ...second } = after[index] ?? { operation, perSecond: 0, cpuUs: 0 };
    return { operation, before: first, after: second };
  });
}

async function fill({ server, dataDir }: GrowthOptions, count: number): Promise<void> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'grow.ts'), String(count)], {
    env: { ...process.env, DATA_DIR: dataDir, PUBLIC_URL: server.url },
  });
}

async function round({
  server,
  people,
  connections,
  seconds,
  rounds,
}: GrowthOptions): Promise<{ operation: string; perSecond: number; cpuUs: number }[]> {
  const results = [];
  for (const { name, ours, expect } of operations(people, connections)) {
    if (name !== 'read' && name !== 'search 20') continue;
    const load = { url: server.url, connections, next: ours, expect };
    await measure({ ...load, seconds: Math.min(1, seconds) });
    const perSecond: number[] = [];
    const cpuUs: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const beforeMs = server.cpuMs() + server.databaseCpuMs();
      const done = await measure({ ...load, seconds });
      perSecond.push(done.perSecond);
      cpuUs.push(((server.cpuMs() + server.databaseCpuMs() - beforeMs) * 1000) / done.requests);
    }
    results.push({ operation: name, perSecond: median(perSecond), cpuUs: median(cpuUs) });
  }
  return results;
}
