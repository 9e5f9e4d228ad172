// Files that hold secret keys: whole, readable by their owner alone, and on disk under their name before anything is sealed with them.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './local-files.ts';

/** Reads the key, or makes one of 32 random bytes; of several processes at once the first wins, and all get its key. */
export async function readOrMakeKey(path: string): Promise<Buffer> {
  return (await readKey(path)) ?? (await makeKey(path));
}

/** Whoever reads meanwhile gets the old or the new bytes; the new ones are on disk when it returns. */
export async function replaceKey(path: string, bytes: Uint8Array): Promise<void> {
  await rename(await writtenBeside(path, bytes), path);
  await syncFolder(dirname(path));
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole under another name and then linked: a crash leaves no half key. */
async function makeKey(path: string): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = await writtenBeside(path, randomBytes(32));
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  // What is sealed with it must never outlive it: without this a power cut could take the name away.
  await syncFolder(dirname(path));
  return readFile(path);
}

/** A name of one's own also within one process: a shared file would still be written to after it was linked. */
async function writtenBeside(path: string, bytes: Uint8Array): Promise<string> {
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}
