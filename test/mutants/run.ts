// Switches protections off one at a time, in a copy of the source, and shows that a test notices each. Not part of the checks: it takes some
// minutes. Usage: npm run mutants [words of those wanted …]
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Protection } from './protections.ts';
import { protections } from './protections.ts';

const root = resolve(import.meta.dirname, '../..');
const copied = ['core', 'server', 'test', 'demo', 'witness', 'verifier', 'contract', 'package.json'];
/** A mutant that hangs is noticed as well. */
const patienceMs = 600_000;

const wanted = process.argv.slice(2);
const chosen = protections.filter(({ without }) => wanted.every((word) => without.includes(word)));
const copy = mkdtempSync(join(tmpdir(), 'medallion-mutants-'));
const missed: string[] = [];
try {
  for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of ['node_modules', 'web', 'build', 'docs', 'bench'])
    symlinkSync(join(root, name), join(copy, name));
  console.log('| switched off | noticed by |\n|---|---|');
  for (const one of chosen) {
    const noticed = await switchOff(one);
    if (noticed === undefined) missed.push(one.without);
    console.log(`| ${one.without} | ${noticed === undefined ? '**nobody**' : `${one.test}: ${noticed}`} |`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${chosen.length - missed.length} of ${chosen.length} noticed`);
if (missed.length > 0) process.exitCode = 1;

/** The name of the test that failed; undefined where none that should did. */
async function switchOff({ file, find, replace, test, named }: Protection): Promise<string | undefined> {
  const place = join(copy, file);
  const source = readFileSync(place, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
  writeFileSync(
    place,
    source.replace(find, () => replace),
  );
  try {
    const output = await outputOf(test);
    const failed = output.split('\n').flatMap((line) => {
      const [, name] = /^✗ \S+\.test\.ts: (.+)$/.exec(line) ?? [];
      return name === undefined || /^\d+ passed/.test(name) ? [] : [name];
    });
    return failed.find((name) => named.test(name));
  } finally {
    writeFileSync(place, source);
  }
}

function outputOf(test: string): Promise<string> {
  return new Promise((done) => {
    const options = { cwd: copy, timeout: patienceMs, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, ['test/run.ts', test], options, (_error, stdout) => done(stdout));
  });
}
