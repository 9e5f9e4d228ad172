// What `npm test` runs: one database for all, every test file in a process of its own, the count as the last line.
// Usage: test/run.ts [file or folder …]
import { globSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ensureWebCurrent } from '../web/prepare.ts';
import { findChromium } from './harness/chromium.ts';
import { clusterVariable, startTestCluster } from './harness/cluster.ts';
import { type FileResult, runFile } from './harness/run-file.ts';

const filesAtOnce = 2;
/** Of one file: several times what the longest needs on a machine that has enough else to do. */
const timeLimitMs = 1_200_000;
const root = resolve(import.meta.dirname, '..');

const wanted = findTestFiles(process.argv.slice(2));
const browser = findChromium();
const withoutBrowser = browser === undefined ? wanted.filter(isBrowserJourney) : [];
const files = wanted.filter((file) => !withoutBrowser.includes(file));
try {
  report(await runAll(files), withoutBrowser);
} catch (error) {
  // The pages could not be built, or the database for the tests did not start or did not take the migrations.
  console.error(error);
  process.exitCode = 1;
  console.log('\n0 passed, 1 failed');
}

function findTestFiles(named: readonly string[]): string[] {
  const places = named.length > 0 ? named.map((place) => resolve(place)) : [join(root, 'test')];
  const found = places.flatMap((place) =>
    statSync(place).isDirectory()
      ? globSync('**/*.test.ts', { cwd: place }).map((name) => join(place, name))
      : [place],
  );
  // Journeys are the longest: they begin first, so that no single one is left over at the end.
  return [...new Set(found)].sort(
    (a, b) => Number(isBrowserJourney(b)) - Number(isBrowserJourney(a)) || a.localeCompare(b),
  );
}

function isBrowserJourney(file: string): boolean {
  return relative(root, file).startsWith(join('test', 'e2e') + sep);
}

async function runAll(waiting: readonly string[]): Promise<FileResult[]> {
  if (waiting.length === 0) return [];
  if (waiting.some(isBrowserJourney)) await ensureWebCurrent();
  const cluster = await startTestCluster();
  process.env[clusterVariable] = JSON.stringify(cluster.superuser);
  if (browser !== undefined) process.env['CHROMIUM_PATH'] = browser;
  const queue = [...waiting];
  const done: FileResult[] = [];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file, timeLimitMs);
      done.push(result);
      printLine(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: filesAtOnce }, worker));
  } finally {
    await cluster.stop();
  }
  return done;
}

function printLine(result: FileResult): void {
  const mark = result.failures.length === 0 ? '✓' : '✗';
  const seconds = (result.durationMs / 1000).toFixed(1);
  const failed = result.failures.length === 0 ? '' : `, ${result.failures.length} failed`;
  const skipped = result.skipped === 0 ? '' : `, ${result.skipped} skipped`;
  console.log(
    `${mark} ${relative(root, result.file)}: ${result.passed} passed${failed}${skipped} (${seconds} s)`,
  );
}

function report(done: readonly FileResult[], notRun: readonly string[]): void {
  for (const result of done.filter(({ failures }) => failures.length > 0)) {
    for (const failure of result.failures) console.log(`\n✗ ${relative(root, failure)}`);
    if (result.output.trim() !== '')
      console.log(`\n  what ${relative(root, result.file)} printed:\n${result.output}`);
  }
  if (notRun.length > 0) {
    console.log(`\nThe browser journeys did not run (${notRun.length} files): no Chromium was found.`);
    console.log('Install one, or set CHROMIUM_PATH to it.');
  }
  const passed = done.reduce((sum, result) => sum + result.passed, 0);
  const failed = done.reduce((sum, result) => sum + result.failures.length, 0);
  const skipped = done.reduce((sum, result) => sum + result.skipped, 0) + notRun.length;
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
}
