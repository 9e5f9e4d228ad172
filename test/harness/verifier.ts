// The stand-alone verifier as its user runs it: a command line in, a report and an exit code out. State goes where the test says.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRecordFile } from '../../server/ledger/record-export.ts';
import { run } from '../../verifier/main.ts';
import type { Report } from '../../verifier/report.ts';
import type { TestServer } from './server.ts';

export interface Verified extends Report {
  readonly exitCode: number;
  /** All problem codes of all checks. */
  readonly codes: readonly string[];
}

/** In this process, through its main function. */
export async function runVerifier(...args: string[]): Promise<Verified> {
  let out = '';
  let err = '';
  const exitCode = await run([...args, '--json'], {
    out: (text) => (out += text),
    err: (text) => (err += text),
    environment: {},
    now: Date.now,
  });
  if (out === '') throw new Error(err);
  const report = JSON.parse(out) as Verified;
  return {
    ...report,
    exitCode,
    codes: report.checks.flatMap(({ problems = [] }) => problems.map(({ code }) => code)),
  };
}

/** As a program of its own. */
export async function runVerifierProgram(
  ...args: string[]
): Promise<{ exitCode: number | null; out: string; err: string }> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../verifier/medallion-verify.js'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return { exitCode, out, err };
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'medallion-verify-'));
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The record of a person as it stands in the tables, as the export writes it, without the entry that an export leaves. */
export async function writeRecord(server: TestServer, patientId: string, file: string): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of writeRecordFile(server.deps, {
    patientId,
    keys: [],
    origin: '',
    withFiles: true,
  }))
    pieces.push(piece);
  writeFileSync(file, pieces.join(''));
  return file;
}
