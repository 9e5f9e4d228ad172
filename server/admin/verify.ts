// `verify`: the whole check from inside, out of one snapshot: every tile and chain of the log, every entry and version of every person
// recomputed, every file hashed, nothing without its counterpart. Whoever does not trust the operator uses medallion-verify instead.
import { createHash } from 'node:crypto';
import { auditLog } from '../../core/ledger/audit-log.ts';
import type { LogAudit } from '../../core/ledger/audit-log.ts';
import { encodeEntryBundle } from '../../core/ledger/entry-bundle.ts';
import type { KeyTenure } from '../../core/ledger/key-chain.ts';
import { followKeyChain, openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import { TILE_WIDTH } from '../../core/ledger/tile-paths.ts';
import { equalBytes } from '../../core/ledger/tree.ts';
import type { Config } from '../config.ts';
import { openLogKey } from '../ledger/log-key.ts';
import { readMark } from '../ledger/signed-mark.ts';
import { tileReader } from '../ledger/tile-reader.ts';
import { readFileInPieces } from '../storage/file-store.ts';
import { listAllFiles } from '../storage/files.ts';
import { listKeyChanges } from '../storage/key-change-store.ts';
import { listSignedRoots, findUnmatched, listPeopleAfter } from '../storage/whole-check.ts';
import { findHead, findLatestCheckpoint, listLeaves } from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inSnapshot } from '../storage/table-copy.ts';
import { openDatabaseBeside } from '../stores.ts';
import { checkPersonRecord } from './check-person-record.ts';
import { storeOperatorEntry } from './operator-entry.ts';

export interface WholeCheck {
  readonly said: string;
  readonly holds: boolean;
}

const mostShown = 50;
const peopleAtOnce = 200;
const pieceBytes = 256 * 1024;

/** Collects doubts; only the first are shown, all are counted. */
class Doubts {
  count = 0;
  readonly shown: string[] = [];
  add(text: string, isShown = true): void {
    this.count += 1;
    if (isShown && this.shown.length < mostShown) this.shown.push(text);
  }
}

export async function verifyAll(config: Config, onProgress: (line: string) => void): Promise<WholeCheck> {
  const startedAt = Date.now();
  const db = await openDatabaseBeside(config);
  try {
    const doubts = new Doubts();
    const facts = await inSnapshot(db.pool, (client) => checkSnapshot(config, client, doubts, onProgress));
    await storeOperatorEntry(db.pool, 'log-check', { size: facts.size, doubts: doubts.count });
    const took = ((Date.now() - startedAt) / 1000).toFixed(1);
    const lines = [
      `${facts.size} entries and ${facts.tiles} tiles of the log, ${facts.chains} chains, ${facts.people} records with ${facts.entries} entries and ${facts.versions} versions, ${facts.files} files: recomputed in ${took} s.`,
      ...doubts.shown.map((text) => `DOUBT: ${text}`),
      ...(doubts.count > doubts.shown.length ? [`… and ${doubts.count - doubts.shown.length} more.`] : []),
      doubts.count === 0
        ? 'Everything holds.'
        : `${doubts.count} doubts. Stop, keep this database as it is, and compare it with your newest backup.`,
    ];
    return { said: lines.join('\n'), holds: doubts.count === 0 };
  } finally {
    await db.stop();
  }
}

interface Facts {
  size: number;
  tiles: number;
  chains: number;
  people: number;
  entries: number;
  versions: number;
  files: number;
}

