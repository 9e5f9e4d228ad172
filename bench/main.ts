// The performance table in one run: Medallion as shipped beside a bare server on the same machine and the same database.
// Usage: npm run bench -- [--quick] [--growth] [--only=<operation>] [folder of transaction Bundles to import]
// `--growth` measures nothing but a record among 200 and among 20,000 people, which the full run does too.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection, request } from './connection.ts';
import { growth } from './growth.ts';
import { embeddedUrl, importRate } from './import-rate.ts';
import type { Load } from './load.ts';
import { measure, median, medianLoad } from './load.ts';
import type { Operation } from './operations.ts';
import { operations, programOperations } from './operations.ts';
import type { BenchPerson } from './people.ts';
import { makePerson } from './people.ts';
import { programToken } from './program-client.ts';
import type { Program } from './programs.ts';
import { startProgram } from './programs.ts';
import { databaseSizes } from './sizes.ts';

const given = process.argv.slice(2);
const quick = given.includes('--quick');
const only = given.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const onlyGrowth = given.includes('--growth');
const named = given.find((word) => !word.startsWith('--'));
const connections = 16;
const peopleCount = 4;
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const rounds = quick ? 3 : 5;
const seconds = quick ? 1 : 4;
const warmUpSeconds = quick ? 0.5 : 2;
/** The emergency page may take so many times what the floor takes, at the 99th percentile. */
const emergencyLimit = 3;

const say = (line = ''): void => void process.stdout.write(`${line}\n`);
const workFolder = mkdtempSync(join(tmpdir(), 'medallion-bench-'));
const running: Program[] = [];
const started = async (...how: Parameters<typeof startProgram>): Promise<Program> => {
  const program = await startProgram(...how);
  running.push(program);
  return program;
};

