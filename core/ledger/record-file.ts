// A person's whole record as one file: entries with what they commit to, leaves, proofs, versions as stored, files, one signed checkpoint.
// It knows the form only; whether any of it is true is for verify-record-file to say.
import { decodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { isHashList, isTreeSize } from './tree.ts';

export const RECORD_FORMAT = 'medallion-record/1';
export const RECORD_FILE_EXTENSION = '.medallion.json';

/** One version as its row has it: each field is compared with what the entry committed to. */
export type FileVersion = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly lastUpdated: string;
  /** Whether it is what stands now, or was replaced. */
  readonly current: boolean;
  /** Null when the text is gone. */
  readonly content: string | null;
};

export type FileEntry = {
  readonly entry: string;
  readonly kind: number;
  readonly recordedAt: string;
  readonly seq: number;
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly statement?: string;
  readonly salt?: Uint8Array;
  readonly erasedBy?: string;
  readonly version?: FileVersion;
};

export type StoredBytes = {
  readonly id: string;
  readonly sha256: Uint8Array;
  readonly size: number;
  readonly contentType: string;
  readonly title: string;
  /** Absent when the file was written without the bytes. */
  readonly bytes?: Uint8Array;
};

/** A root of this log on a chain, with the proof that the file's checkpoint extends it. Where it stands is for a node to confirm. */
export type FileAnchor = {
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly chainId: number;
  /** `0x` and lower-case hex, as nodes write them. */
  readonly contract: string;
  readonly transaction: string;
  readonly block: number;
  /** Time of the block, as the server heard it. */
  readonly blockTime: string;
};

export type RecordFile = {
  readonly madeAt: string;
  readonly log: {
    readonly origin: string;
    readonly keys: readonly string[];
    /** Notes with which older keys vouched for newer ones, oldest first: each is signed by both. */
    readonly changes: readonly string[];
  };
  readonly person: {
    readonly patient: string;
    readonly uhid: string | null;
    readonly alias: string | null;
    readonly pseudonym: Uint8Array;
  };
  /** What the log's tables say of the end of this person's chain, at the time of writing. */
  readonly chain: { readonly seq: number; readonly head: Uint8Array } | null;
  readonly checkpoint: string;
  /** Oldest first: the first over each of the entries, and the newest that there was. */
  readonly anchors: readonly FileAnchor[];
  readonly entries: readonly FileEntry[];
  /** Entries that the log has not taken in; with a leaf's index when it has them, in another chain than this person's. */
  readonly waiting: readonly {
    readonly entry: string;
    readonly recordedAt: string;
    readonly leafIndex?: number;
  }[];
  /** Versions for which no entry stands. */
  readonly strays: readonly { readonly type: string; readonly id: string; readonly version: number }[];
  readonly files: readonly StoredBytes[];
};

/** Reads a record file; throws `record-file-malformed`. */
export function parseRecordFile(text: string): RecordFile {
  const file = readObject(parse(text));
  if (file['format'] !== RECORD_FORMAT) throw malformed('it is not a record of this format');
  const log = readObject(file['log']);
  const person = readObject(file['person']);
  const end = readObject(file['end']);
  const record: RecordFile = {
    madeAt: readText(file['madeAt']),
    log: {
      origin: readText(log['origin']),
      keys: readList(log['keys']).map(readText),
      changes: readList(log['changes'] ?? []).map(readText),
    },
    person: {
      patient: readText(person['patient']),
      uhid: readTextOrNull(person['uhid']),
      alias: readTextOrNull(person['alias']),
      pseudonym: readBytes(person['pseudonym']),
    },
    chain: file['chain'] === null ? null : readChain(readObject(file['chain'])),
    checkpoint: readText(file['checkpoint']),
    // Files made before there were anchors in them have none.
    anchors: readList(file['anchors'] ?? []).map((anchor) => readAnchor(readObject(anchor))),
    entries: readList(file['entries']).map((entry) => readEntry(readObject(entry))),
    waiting: readList(file['waiting']).map((one) => {
      const { entry, recordedAt, leafIndex } = readObject(one);
      return {
        entry: readText(entry),
        recordedAt: readText(recordedAt),
        ...(leafIndex === undefined ? {} : { leafIndex: readNumber(leafIndex) }),
      };
    }),
    strays: readList(file['strays']).map((one) => {
      const { type, id, version } = readObject(one);
      return { type: readText(type), id: readText(id), version: readNumber(version) };
    }),
    files: readList(file['files']).map((one) => readStoredBytes(readObject(one))),
  };
  // The last line counts what stands before it: a download that broke off is not a short record.
  const counted =
    readNumber(end['entries']) === record.entries.length && readNumber(end['files']) === record.files.length;
  if (!counted) throw malformed('it holds fewer entries or files than its last line counts');
  return record;
}

