// The public log over HTTP, laid out as C2SP tlog-tiles: checkpoint, hash tiles, entry bundles, verifier key; and proofs for convenience.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { encodeEntryBundle } from '../../core/ledger/entry-bundle.ts';
import { LedgerError } from '../../core/ledger/errors.ts';
import { parseTilePath, TILE_WIDTH } from '../../core/ledger/tile-paths.ts';
import { consistencyProofFromTiles, inclusionProofFromTiles } from '../../core/ledger/tiles.ts';
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { StoredCheckpoint } from '../storage/log-store.ts';
import { findCheckpoint, findLeafOfEntry, findTile, listLeaves } from '../storage/log-store.ts';
import type { LogReads } from '../storage/log-reads.ts';
import type { Queryable } from '../storage/queryable.ts';
import { listKeyChanges } from '../storage/key-change-store.ts';
import type { LogKeys } from './log-key.ts';
import { findWitnessed } from './witnessed.ts';

const immutable = 'public, max-age=31536000, immutable';
const text = 'text/plain; charset=utf-8';

const absent = () => new ApiError(404, 'not-found', 'The log has nothing there.');
const open = (reply: FastifyReply): FastifyReply =>
  reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');

export async function requireCheckpoint({
  logReads,
}: {
  logReads: Pick<LogReads, 'latestCheckpoint'>;
}): Promise<StoredCheckpoint> {
  const latest = await logReads.latestCheckpoint();
  if (!latest)
    throw new ApiError(503, 'log-not-ready', 'The log has not been signed yet. Try again shortly.', {
      headers: { 'retry-after': '1' },
    });
  return latest;
}

export const checkpoint = (deps: Deps) => async (_request: FastifyRequest, reply: FastifyReply) => {
  const latest = await requireCheckpoint(deps);
  return open(reply).type(text).header('cache-control', 'no-cache').send(latest.note);
};

/** The newest checkpoint that the quorum of witnesses has cosigned; without witnesses there is none. */
export const witnessedCheckpoint = (deps: Deps) => async (_request: FastifyRequest, reply: FastifyReply) => {
  const { size } = await findWitnessed(deps);
  const found = size > 0 ? await findCheckpoint(deps.db.pool, size) : undefined;
  if (!found) throw absent();
  return open(reply).type(text).header('cache-control', 'no-cache').send(found.note);
};

/** The present key. Another process may have changed it. */
export const verifierKey = (keys: LogKeys) => async (_request: FastifyRequest, reply: FastifyReply) => {
  await keys.refresh();
  return open(reply).type(text).header('cache-control', 'no-cache').send(`${keys.vkey}\n`);
};

/** Every key that the log has had: the note with which each vouched for the next, and the entry in the log that stands for it. */
export const keyChanges =
  (deps: Deps, keys: LogKeys) => async (_request: FastifyRequest, reply: FastifyReply) => {
    await keys.refresh();
    const changes = await listKeyChanges(deps.db.pool);
    return open(reply)
      .header('cache-control', 'no-cache')
      .send({
        origin: keys.origin,
        current: keys.vkey,
        changes: changes.map(({ note, entryId, statement, salt, leafIndex }) => ({
          note,
          entryId,
          statement,
          salt: encodeBase64(salt),
          leafIndex,
        })),
      });
  };

/** `/log/tile/…` for hash tiles and entry bundles alike. */
export const tile = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const path = parseTilePath(`tile/${(request.params as { '*': string })['*']}`);
  if (!path) throw absent();
  const bytes =
    path.kind === 'tile'
      ? await findTile(deps.db.pool, path.tile.level, path.tile.index, path.tile.width)
      : await bundle(deps.db.pool, path.bundle);
  if (!bytes) throw absent();
  return open(reply)
    .type('application/octet-stream')
    .header('cache-control', immutable)
    .send(Buffer.from(bytes));
};

async function bundle(
  db: Queryable,
  { index, width }: { index: number; width: number },
): Promise<Uint8Array | undefined> {
  const leaves = await listLeaves(db, index * TILE_WIDTH, width);
  return leaves.length === width ? encodeEntryBundle(leaves.map((l) => l.leaf)) : undefined;
}

/** `?entry=` (an entry id) or `?index=`, and `&size=` (default: the newest checkpoint). */
export const inclusionProof = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { entry, index, size } = request.query as { entry?: string; index?: string; size?: string };
  const asked = size === undefined ? undefined : readNumber(size, 'size');
  const { asks } = deps.db;
  const [latest, leaf] = await Promise.all([
    requireCheckpoint(deps),
    entry === undefined
      ? listLeaves(asks, readNumber(index, 'index'), 1).then(([one]) => one)
      : findLeafOfEntry(asks, readEntryId(entry)),
  ]);
  const treeSize = asked ?? latest.size;
  if (treeSize > latest.size) throw absent();
  if (!leaf) throw new ApiError(404, 'not-in-the-log', 'This entry is not in the log, or not yet.');
  const hashes = await prove(() =>
    inclusionProofFromTiles(leaf.leafIndex, treeSize, deps.logReads.tileNodes),
  );
  return open(reply).send({
    entry: leaf.entryId,
    index: leaf.leafIndex,
    leaf: encodeBase64(leaf.leaf),
    size: treeSize,
    hashes: hashes.map(encodeBase64),
    ...(treeSize === latest.size ? { checkpoint: latest.note } : {}),
  });
};

export const consistencyProof = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { from, to } = request.query as { from?: string; to?: string };
  const latest = await requireCheckpoint(deps);
  const newSize = to === undefined ? latest.size : readNumber(to, 'to');
  const oldSize = readNumber(from, 'from');
  if (newSize > latest.size) throw absent();
  const hashes = await prove(() => consistencyProofFromTiles(oldSize, newSize, deps.logReads.tileNodes));
  return open(reply).send({ from: oldSize, to: newSize, hashes: hashes.map(encodeBase64) });
};

/** One leaf's 98 bytes. */
export const leaf = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const [found] = await listLeaves(
    deps.db.pool,
    readNumber((request.params as { index: string }).index, 'index'),
    1,
  );
  if (!found) throw absent();
  return open(reply).type('application/octet-stream').header('cache-control', immutable).send(found.leaf);
};

async function prove(act: () => Promise<Uint8Array[]>): Promise<Uint8Array[]> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof LedgerError)
      throw new ApiError(400, 'out-of-range', 'There is no proof between these places of the log.');
    throw error;
  }
}

function readNumber(value: string | undefined, field: string): number {
  const number = value !== undefined && /^(0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number))
    throw new ApiError(400, 'invalid', 'A whole number is expected.', {
      fields: [{ field, code: 'number' }],
    });
  return number;
}

function readEntryId(value: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    throw new ApiError(400, 'invalid', 'This is not an entry id.', {
      fields: [{ field: 'entry', code: 'entry-id' }],
    });
  return value;
}
