// A person's whole record as one file, written piece by piece: never more than a page of entries or a piece of one file in memory.
// The export's own entry is in the log before the first byte leaves, so that it is the last link of the chain in the file.
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { systemPseudonym } from '../../core/ledger/leaf.ts';
import { RECORD_FORMAT } from '../../core/ledger/record-file.ts';
import { consistencyProofFromTiles, inclusionProofFromTiles } from '../../core/ledger/tiles.ts';
import type { ReadTileNodes } from '../../core/ledger/tiles.ts';
import type { Deps } from '../http/deps.ts';
import { listAnchorsOverChain } from '../storage/anchor-store.ts';
import { readFileInPieces } from '../storage/file-store.ts';
import type { StoredFile } from '../storage/files.ts';
import { listFiles } from '../storage/files.ts';
import type { StoredCheckpoint } from '../storage/log-store.ts';
import { listKeyChanges } from '../storage/key-change-store.ts';
import { keptTileNodes } from '../storage/log-reads.ts';
import { findCheckpoint, findLatestCheckpoint, findLeafOfEntry } from '../storage/log-store.ts';
import { findPerson } from '../storage/people.ts';
import type { ExportedEntry, ExportedVersion } from '../storage/record-export.ts';
import type { Queryable } from '../storage/queryable.ts';
import {
  findChainEnd,
  listEntriesOutsideChain,
  listChainPage,
  listStrayVersions,
  listVersionsOfEntries,
} from '../storage/record-export.ts';
import { requireCheckpoint } from './public-log.ts';
import { findWitnessed } from './witnessed.ts';

const pageSize = 200;
const mostOddities = 1000;
const mostAnchors = 500;
/** A multiple of three: each piece is base64 without padding in between. */
const pieceBytes = 3 * 64 * 1024;

/** The pool, or one client in a snapshot. */
export interface RecordSource extends Pick<Deps, 'config' | 'now'> {
  db: { pool: Queryable };
}

export interface ExportRequest {
  /** '' for the system's own chain. */
  patientId: string;
  /** The log's verifier keys, as they are named in the file; nobody need believe them. */
  keys: readonly string[];
  origin: string;
  withFiles: boolean;
  /** Under the checkpoint of this size instead of the newest: one that witnesses have cosigned. */
  underSize?: number | undefined;
  /** Called after each page with how many entries have been written, and of how many. */
  onProgress?: (written: number, total: number) => void;
}

/** Waits, not longer than `limitMs`, until a signed checkpoint covers this entry. */
export async function awaitLogged(
  deps: Pick<Deps, 'db'>,
  entryId: string,
  limitMs = 10_000,
): Promise<boolean> {
  for (let waited = 0; waited <= limitMs; waited += 50) {
    const [leaf, latest] = [
      await findLeafOfEntry(deps.db.pool, entryId),
      await findLatestCheckpoint(deps.db.pool),
    ];
    if (leaf && latest && leaf.leafIndex < latest.size) return true;
    await sleep(50);
  }
  return false;
}

/**
 * Waits a little until a checkpoint that the quorum of witnesses cosigned covers this entry. Undefined without witnesses, or when they
 * take longer: then the newest one must do.
 */
export async function awaitWitnessed(
  deps: Pick<Deps, 'config' | 'db'>,
  entryId: string,
  limitMs = 5_000,
): Promise<number | undefined> {
  if (deps.config.witnesses.witnesses.length === 0) return undefined;
  for (let waited = 0; waited <= limitMs; waited += 100) {
    const leaf = await findLeafOfEntry(deps.db.pool, entryId);
    const { size } = await findWitnessed(deps);
    if (leaf && leaf.leafIndex < size) return size;
    await sleep(100);
  }
  return undefined;
}

/** The file's text in pieces. Reads under one checkpoint from first to last. */
export async function* writeRecordFile(deps: RecordSource, request: ExportRequest): AsyncGenerator<string> {
  const { patientId, keys, origin, onProgress } = request;
  const db = deps.db.pool;
  const person = patientId === '' ? undefined : await findPerson(db, patientId);
  if (patientId !== '' && !person) throw new Error('there is no such person');
  const pseudonym = person?.pseudonym ?? systemPseudonym();
  const checkpoint =
    (request.underSize === undefined ? undefined : await findCheckpoint(db, request.underSize)) ??
    (await requireCheckpoint({ logReads: { latestCheckpoint: () => findLatestCheckpoint(db) } }));
  const changes = (await listKeyChanges(db)).map(({ note }) => note);
  const end = await findChainEnd(db, pseudonym);
  // Many proofs of one person go through the same tiles; however long the chain, no more than these are held.
  const read = keptTileNodes(db);
  const anchors = await anchorLines(db, pseudonym, checkpoint, read);
  yield `{"format":${JSON.stringify(RECORD_FORMAT)},"madeAt":${JSON.stringify(new Date(deps.now()).toISOString())},
"log":${JSON.stringify({ origin, keys, changes })},
"person":${JSON.stringify({ patient: patientId, uhid: person?.uhid ?? null, alias: person?.alias ?? null, pseudonym: encodeBase64(pseudonym) })},
"chain":${JSON.stringify(end ? { seq: end.seq, head: encodeBase64(end.head) } : null)},
"checkpoint":${JSON.stringify(checkpoint.note)},
"anchors":${JSON.stringify(anchors)},
"entries":[`;

  const strays: { type: string; id: string; version: number }[] = [];
  let written = 0;
  for (let fromSeq = 1; ;) {
    const page = await listChainPage(db, {
      patientId,
      pseudonym,
      fromSeq,
      treeSize: checkpoint.size,
      limit: pageSize,
    });
    const versions = await listVersionsOfEntries(
      db,
      patientId,
      page.map(({ entryId }) => entryId),
    );
    const lines = await Promise.all(
      page.map(async (entry) => {
        const { own, others } = chooseVersion(
          entry,
          versions.filter(({ entryId }) => entryId === entry.entryId),
        );
        strays.push(...others.map((v) => ({ type: v.resourceType, id: v.resourceId, version: v.version })));
        return JSON.stringify(await entryLine(entry, own, checkpoint, read));
      }),
    );
    if (lines.length > 0) yield `${written === 0 ? '\n' : ',\n'}${lines.join(',\n')}`;
    written += lines.length;
    onProgress?.(written, end?.seq ?? written);
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) break;
    fromSeq = last.seq + 1;
  }

  const waiting = await listEntriesOutsideChain(db, {
    patientId,
    pseudonym,
    treeSize: checkpoint.size,
    limit: mostOddities,
  });
  strays.push(...(await listStrayVersions(db, patientId, mostOddities)));
  yield `\n],
"waiting":${JSON.stringify(waiting.map(waitingLine))},
"strays":${JSON.stringify(strays.slice(0, mostOddities))},
"files":[`;
  const files = patientId === '' ? [] : await listFiles(db, patientId);
  for (const [index, file] of files.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* fileLines(deps.config.storageUrl, file, request.withFiles);
  }
  yield `\n],\n"end":${JSON.stringify({ entries: written, files: files.length })}}\n`;
}

