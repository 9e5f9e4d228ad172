// A copy of a log as a folder, in the layout of C2SP tlog-tiles: any program that knows that layout can follow it from there.
// The checkpoint is written last: a folder with one is whole.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entryBundlePath, entryBundlesOfTree, tilePath, tilesOfTree } from '../core/ledger/tile-paths.ts';
import type { FollowedLog } from './check-log.ts';
import type { LogSource } from './log-source.ts';

/** Copies a log that was checked. Files that are there already are written over. */
export async function mirrorLog(
  source: LogSource,
  { checkpoint, note }: Pick<FollowedLog, 'checkpoint' | 'note'>,
  vkey: string,
  folder: string,
): Promise<void> {
  const write = async (path: string, content: Uint8Array | string): Promise<void> => {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(`${place}.part`, content);
    await rename(`${place}.part`, place);
  };
  for (const tile of tilesOfTree(checkpoint.size))
    await write(tilePath(tile), await source.readTile(tile.level, tile.index, tile.width));
  for (const bundle of entryBundlesOfTree(checkpoint.size))
    await write(entryBundlePath(bundle), await source.readBundle(bundle.index, bundle.width));
  await write('vkey', `${vkey}\n`);
  const keys = await source.readText('keys');
  if (keys !== undefined) await write('keys', keys);
  await write('checkpoint', note);
}
