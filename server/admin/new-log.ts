// `new-log`: the last way on when the newest entries of the log are lost for good. The old log is never continued: it ends, its signatures
// are kept as evidence, and another log with another name and key begins over what is left, with what happened as its first new entry.
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { rootFromTiles } from '../../core/ledger/tiles.ts';
import { emptyRoot, equalBytes } from '../../core/ledger/tree.ts';
import type { Config } from '../config.ts';
import { readIfThere, writeDurably } from '../ledger/durable-file.ts';
import { keyFolder, openLogKey } from '../ledger/log-key.ts';
import type { SignedMark } from '../ledger/signed-mark.ts';
import { markPath, readMark } from '../ledger/signed-mark.ts';
import { tileReader } from '../ledger/tile-reader.ts';
import { findHead, trySequencerLock } from '../storage/log-store.ts';
import { takeSignaturesAway } from '../storage/new-log.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction } from '../storage/transaction.ts';
import { openDatabaseBeside } from '../stores.ts';
import { storeOperatorEntry } from './operator-entry.ts';

export const confirmation = 'the newest entries are lost';

/** Throws, and changes nothing, when the log could be continued, a server runs, or it was not confirmed in words. */
export async function startNewLog(
  config: Config,
  { reason, confirm }: { readonly reason: string; readonly confirm: string },
): Promise<string> {
  if (confirm !== confirmation)
    throw new Error(`This ends the log for good. To go on, add --confirm "${confirmation}".`);
  const { dataDir } = config;
  const db = await openDatabaseBeside(config);
  const lock = new pg.Client(db.connection);
  try {
    await lock.connect();
    if (!(await trySequencerLock(lock))) throw new Error('A server writes this log. Stop it first.');
    const mark = await readMark(dataDir);
    const head = (await findHead(db.pool)) ?? { size: 0, root: Buffer.from(emptyRoot()) };
    if (!mark || (await contains(db.pool, head.size, mark)))
      throw new Error('Nothing that was signed is missing here: start the server. No new log is begun.');
    const old = await openLogKey(dataDir, '', false);
    const origin = nextOrigin(old.origin);
    const folder = join(dataDir, 'log', `ended-at-${mark.size}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const lost = {
      endedLog: old.origin,
      newLog: origin,
      signedSize: mark.size,
      signedRoot: encodeBase64(mark.root),
      standingSize: head.size,
      reason,
    };
    await inTransaction(db.pool, async (client) => {
      const evidence = { ...lost, verifierKeys: old.allVkeys(), rows: await takeSignaturesAway(client) };
      // On disk before the rows are gone. A second run after a crash finds none of them and must not write over the first.
      const path = join(folder, 'evidence.json');
      if ((await readIfThere(path)) === undefined) await writeDurably(path, JSON.stringify(evidence));
      await storeOperatorEntry(client, 'restore', lost);
    });
    // A crash between these lines leaves the mark: no server starts, and this is called again.
    const keyPath = join(keyFolder(dataDir), 'log-key.json');
    await rename(keyPath, join(folder, 'log-key.json'));
    await rm(join(keyFolder(dataDir), 'log-key-next.json'), { force: true });
    const { vkey } = await openLogKey(dataDir, origin, true);
    await writeDurably(join(folder, 'last-signed.json'), `${JSON.stringify(lost)}\n`);
    await rm(markPath(dataDir));
    return [
      `The log ${old.origin} has ended. It was signed up to ${mark.size} entries, of which ${head.size} stand here.`,
      `A new log begins over them when the server starts: ${origin}`,
      `Its key: ${vkey}`,
      `What the old log signed is kept in ${folder}. Publish it: whoever kept a checkpoint, a record or a receipt of the old log will find`,
      'that this is another one, and has a right to know why. Tell your witnesses the new key, and open the new log on your contract.',
    ].join('\n');
  } finally {
    await lock.end().catch(() => undefined);
    await db.stop();
  }
}

/** `host/log`, then `host/log-2`, `host/log-3` … */
function nextOrigin(origin: string): string {
  const [, name = origin, number] = /^(.*?)(?:-(\d{1,6}))?$/.exec(origin) ?? [];
  return `${name}-${Number(number ?? 1) + 1}`;
}

async function contains(db: Queryable, size: number, mark: SignedMark): Promise<boolean> {
  if (size < mark.size) return false;
  if (mark.size === 0) return true;
  const root = await rootFromTiles(mark.size, tileReader(db)).catch(() => undefined);
  return root !== undefined && equalBytes(root, mark.root);
}
