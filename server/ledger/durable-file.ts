// Files that are whole and on disk under their name, or not there: keys and marks that the log must not lose. Must not know what they hold.
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Returns when text and name are both on disk. After an error either the old or the new text is there. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  // Without this a power cut could bring the old name back.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Overwrites a part of a file that is as long already; returns when it is on disk. After an error that part may hold anything. */
export async function overwriteDurably(path: string, from: number, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.write(Buffer.from(text), 0, undefined, from);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
