// An exported record, checked with nothing but keys one trusts: content to statement, statement to leaf, leaf to root, root to signature;
// no gap in the chain, none among the versions, every column of the tables as it was committed to. Says codes; words belong elsewhere.
import { encodeBase64 } from './base64.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { strangeAnchors } from './file-anchors.ts';
import { decodeLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { LEAF_KINDS } from './leaf.ts';
import { checkFiles, checkPerson } from './record-file-content.ts';
import type { FileEntry, RecordFile } from './record-file.ts';
import { kindOfStatement } from './statement.ts';
import type { Statement } from './statement.ts';
import { equalBytes, leafHash } from './tree.ts';
import { parseVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';
import type { RecordFailureCode, RecordLink, RecordVerification } from './verify-record.ts';
import { verifyRecord } from './verify-record.ts';

export type RecordFileProblemCode =
  | RecordFailureCode
  | 'kind-differs'
  | 'time-differs'
  | 'seq-differs'
  | 'version-differs'
  | 'version-missing'
  | 'version-not-current'
  | 'version-without-entry'
  | 'version-of-no-write'
  | 'chain-head-differs'
  | 'entry-not-in-log'
  | 'person-differs'
  | 'file-differs'
  | 'file-missing'
  | 'file-of-no-entry'
  | 'anchor-not-of-this-log';

export type RecordFileProblem = {
  readonly code: RecordFileProblemCode;
  readonly entry?: string;
  /** Place in the person's chain, from 1. */
  readonly seq?: number;
  /** `Type/id`, a file's id, or the name of a field. */
  readonly about?: string;
};

export type RecordFileVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly problems: readonly RecordFileProblem[];
  readonly entries: number;
  readonly writes: number;
  readonly erased: number;
  readonly files: number;
  /** Entries that were acknowledged just before the file was made, and are not under its checkpoint yet. */
  readonly waiting: number;
  readonly checkpoint?: Checkpoint;
  readonly witnesses: readonly string[];
};

/** How long an acknowledged entry may wait for the log before its absence counts as a loss. */
export const WAITING_LIMIT_MS = 60_000;

export type RecordFileEvidence = {
  readonly file: RecordFile;
  /** Keys one trusts, as `name+id+base64`: the log's, and those of witnesses. */
  readonly verifierKeys: readonly string[];
  readonly expectedPseudonym?: Uint8Array;
  readonly expectedLength?: number;
};

/** Verifies a whole record file. Never throws. */
export function verifyRecordFile(evidence: RecordFileEvidence): RecordFileVerification {
  const { file, verifierKeys, expectedLength } = evidence;
  const record = verifyRecord({
    links: file.entries.map(linkOf),
    checkpointNote: file.checkpoint,
    verifierKeys,
    expectedPseudonym: evidence.expectedPseudonym ?? file.person.pseudonym,
    ...(expectedLength === undefined ? {} : { expectedLength }),
  });
  const late = file.waiting.filter(
    ({ recordedAt, leafIndex }) => leafIndex !== undefined || !isRecent(recordedAt, file.madeAt),
  );
  const problems = [
    ...ofRecord(record, file),
    ...file.entries.flatMap(checkColumns),
    ...checkVersions(file.entries),
    ...file.strays.map(({ type, id, version }): RecordFileProblem => ({
      code: 'version-without-entry',
      about: `${type}/${id}/_history/${version}`,
    })),
    ...late.map(({ entry }): RecordFileProblem => ({ code: 'entry-not-in-log', entry })),
    ...checkHead(file, record.checkpoint),
    ...checkPerson(file),
    ...checkFiles(file),
    ...checkAnchors(file, record.checkpoint),
  ];
  return {
    verdict: problems.length === 0 ? 'passed' : 'failed',
    problems,
    entries: file.entries.length,
    writes: record.writes,
    erased: record.erased,
    files: file.files.length,
    waiting: file.waiting.length - late.length,
    ...(record.checkpoint ? { checkpoint: record.checkpoint } : {}),
    witnesses: witnessesOf(file.checkpoint, verifierKeys),
  };
}

function linkOf({
  entry,
  leaf,
  leafIndex,
  proof,
  statement,
  salt,
  erasedBy,
  version,
}: FileEntry): RecordLink {
  return {
    entryId: entry,
    leafBytes: leaf,
    leafIndex,
    inclusionProof: proof,
    ...(statement === undefined ? {} : { statement }),
    ...(salt === undefined ? {} : { salt }),
    ...(erasedBy === undefined ? {} : { erasedBy }),
    ...(version === undefined ? {} : { content: version.content }),
  };
}

function ofRecord(record: RecordVerification, file: RecordFile): RecordFileProblem[] {
  return record.failures.map(({ code, position }) => {
    const entry = position === undefined ? undefined : file.entries[position];
    return entry ? { code, entry: entry.entry, seq: entry.seq } : { code };
  });
}

/** The columns beside leaf and statement, against what leaf and statement say. */
function checkColumns(entry: FileEntry): RecordFileProblem[] {
  const leaf = tryDecodeLeaf(entry.leaf);
  if (!leaf) return [];
  const problems: RecordFileProblem[] = [];
  const differs = (code: RecordFileProblemCode, about?: string): void => {
    problems.push({ code, entry: entry.entry, seq: entry.seq, ...(about ? { about } : {}) });
  };
  if (leaf.seq !== entry.seq) differs('seq-differs');
  if (LEAF_KINDS[leaf.kind] !== entry.kind) differs('kind-differs');
  if (Math.floor(Date.parse(entry.recordedAt) / 1000) !== leaf.timeSeconds) differs('time-differs');
  const statement = tryReadStatement(entry.statement);
  const { version } = entry;
  if (!statement) {
    if (version) differs('version-of-no-write', `${version.type}/${version.id}`);
    return problems;
  }
  if (kindOfStatement(statement) !== entry.kind) differs('kind-differs');
  if (statement.at !== entry.recordedAt) differs('time-differs');
  if (!version) return problems;
  const { on } = statement;
  if (statement.content === undefined || on?.version === undefined) {
    differs('version-of-no-write', `${version.type}/${version.id}`);
    return problems;
  }
  const same =
    on.type === version.type &&
    on.id === version.id &&
    on.version === version.version &&
    version.lastUpdated === statement.at &&
    version.deleted === (statement.event === 'delete');
  if (!same) differs('version-differs', `${version.type}/${version.id}`);
  return problems;
}

/** Versions of each resource: 1, 2, 3 … without a gap, the last of them what stands. An erasure takes all of a resource's versions or none. */
function checkVersions(entries: readonly FileEntry[]): RecordFileProblem[] {
  const byResource = Map.groupBy(
    entries.filter(({ version }) => version !== undefined),
    ({ version }) => `${version?.type}/${version?.id}`,
  );
  const problems: RecordFileProblem[] = [];
  for (const [about, unordered] of byResource) {
    // Two versions written within a second may stand in the chain in either order.
    const versions = unordered.toSorted((a, b) => (a.version?.version ?? 0) - (b.version?.version ?? 0));
    for (const [at, { entry, seq, version }] of versions.entries()) {
      if (version?.version !== at + 1) problems.push({ code: 'version-missing', entry, seq, about });
      if (version?.current !== (at === versions.length - 1))
        problems.push({ code: 'version-not-current', entry, seq, about });
    }
  }
  return problems;
}

/** The tables' own end of the chain: the last entry of the file, or one of those that wait behind it. */
function checkHead(file: RecordFile, checkpoint: Checkpoint | undefined): RecordFileProblem[] {
  const { entries, chain, waiting } = file;
  const last = entries.at(-1);
  if (!checkpoint || !last) return [];
  const head = leafHash(last.leaf);
  const isWhole =
    chain !== null &&
    chain.seq >= last.seq &&
    chain.seq <= last.seq + waiting.length &&
    (chain.seq > last.seq || equalBytes(chain.head, head));
  return isWhole ? [] : [{ code: 'chain-head-differs', about: encodeBase64(head) }];
}

function checkAnchors(file: RecordFile, checkpoint: Checkpoint | undefined): RecordFileProblem[] {
  if (!checkpoint) return [];
  return strangeAnchors(file, checkpoint).map(({ size, transaction }) => ({
    code: 'anchor-not-of-this-log',
    about: `${size} entries, transaction ${transaction}`,
  }));
}

function witnessesOf(note: string, verifierKeys: readonly string[]): string[] {
  try {
    const opened = openCheckpoint(
      note,
      verifierKeys.map((text): VerifierKey => parseVerifierKey(text)),
    );
    return opened.ok ? opened.cosignedBy.map(({ key }) => key.name) : [];
  } catch {
    return [];
  }
}

function isRecent(recordedAt: string, madeAt: string): boolean {
  return Date.parse(madeAt) - Date.parse(recordedAt) <= WAITING_LIMIT_MS;
}

function tryDecodeLeaf(bytes: Uint8Array): Leaf | undefined {
  try {
    return decodeLeaf(bytes);
  } catch {
    return undefined;
  }
}

function tryReadStatement(text: string | undefined): Statement | undefined {
  try {
    const statement: unknown = JSON.parse(text ?? 'null');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its commitment is checked elsewhere; here its fields are compared only
    return typeof statement === 'object' && statement !== null ? (statement as Statement) : undefined;
  } catch {
    return undefined;
  }
}
