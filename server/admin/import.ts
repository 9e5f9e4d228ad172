// `import`: every Bundle of a folder, one after the other, each wholly or not at all, then all lines of NDJSON; progress on the way, a summary at the end.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatUhid } from '../../core/card/uhid.ts';
import { FhirError } from '../errors.ts';
import type { ImportResult } from '../fhir/import-bundle.ts';
import { importBundle } from '../fhir/import-bundle.ts';
import { createTurns } from '../fhir/turns.ts';
import { refreshStatistics } from '../storage/identifiers.ts';
import type { Stores } from '../stores.ts';
import { importLines } from './import-lines.ts';

const fileLimitBytes = 256 * 1024 * 1024;

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => /\.(json|ndjson)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof FhirError)) return (error as Error).message;
  const lines = error.issues
    .slice(0, 5)
    .map((issue) => `      ${issue.expression?.[0] ?? ''} ${issue.diagnostics}`);
  const more = error.issues.length > 5 ? `\n      and ${error.issues.length - 5} more` : '';
  return `\n${lines.join('\n')}${more}`;
}

/** While one Bundle is stored, the next is read and checked: more at once would only wait for the same two. */
const atOnce = 2;

/** The outcomes in the order of the files, each begun when there is room for it. */
async function* ahead<Result>(
  files: readonly string[],
  act: (file: string) => Promise<Result>,
): AsyncGenerator<[number, string, Promise<Result>]> {
  const begun: Promise<Result>[] = [];
  for (const [index, file] of files.entries()) {
    for (const next of files.slice(begun.length, index + atOnce)) {
      const outcome = act(next);
      // Whoever takes it in its turn is told.
      outcome.catch(() => undefined);
      begun.push(outcome);
    }
    yield [index, file, begun[index] as Promise<Result>];
  }
}

/** Exit code: 0 when every file came in or was known already, 1 when any was refused. */
export async function importFolder(
  { deps, sequencer }: Stores,
  path: string,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<number> {
  const files = await filesOf(path);
  if (files.length === 0) {
    write(`No .json file and no .ndjson file in ${path}.`);
    return 1;
  }
  const sum = { people: 0, entries: 0, known: 0, refused: 0 };
  const startedMs = performance.now();
  const bundles = files.filter((file) => !file.endsWith('.ndjson'));
  const turns = createTurns();
  const bringIn = async (file: string): Promise<ImportResult> => {
    if ((await stat(file)).size > fileLimitBytes) throw new Error('larger than 256 MB');
    return importBundle(deps, 'operator', await readFile(file, 'utf8'), turns);
  };
  for await (const [index, file, outcome] of ahead(bundles, bringIn)) {
    const at = `[${String(index + 1).padStart(String(bundles.length).length)}/${bundles.length}] ${basename(file)}`;
    try {
      const result = await outcome;
      if (result.state === 'known-already') {
        sum.known += 1;
        write(`${at}  known already, left as it is`);
        continue;
      }
      sum.people += result.people.length;
      sum.entries += result.entries;
      const uhids = result.people.map(({ uhid }) => formatUhid(uhid)).join(', ');
      write(`${at}  ${result.entries} entries${uhids ? `, UHID ${uhids}` : ''}`);
    } catch (error) {
      sum.refused += 1;
      write(`${at}  refused, nothing of it was stored: ${reasonOf(error)}`);
    }
  }
  const lines = files.filter((file) => file.endsWith('.ndjson'));
  if (lines.length > 0) {
    const { people, stored, known, refused } = await importLines(deps, lines, write);
    sum.people += people;
    sum.entries += stored;
    sum.known += known;
    sum.refused += refused;
  }
  await sequencer.flush();
  await refreshStatistics(deps.db.pool);
  const seconds = (performance.now() - startedMs) / 1000;
  write(
    `\n${sum.entries} entries of ${sum.people} people in ${seconds.toFixed(1)} s (${Math.round(sum.entries / seconds)} a second), all in the log.` +
      `${sum.known ? ` ${sum.known} known already.` : ''}${sum.refused ? ` ${sum.refused} refused.` : ''}`,
  );
  return sum.refused > 0 ? 1 : 0;
}