async function checkSnapshot(
  config: Config,
  client: Queryable,
  doubts: Doubts,
  onProgress: (line: string) => void,
): Promise<Facts> {
  const key = await openLogKey(config.dataDir, '', false);
  const changes = await listKeyChanges(client);
  const chain = followKeyChain(
    key.vkey,
    changes.map(({ note }) => note),
  );
  if (!chain.ok) doubts.add(`the log's keys do not vouch for each other: ${chain.reason}`);
  const tenures = chain.ok ? chain.tenures : [];
  const { audit, size } = await checkLog(config, client, tenures, doubts);
  for (const { what, count } of await findUnmatched(client)) if (count > 0) doubts.add(`${count} ${what}`);

  const facts: Facts = {
    size,
    tiles: audit.tiles,
    chains: audit.chains,
    people: 0,
    entries: 0,
    versions: 0,
    files: 0,
  };
  const source = { config, now: Date.now, db: { pool: client } };
  const take = async (patientId: string, name: string): Promise<void> => {
    const checked = await checkPersonRecord(source, patientId, tenures);
    facts.entries += checked.entries;
    facts.versions += checked.versions;
    // One record that is broken throughout does not hide the others: of each kind the first.
    const kinds = new Set<string>();
    for (const problem of checked.problems) {
      const kind = problem.split(',', 1)[0] ?? '';
      doubts.add(`${name}: ${problem}`, !kinds.has(kind));
      kinds.add(kind);
    }
  };
  await take('', 'the chain of the system');
  for (let after = ''; ;) {
    const people = await listPeopleAfter(client, after, peopleAtOnce);
    if (people.length === 0) break;
    for (const { patientId, uhid } of people) await take(patientId, `UHID ${uhid}`);
    facts.people += people.length;
    after = people.at(-1)?.patientId ?? '';
    onProgress(`${facts.people} records`);
  }
  facts.files = await checkFiles(config, client, doubts);
  return facts;
}

async function checkLog(
  config: Config,
  client: Queryable,
  tenures: readonly KeyTenure[],
  doubts: Doubts,
): Promise<{ audit: LogAudit; size: number }> {
  const head = await findHead(client);
  const size = head?.size ?? 0;
  const known = [...(await listSignedRoots(client))];
  const mark = await readMark(config.dataDir);
  if (mark) known.push({ from: 'what was signed last', size: mark.size, root: Buffer.from(mark.root) });
  else doubts.add('there is no log/last-signed.json beside this database: what was signed last is not known');
  const latest = await findLatestCheckpoint(client);
  if (latest) {
    const opened = openCheckpointOfChain(latest.note, tenures);
    if (opened.ok)
      known.push({
        from: 'the signed checkpoint',
        size: opened.checkpoint.size,
        root: Buffer.from(opened.checkpoint.root),
      });
    else doubts.add(`the newest checkpoint does not count: ${opened.reason}`);
  } else doubts.add('the log has no checkpoint');
  const audit = await auditLog({
    size,
    readTile: tileReader(client),
    readBundle: async (index, width) => {
      const leaves = await listLeaves(client, index * TILE_WIDTH, width);
      return encodeEntryBundle(leaves.map(({ leaf }) => leaf));
    },
    rootsAt: known.map((one) => one.size),
  });
  for (const { code, index, level } of audit.problems)
    doubts.add(`log: ${code}, ${level === undefined ? `leaf or bundle ${index}` : `tile ${level}/${index}`}`);
  if (head && (audit.root === undefined || !equalBytes(audit.root, head.root)))
    doubts.add(`log: the entries do not hash to the root of its ${size} entries`);
  for (const one of known) {
    if (one.size > size)
      doubts.add(`log: it is behind: ${one.from} speaks of ${one.size} entries, ${size} are here`);
    else {
      const root = audit.roots.get(one.size);
      if (root === undefined || !equalBytes(root, one.root))
        doubts.add(`log: ${one.from} over ${one.size} entries has another root`);
    }
  }
  return { audit, size };
}

async function checkFiles(config: Config, client: Queryable, doubts: Doubts): Promise<number> {
  const files = await listAllFiles(client);
  for (const { fileId: id, sha256, sizeBytes } of files) {
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const piece of readFileInPieces(config.storageUrl, id, pieceBytes)) {
        hash.update(piece);
        length += piece.length;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      doubts.add(`file ${id} is not there`);
      continue;
    }
    if (length !== sizeBytes || !hash.digest().equals(sha256))
      doubts.add(`file ${id} is not what was stored`);
  }
  return files.length;
}
