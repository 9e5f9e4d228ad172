// The log's key replaced: the operator leaves a new key in a file; whoever sequences makes the change, between two checkpoints, so that
// the size at which it happens is known. A crash at any line leaves a state that the next round takes up.
import { createHash } from 'node:crypto';
import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { signKeyChange } from '../../core/ledger/key-change.ts';
import type { KeyChangeRow } from '../storage/key-change-store.ts';
import { countKeyChanges, storeKeyChange } from '../storage/key-change-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { SealingSources } from '../storage/sealed-entry.ts';
import { readIfThere, writeDurably } from './durable-file.ts';
import type { KeyChangeRecord, LogKeys } from './log-key.ts';
import { keyFolder, logKeyOf, newPrivateKey } from './log-key.ts';

interface NextKeyFile {
  privateKey: string;
  overlapMs: number;
}

/** For this long both keys sign, so that whoever knows only the old one can learn of the new. */
export const usualOverlapMs = 30 * 24 * 3600 * 1000;

function nextKeyPath(dataDir: string): string {
  return join(keyFolder(dataDir), 'log-key-next.json');
}

/** Asks for a change of keys. One that is under way already is not replaced. Returns the new key's vkey. */
export async function prepareNextKey(dataDir: string, origin: string, overlapMs: number): Promise<string> {
  const path = nextKeyPath(dataDir);
  await mkdir(keyFolder(dataDir), { recursive: true, mode: 0o700 });
  const file: NextKeyFile = { privateKey: newPrivateKey(), overlapMs };
  const own = `${path}.${process.pid}`;
  await writeDurably(own, JSON.stringify(file));
  try {
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
  const stored = await readNextKey(dataDir);
  // Gone again: whoever sequences was quicker than this line.
  return logKeyOf(origin, stored?.privateKey ?? file.privateKey).vkey;
}

async function readNextKey(dataDir: string): Promise<NextKeyFile | undefined> {
  const text = await readIfThere(nextKeyPath(dataDir));
  return text === undefined ? undefined : (JSON.parse(text) as NextKeyFile);
}

export type RotationPoint =
  'before-key-file' | 'after-key-file' | 'after-key-change' | 'after-next-key-removed';

export interface Rotation {
  db: Queryable;
  dataDir: string;
  keys: LogKeys;
  sources: SealingSources;
  at: (point: RotationPoint) => Promise<void>;
}

/**
 * Makes the change that was asked for, if any, and lets an old key go whose time is over. Only under the sequencer's lock, when
 * `signedSize` is the size of the newest checkpoint and nothing is about to be signed. True: a leaf waits because of it.
 */
export async function rotateIfAsked(rotation: Rotation, signedSize: number): Promise<boolean> {
  const { keys, dataDir, sources, at } = rotation;
  await keys.refresh();
  const next = await readNextKey(dataDir);
  if (next && logKeyOf(keys.origin, next.privateKey).vkey !== keys.vkey) {
    const nowMs = sources.now();
    const newKey = logKeyOf(keys.origin, next.privateKey);
    const record = recordOf(keys, newKey.vkey, signedSize, nowMs, sources, (change) =>
      signKeyChange(change, keys, newKey),
    );
    await at('before-key-file');
    await keys.replace({
      origin: keys.origin,
      privateKey: next.privateKey,
      retiring: { privateKey: keys.file.privateKey, untilMs: nowMs + next.overlapMs, size: signedSize },
      changes: [...(keys.file.changes ?? []), record],
    });
    // A crash here leaves the change in the key file alone: the next start brings it into the log before it signs.
    await at('after-key-file');
  }
  const stored = await storeMissingChanges(rotation);
  await at('after-key-change');
  if (next) {
    await rm(nextKeyPath(dataDir), { force: true });
    await at('after-next-key-removed');
  }
  const { retiring, ...kept } = keys.file;
  if (retiring && sources.now() >= retiring.untilMs && signedSize > retiring.size) await keys.replace(kept);
  return stored > 0;
}

/** Every change of the key file is an entry with its leaf: each goes in once, whatever was interrupted. */
async function storeMissingChanges({ db, keys }: Rotation): Promise<number> {
  const changes = keys.file.changes ?? [];
  if (changes.length === 0) return 0;
  const stored = await countKeyChanges(db);
  for (const [position, record] of changes.entries())
    if (position >= stored) await storeKeyChange(db, rowOf(position, record));
  return changes.length - stored;
}

function rowOf(position: number, { note, entry }: KeyChangeRecord): KeyChangeRow {
  return {
    position,
    note,
    entry: {
      ...entry,
      patientId: '',
      salt: Buffer.from(entry.salt, 'base64'),
      commitment: Buffer.from(entry.commitment, 'base64'),
    },
  };
}

function recordOf(
  keys: LogKeys,
  newVkey: string,
  size: number,
  nowMs: number,
  sources: SealingSources,
  signChange: (change: { size: number; timeSeconds: number }) => string,
): KeyChangeRecord {
  const note = signChange({ size, timeSeconds: Math.floor(nowMs / 1000) });
  const entry = sealEntry(
    '',
    {
      event: 'key',
      outcome: 'done',
      who: { role: 'operator' },
      basis: 'operator',
      detail: {
        old: keys.vkey,
        new: newVkey,
        size,
        note: createHash('sha256').update(note, 'utf8').digest('base64'),
      },
    },
    sources,
    nowMs,
  );
  const { entryId, kind, recordedAtMs, statement, salt, commitment } = entry;
  return {
    note,
    entry: {
      entryId,
      kind,
      recordedAtMs,
      statement,
      salt: salt.toString('base64'),
      commitment: commitment.toString('base64'),
    },
  };
}
