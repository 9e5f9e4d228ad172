// What this log signed last, kept outside the database: a database restored from a backup cannot make us forget it.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeBase64, encodeBase64 } from '../../core/ledger/base64.ts';
import { equalBytes, isHash, isTreeSize } from '../../core/ledger/tree.ts';
import { overwriteDurably, readIfThere, writeDurably } from './durable-file.ts';

export interface SignedMark {
  size: number;
  root: Uint8Array;
}

/** The database holds less than what was signed, or something else: signing on would show two histories. */
export class LogBehindError extends Error {
  readonly code = 'log-behind';
  constructor(signedSize: number, size: number) {
    super(
      `the log was signed at ${signedSize} entries, but the database holds ${size >= signedSize ? 'other ones' : `a history of ${size} that does not contain them`}. ` +
        'It was restored from an older copy or changed by hand. Restore the newest copy; the log is not continued on this one. ' +
        'Where there is none, docs/backup.md says what to do',
    );
    this.name = 'LogBehindError';
  }
}

/** Somebody changed or cut the file: what was signed last is not known, so nothing is signed. */
export class MarkDamagedError extends Error {
  readonly code = 'log-mark-damaged';
  constructor(path: string) {
    super(
      `${path} cannot be read. It says what the log signed last and keeps it from signing two histories. ` +
        'Put it back from your newest backup, then start again',
    );
    this.name = 'MarkDamagedError';
  }
}

/** Where the mark is kept; a test may put another in its place. */
export interface MarkStore {
  read(): Promise<SignedMark | undefined>;
  /** Durable when it returns. Refuses a second root for a size, and any size below the last. */
  advance(next: SignedMark): Promise<void>;
}

export function markFile(dataDir: string): MarkStore {
  return { read: () => readMark(dataDir), advance: (next) => advanceMark(dataDir, next) };
}

export function markPath(dataDir: string): string {
  return join(dataDir, 'log', 'last-signed.json');
}

export async function readMark(dataDir: string): Promise<SignedMark | undefined> {
  return (await readSlots(dataDir))?.last;
}

// Two places that are written in turns, each with what fits a disk's block: whatever a crash leaves of the one that was being written,
// the other says what was signed before it, and a signature never leaves before its mark is whole. A file that keeps its length is on
// disk without the file system's journal, for which the database's own writes would wait.
const slotBytes = 4096;

interface Slots {
  last: SignedMark;
  /** Where the next mark goes; undefined when the file must be made anew. */
  next: 0 | 1 | undefined;
}

async function readSlots(dataDir: string): Promise<Slots | undefined> {
  const path = markPath(dataDir);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const marks = text.split('\n').slice(0, 2).map(parseMark);
  const [first, second] = marks;
  const last = second && (!first || second.size > first.size) ? second : first;
  if (!last) throw new MarkDamagedError(path);
  return { last, next: text.length === 2 * slotBytes ? (last === first ? 1 : 0) : undefined };
}

function parseMark(text: string): SignedMark | undefined {
  try {
    const { size, root } = JSON.parse(text) as { size: number; root: string };
    const mark = { size, root: decodeBase64(root) };
    return isTreeSize(size) && isHash(mark.root) ? mark : undefined;
  } catch {
    return undefined;
  }
}

function slotText({ size, root }: SignedMark): string {
  return `${JSON.stringify({ size, root: encodeBase64(root) }).padEnd(slotBytes - 1)}\n`;
}

/** Must be durable before the signature leaves this process. Refuses a second root for a size, and any size below the last. */
export async function advanceMark(dataDir: string, next: SignedMark): Promise<void> {
  // Read anew each time: whoever was overtaken while it slept must not set the mark back.
  const slots = await readSlots(dataDir);
  const last = slots?.last;
  if (last && (next.size < last.size || (next.size === last.size && !equalBytes(next.root, last.root)))) {
    throw new LogBehindError(last.size, next.size);
  }
  if (last && next.size === last.size) return;
  const path = markPath(dataDir);
  if (slots?.next !== undefined) return overwriteDurably(path, slots.next * slotBytes, slotText(next));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(path, `${slotText(last ?? next)}${slotText(next)}`);
}
