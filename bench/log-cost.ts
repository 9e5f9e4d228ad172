// What sequencing the log costs writes: the same creates against the server as shipped and against one whose sequencer stands still, in
// turns, in creates a second and in processor time of server and database for each. Usage: node bench/log-cost.ts [rounds] [seconds a round]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, median } from './load.ts';
import { operations } from './operations.ts';
import type { BenchPerson } from './people.ts';
import { makePerson } from './people.ts';
import type { Program } from './programs.ts';
import { startProgram } from './programs.ts';

const rounds = Number(process.argv[2] ?? 5);
const seconds = Number(process.argv[3] ?? 4);
const connections = 16;
const folder = mkdtempSync(join(tmpdir(), 'medallion-log-cost-'));
const programs: Program[] = [];

try {
  const sides: {
    create: ReturnType<typeof operations>[number];
    program: Program;
    rates: number[];
    cpuUs: number[];
  }[] = [];
  for (const script of ['server/main.ts', 'bench/server-without-log.ts']) {
    const program = await startProgram(script, { DATA_DIR: join(folder, String(programs.length)) }, '/');
    programs.push(program);
    const people: BenchPerson[] = [];
    for (let index = 0; index < 4; index++) people.push(await makePerson(program.url, index));
    const create = operations(people, connections).find(({ name }) => name === 'create');
    if (!create) throw new Error('nothing to measure');
    sides.push({ create, program, rates: [], cpuUs: [] });
  }
  for (let round = -1; round < rounds; round++)
    for (const { create, program, rates, cpuUs } of sides) {
      const cpuMs = () => program.cpuMs() + program.databaseCpuMs();
      const beforeMs = cpuMs();
      const { url } = program;
      const load = await measure({ url, connections, seconds, next: create.ours, expect: create.expect });
      // The first round warms up.
      if (round < 0) continue;
      rates.push(load.perSecond);
      cpuUs.push(((cpuMs() - beforeMs) * 1000) / load.requests);
    }
  const [on = [], off = []] = sides.map(({ rates }) => rates);
  const [cpuOn = [], cpuOff = []] = sides.map(({ cpuUs }) => cpuUs);
  const dearer = median(cpuOn.map((us, round) => us / (cpuOff[round] ?? Number.NaN) - 1));
  const loss = median(on.map((rate, round) => 1 - rate / (off[round] ?? Number.NaN)));
  console.log(
    `Creates: ${Math.round(median(on))}/s with the log, ${Math.round(median(off))}/s with the sequencer stopped; lost to the log ${(loss * 100).toFixed(1)} %; ` +
      `${Math.round(median(cpuOn))} and ${Math.round(median(cpuOff))} µs of processor time each, ${(dearer * 100).toFixed(1)} % more`,
  );
} finally {
  for (const program of programs.toReversed()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
}