try {
  say(
    `${cpus().length} cores, ${cpus()[0]?.model ?? ''}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  say(
    `${connections} connections, ${rounds} rounds of ${seconds} s each, floor and Medallion in turns; medians.`,
  );
  if (!onlyGrowth) {
    const server = await startTwice();
    const people = await makePeople(server.url);
    const floor = await startFloor(server.url, people);
    const token = await programToken(server.url, join(workFolder, 'data'));
    const all = unchangedFirst([
      ...operations(people, connections),
      ...programOperations(people, connections, token),
    ]);
    await compare(server, floor, people, all);
    await report(server);
    await stopAll();
    if (only === undefined) await reportImport();
  }
  if (onlyGrowth || (only === undefined && !quick)) await reportGrowth();
} finally {
  await stopAll();
  rmSync(workFolder, { recursive: true, force: true });
}

async function stopAll(): Promise<void> {
  for (const program of running.splice(0).toReversed()) await program.stop();
}

async function startTwice(): Promise<Program> {
  const environment = { DATA_DIR: join(workFolder, 'data') };
  const first = await startProgram('server/main.ts', environment, '/');
  await first.stop();
  const second = await started('server/main.ts', environment, '/');
  await sleep(2000);
  say();
  say(
    `First page after ${ms(first.startedInMs)} on an empty folder, after ${ms(second.startedInMs)} the second time.`,
  );
  say(`Server process at rest: ${second.residentMb()?.toFixed(0) ?? '?'} MB resident.`);
  return second;
}

async function makePeople(url: string): Promise<BenchPerson[]> {
  const people: BenchPerson[] = [];
  for (let index = 0; index < peopleCount; index++) people.push(await makePerson(url, index));
  // The log takes its leaves within a second.
  await sleep(1500);
  for (const person of people) {
    const answer = await fetch(`${url}/api/entries?limit=50`, { headers: { cookie: person.cookie } });
    const { entries } = (await answer.json()) as { entries: { entryId: string; leafIndex: number | null }[] };
    person.entryIds = entries.filter((one) => one.leafIndex !== null).map((one) => one.entryId);
  }
  return people;
}

async function startFloor(url: string, people: readonly BenchPerson[]): Promise<Program> {
  const [person] = people;
  if (!person) throw new Error('nobody to measure');
  const bytesOf = async (path: string): Promise<string> => {
    const connection = await openConnection(url);
    const { body } = await connection.send(request('GET', path));
    connection.close();
    return String(body.length);
  };
  return started(
    'bench/floor-server.ts',
    {
      DATABASE_URL: embeddedUrl(join(workFolder, 'data')),
      PAGE_BYTES: await bytesOf(person.cardPath),
      PROOF_BYTES: await bytesOf(`/log/proof/inclusion?entry=${person.entryIds[0] ?? ''}`),
    },
    '/',
  );
}

async function compare(
  server: Program,
  floor: Program,
  people: readonly BenchPerson[],
  all: readonly Operation[],
): Promise<void> {
  say();
  say(
    'cpu: microseconds of server and database for each request; other programs on the machine change it least.',
  );
  say(row('', 'Medallion', '', '', '', 'floor', '', '', '', 'ratio', '', ''));
  const side = ['per s', 'p50 ms', 'p99 ms', 'cpu'];
  say(row('', ...side, ...side, 'per s', 'p99', 'cpu'));
  for (const operation of all) {
    if (only !== undefined && !operation.name.startsWith(only)) continue;
    // Rows that the floor's update changes.
    if (operation.name === 'update') await seedFloor(floor, people);
    await compareOne(operation, server, floor);
  }
}

async function compareOne(operation: Operation, server: Program, floor: Program): Promise<void> {
  const { expect, name } = operation;
  const offered = await answers(server.url, operation);
  if (!offered) {
    say(row(name, 'not offered'));
    return;
  }
  const sides = [
    { program: server, url: server.url, next: operation.ours, loads: [] as Load[], cpuUs: [] as number[] },
    { program: floor, url: floor.url, next: operation.floor, loads: [] as Load[], cpuUs: [] as number[] },
  ] as const;
  for (const { url, next } of sides)
    await measure({ url, connections, seconds: warmUpSeconds, next, expect });
  for (let round = 0; round < rounds; round++)
    for (const { program, url, next, loads, cpuUs } of sides) {
      const cpuMs = (): number => program.cpuMs() + server.databaseCpuMs();
      const beforeMs = cpuMs();
      const load = await measure({ url, connections, seconds, next, expect });
      loads.push(load);
      cpuUs.push(((cpuMs() - beforeMs) * 1000) / load.requests);
    }
  const [ours, theirs] = sides.map(({ loads }) => medianLoad(loads)) as [Load, Load];
  const p99Ratio = median(
    sides[0].loads.map((load, round) => load.p99 / (sides[1].loads[round]?.p99 ?? Number.NaN)),
  );
  const [ourCpu, theirCpu] = sides.map(({ cpuUs }) => median(cpuUs)) as [number, number];
  const figures = [ours, theirs].flatMap(({ perSecond, p50, p99 }, side) => [
    whole(perSecond),
    p50.toFixed(2),
    p99.toFixed(2),
    whole(side === 0 ? ourCpu : theirCpu),
  ]);
  say(
    row(
      name,
      ...figures,
      times(ours.perSecond / theirs.perSecond),
      times(p99Ratio),
      times(theirCpu / ourCpu),
    ),
  );
  if (name === 'emergency page') {
    // Rounds that follow each other share the machine's mood: their ratio says more than either figure.
    const holds = p99Ratio <= emergencyLimit;
    say(`    p99 at most ${emergencyLimit} × the floor: ${holds ? 'holds' : 'DOES NOT HOLD'}`);
    if (!holds) process.exitCode = 1;
  }
}

/** What only reads comes before what makes the records larger: both ways of asking meet the same records. */
function unchangedFirst(all: readonly Operation[]): Operation[] {
  const grows = ({ name }: Operation): boolean => /^(create|update|transaction)/.test(name);
  return [...all.filter((one) => !grows(one)), ...all.filter(grows)];
}

/** Whether this server knows the operation at all: what it lacks is said, and is not a figure. */
async function answers(url: string, { ours, expect }: Operation): Promise<boolean> {
  const connection = await openConnection(url);
  const { status } = await connection.send(ours(0));
  connection.close();
  return expect.includes(status);
}

async function reportGrowth(): Promise<void> {
  const dataDir = join(workFolder, 'growth');
  const server = await started('server/main.ts', { DATA_DIR: dataDir }, '/');
  const people = await makePeople(server.url);
  const sizes = [200, 20_000] as const;
  const results = await growth({ server, dataDir, people, sizes, rounds, seconds, connections });
  say();
  say(
    row('', ...sizes.flatMap((size) => [`of ${whole(size)}`, 'cpu']), 'slower', 'cpu') +
      '  (15 % is allowed)',
  );
  for (const { operation, before, after } of results) {
    const slower = before.perSecond / after.perSecond - 1;
    const dearer = after.cpuUs / before.cpuUs - 1;
    const figures = [before, after].flatMap(({ perSecond, cpuUs }) => [whole(perSecond), whole(cpuUs)]);
    say(row(operation, ...figures, percent(slower), percent(dearer)));
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

async function seedFloor(floor: Program, people: readonly BenchPerson[]): Promise<void> {
  const connection = await openConnection(floor.url);
  for (const person of people)
    for (const id of person.observationIds.slice(0, connections))
      await connection.send(request('PUT', `/seed/${person.patientId}/${id}`, { body: person.observation }));
  connection.close();
}

async function report(server: Program): Promise<void> {
  say();
  say(`Server process after the load: ${server.residentMb()?.toFixed(0) ?? '?'} MB resident.`);
  const appended = execFileSync(process.execPath, [
    join(import.meta.dirname, 'ledger-append.ts'),
    quick ? '200000' : '1000000',
  ]);
  say(`Log append in memory, one core: ${appended.toString().trim()}`);
  for (const [script, ...given] of [
    ['decisions.ts'],
    quick ? ['ledger-persist.ts', '50000', '1000000'] : ['ledger-persist.ts'],
    quick ? ['log-cost.ts', '3', '1'] : ['log-cost.ts'],
    quick ? ['stored-bytes.ts', '3'] : ['stored-bytes.ts'],
    ...(existsSync(chromiumPath) ? [['verify-in-browser.ts', chromiumPath]] : []),
  ])
    say(
      execFileSync(process.execPath, [join(import.meta.dirname, script ?? ''), ...given])
        .toString()
        .trim(),
    );
  const { bytes, resources, textBytes } = await databaseSizes(embeddedUrl(join(workFolder, 'data')));
  say(
    `Database: ${whole(bytes / resources)} bytes a resource of ${whole(textBytes / resources)} bytes of text, ` +
      `with versions, search, entries, leaves and the log of all looks of this run.`,
  );
}

async function reportImport(): Promise<void> {
  const folder = resolve(named ?? join(import.meta.dirname, '../../shared/data/synthea'));
  if (!existsSync(folder)) {
    say('Import: not measured, no folder of Bundles was given.');
    return;
  }
  const { summary, sizes } = await importRate(folder, workFolder, quick ? 4 : Number.POSITIVE_INFINITY);
  say(`Import: ${summary}`);
  say(
    `After it the database holds ${whole(sizes.bytes / sizes.resources)} bytes a resource ` +
      `of ${whole(sizes.textBytes / sizes.resources)} bytes of text.`,
  );
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(9)).join('');
}

function ms(value: number): string {
  return `${(value / 1000).toFixed(2)} s`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function times(ratio: number): string {
  return ratio.toFixed(2);
}