/** Each anchored root that matters to this chain, with the proof that the file's checkpoint extends it. */
async function anchorLines(
  db: Queryable,
  pseudonym: Uint8Array,
  { size }: StoredCheckpoint,
  read: ReadTileNodes,
): Promise<object[]> {
  const anchors = await listAnchorsOverChain(db, pseudonym, size, mostAnchors);
  const hex = (bytes: Buffer | null): string => `0x${bytes?.toString('hex') ?? ''}`;
  return Promise.all(
    anchors.map(async (anchor) => ({
      size: anchor.size,
      root: encodeBase64(anchor.root),
      proof: (await consistencyProofFromTiles(anchor.size, size, read)).map(encodeBase64),
      chainId: anchor.chainId,
      contract: hex(anchor.contract),
      transaction: hex(anchor.transactionHash),
      block: anchor.blockNumber,
      blockTime: anchor.blockTime?.toISOString() ?? '',
    })),
  );
}

function waitingLine(one: { entryId: string; recordedAt: Date; leafIndex: number | null }): object {
  return {
    entry: one.entryId,
    recordedAt: one.recordedAt.toISOString(),
    ...(one.leafIndex === null ? {} : { leafIndex: one.leafIndex }),
  };
}

/** Two versions that claim the same entry: the one that its statement names is its own. */
function chooseVersion(
  entry: ExportedEntry,
  versions: readonly ExportedVersion[],
): { own: ExportedVersion | undefined; others: readonly ExportedVersion[] } {
  const isNamed = (v: ExportedVersion) =>
    entry.statement?.includes(
      `"on":{"id":${JSON.stringify(v.resourceId)},"type":${JSON.stringify(v.resourceType)},"version":${v.version}}`,
    );
  const own = versions.find(isNamed) ?? versions[0];
  return { own, others: versions.filter((v) => v !== own) };
}

async function entryLine(
  entry: ExportedEntry,
  version: ExportedVersion | undefined,
  checkpoint: StoredCheckpoint,
  read: ReadTileNodes,
): Promise<object> {
  const proof = await inclusionProofFromTiles(entry.leafIndex, checkpoint.size, read);
  return {
    entry: entry.entryId,
    kind: entry.kind ?? 0,
    recordedAt: entry.recordedAt?.toISOString() ?? '',
    seq: entry.seq,
    leafIndex: entry.leafIndex,
    leaf: encodeBase64(entry.leaf),
    proof: proof.map(encodeBase64),
    ...(entry.statement === null ? {} : { statement: entry.statement }),
    ...(entry.salt === null ? {} : { salt: encodeBase64(entry.salt) }),
    ...(entry.erasedBy === null ? {} : { erasedBy: entry.erasedBy }),
    ...(version
      ? {
          version: {
            type: version.resourceType,
            id: version.resourceId,
            version: version.version,
            deleted: version.deleted,
            lastUpdated: version.lastUpdated.toISOString(),
            current: version.current,
            content: version.content,
          },
        }
      : {}),
  };
}

async function* fileLines(storageUrl: string, file: StoredFile, withBytes: boolean): AsyncGenerator<string> {
  const facts = JSON.stringify({
    id: file.fileId,
    sha256: encodeBase64(file.sha256),
    size: file.sizeBytes,
    contentType: file.contentType,
    title: file.title,
  });
  if (!withBytes) return yield facts;
  yield `${facts.slice(0, -1)},"data":"`;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of readFileInPieces(storageUrl, file.fileId, pieceBytes)) {
      const whole = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const cut = whole.length - (whole.length % 3);
      yield whole.toString('base64', 0, cut);
      rest = whole.subarray(cut);
    }
  } catch (error) {
    // Bytes that are gone are shown as gone: the digest beside them tells.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  yield `${rest.toString('base64')}"}`;
}
