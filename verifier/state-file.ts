// What this verifier saw last of a log, kept on the reader's own machine: a log that goes back, or tells another story, is caught by it.
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SourceError } from './source-error.ts';

export interface SeenState {
  readonly origin: string;
  /** The key that is trusted for it. */
  readonly vkey: string;
  /** The signed checkpoint, as text. */
  readonly checkpoint: string;
  readonly seenAt: string;
}

/** Where the state of a source is kept when the user names no file. */
export function defaultStatePath(source: string, stateHome: string | undefined): string {
  const folder = stateHome ?? join(homedir(), '.local', 'state');
  const name = createHash('sha256').update(source).digest('hex').slice(0, 24);
  return join(folder, 'medallion-verify', `${name}.json`);
}

/** Undefined when nothing was kept. Throws `SourceError` for a file that is no state: doubt is not begun anew in silence. */
export async function readState(path: string): Promise<SeenState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SourceError(`${path} cannot be read`, { cause: error });
  }
  try {
    const { origin, vkey, checkpoint, seenAt } = JSON.parse(text) as Partial<SeenState>;
    if ([origin, vkey, checkpoint, seenAt].every((field) => typeof field === 'string'))
      return { origin: origin ?? '', vkey: vkey ?? '', checkpoint: checkpoint ?? '', seenAt: seenAt ?? '' };
  } catch {
    // Said below.
  }
  throw new SourceError(`${path} is not what this verifier wrote`);
}

/** Whole and synced, or as it was. */
export async function writeState(path: string, state: SeenState): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.part`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(state, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}