function readAnchor(anchor: Fields): FileAnchor {
  const proof = readList(anchor['proof']).map(readBytes);
  const root = readBytes(anchor['root']);
  if (!isHashList([root, ...proof])) throw malformed('an anchor holds something that is no hash');
  return {
    size: readNumber(anchor['size']),
    root,
    proof,
    chainId: readNumber(anchor['chainId']),
    contract: readHex(anchor['contract'], 20),
    transaction: readHex(anchor['transaction'], 32),
    block: readNumber(anchor['block']),
    blockTime: readText(anchor['blockTime']),
  };
}

function readHex(value: unknown, bytes: number): string {
  const text = readText(value);
  if (!new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`).test(text)) throw malformed('something is not hexadecimal');
  return text;
}

function readEntry(entry: Fields): FileEntry {
  const { statement, salt, erasedBy, version } = entry;
  const proof = readList(entry['proof']).map(readBytes);
  if (!isHashList(proof)) throw malformed('a proof holds something that is no hash');
  return {
    entry: readText(entry['entry']),
    kind: readNumber(entry['kind']),
    recordedAt: readText(entry['recordedAt']),
    seq: readNumber(entry['seq']),
    leafIndex: readNumber(entry['leafIndex']),
    leaf: readBytes(entry['leaf']),
    proof,
    ...(statement === undefined ? {} : { statement: readText(statement) }),
    ...(salt === undefined ? {} : { salt: readBytes(salt) }),
    ...(erasedBy === undefined ? {} : { erasedBy: readText(erasedBy) }),
    ...(version === undefined ? {} : { version: readVersion(readObject(version)) }),
  };
}

function readVersion(version: Fields): FileVersion {
  return {
    type: readText(version['type']),
    id: readText(version['id']),
    version: readNumber(version['version']),
    deleted: readFlag(version['deleted']),
    lastUpdated: readText(version['lastUpdated']),
    current: readFlag(version['current']),
    content: readTextOrNull(version['content']),
  };
}

function readStoredBytes(file: Fields): StoredBytes {
  return {
    id: readText(file['id']),
    sha256: readBytes(file['sha256']),
    size: readNumber(file['size']),
    contentType: readText(file['contentType']),
    title: readText(file['title']),
    ...(file['data'] === undefined ? {} : { bytes: readBytes(file['data']) }),
  };
}

function readChain(chain: Fields): { seq: number; head: Uint8Array } {
  return { seq: readNumber(chain['seq']), head: readBytes(chain['head']) };
}

export type Fields = Readonly<Record<string, unknown>>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('it is not JSON, or breaks off');
  }
}

export function readObject(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('a part is missing');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object whose fields are read one by one
  return value as Fields;
}

export function readList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed('a list is missing');
  return value;
}

export function readText(value: unknown): string {
  if (typeof value !== 'string') throw malformed('a text is missing');
  return value;
}

export function readNumber(value: unknown): number {
  if (!isTreeSize(value)) throw malformed('a whole number is missing');
  return value;
}

export function readBytes(value: unknown): Uint8Array {
  try {
    return decodeBase64(readText(value));
  } catch {
    throw malformed('something is not base64');
  }
}

function readTextOrNull(value: unknown): string | null {
  return value === null ? null : readText(value);
}

function readFlag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw malformed('a yes or no is missing');
  return value;
}

function malformed(message: string): LedgerError {
  return new LedgerError('record-file-malformed', message);
}
