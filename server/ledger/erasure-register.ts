// What was erased, kept outside the database: a restored backup brings erased things back, and this file says which must go again.
// It names entries, files and digests of random ids; it says nothing about anybody.
import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfThere } from './durable-file.ts';

export interface RegisteredErasure {
  /** The entry of the erasure. */
  erasure: string;
  at: string;
  entries: readonly string[];
  files: readonly string[];
  /** Of one resource: its versions are found by their entries. Of a whole person: hexadecimal SHA-256 of the patient id. */
  person?: string;
}

type Line =
  | ({ state: 'begun' } & RegisteredErasure)
  | { state: 'done'; erasure: string }
  | { state: 'not-done'; erasure: string };

export function registerPath(dataDir: string): string {
  return join(dataDir, 'log', 'erasures.jsonl');
}

/** On disk when it returns: before the transaction is committed, and again after. */
export async function appendToRegister(dataDir: string, line: Line): Promise<void> {
  const path = registerPath(dataDir);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface Register {
  /** All that count, the oldest first. */
  erasures: readonly RegisteredErasure[];
  /** Begun, and not known whether they were committed: a crash came in between. */
  open: readonly RegisteredErasure[];
}

/** A last line that a crash cut off is passed over: what it would have named was not committed. */
export async function readRegister(dataDir: string): Promise<Register> {
  const begun = new Map<string, RegisteredErasure>();
  const settled = new Set<string>();
  for (const text of ((await readIfThere(registerPath(dataDir))) ?? '').split('\n')) {
    const line = readLine(text);
    if (!line) continue;
    if (line.state === 'begun') begun.set(line.erasure, line);
    else if (line.state === 'done') settled.add(line.erasure);
    else begun.delete(line.erasure);
  }
  const erasures = [...begun.values()];
  return { erasures, open: erasures.filter(({ erasure }) => !settled.has(erasure)) };
}

function readLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line);
  } catch {
    return undefined;
  }
}
