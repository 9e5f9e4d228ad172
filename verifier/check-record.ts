// Files that a person holds, a whole record or a receipt, against the keys one trusts and, where a log was read, against that log.
import { bytesToHex } from '@noble/hashes/utils.js';
import { LedgerError } from '../core/ledger/errors.ts';
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { openCheckpointOfChain } from '../core/ledger/key-chain.ts';
import { RECEIPT_FORMAT, parseReceiptFile, verifyReceiptFile } from '../core/ledger/receipt-file.ts';
import type { ReceiptFile } from '../core/ledger/receipt-file.ts';
import { parseRecordFile } from '../core/ledger/record-file.ts';
import type { RecordFile } from '../core/ledger/record-file.ts';
import { equalBytes, leafHash } from '../core/ledger/tree.ts';
import { formatVerifierKey } from '../core/ledger/verifier-key.ts';
import { verifyRecordFile } from '../core/ledger/verify-record-file.ts';
import type { FollowedLog, KnownRoot } from './check-log.ts';
import type { DetailWords } from './detail-words.ts';
import { englishDetails } from './detail-words.ts';
import type { Check, Problem } from './report.ts';

export type HeldFile =
  | { readonly kind: 'record'; readonly name: string; readonly file: RecordFile }
  | { readonly kind: 'receipt'; readonly name: string; readonly file: ReceiptFile }
  | { readonly kind: 'unreadable'; readonly name: string; readonly why: string };

/** Tells a record from a receipt by what it says of itself. */
export function readHeldFile(name: string, text: string): HeldFile {
  try {
    return text.slice(0, 200).includes(`"${RECEIPT_FORMAT}"`)
      ? { kind: 'receipt', name, file: parseReceiptFile(text) }
      : { kind: 'record', name, file: parseRecordFile(text) };
  } catch (error) {
    if (error instanceof LedgerError) return { kind: 'unreadable', name, why: error.message };
    throw error;
  }
}

/** The pseudonym whose chain must be followed through the log for this file. */
export function watchedOf(held: HeldFile): Uint8Array[] {
  return held.kind === 'record' ? [held.file.person.pseudonym] : [];
}

/** The root under the file's own checkpoint: the log must contain it. */
export function rootOf(held: HeldFile, tenures: readonly KeyTenure[]): KnownRoot[] {
  if (held.kind === 'unreadable') return [];
  const opened = openCheckpointOfChain(held.file.checkpoint, tenures);
  return opened.ok ? [{ size: opened.checkpoint.size, root: opened.checkpoint.root, from: held.name }] : [];
}

export function checkHeldFile(
  held: HeldFile,
  tenures: readonly KeyTenure[],
  log: FollowedLog | undefined,
  words: DetailWords = englishDetails,
): Check {
  if (held.kind === 'unreadable') {
    const where = words.complaint(held.why);
    const problem = { code: 'record-file-malformed', ...(where === undefined ? {} : { where }) };
    return failed(held.name, [problem], words);
  }
  return held.kind === 'record'
    ? checkRecord(held, tenures, log, words)
    : checkReceipt(held, tenures, log, words);
}

function checkRecord(
  { name, file }: { name: string; file: RecordFile },
  tenures: readonly KeyTenure[],
  log: FollowedLog | undefined,
  words: DetailWords,
): Check {
  const result = verifyRecordFile({ file, verifierKeys: keysFor(file.checkpoint, tenures) });
  const problems: Problem[] = result.problems.map(({ code, entry, seq, about }) => {
    const where = [seq === undefined ? undefined : words.entry(seq), entry, about].filter((part) => part);
    return { code, ...(where.length > 0 ? { where: where.join(', ') } : {}) };
  });
  if (log) problems.push(...againstLog(file, log, words));
  if (problems.length > 0) return failed(name, problems, words);
  return { name: `Record ${name}`, outcome: 'passed', detail: words.record(result) };
}

/** Each leaf of the file is the log's, and the log has no other of this person under the file's checkpoint. */
function againstLog(file: RecordFile, { audit, checkpoint }: FollowedLog, words: DetailWords): Problem[] {
  const leaves = audit.watched.get(bytesToHex(file.person.pseudonym)) ?? [];
  const byIndex = new Map(leaves.map((leaf) => [leaf.index, leaf.hash]));
  const problems = file.entries.flatMap(({ leaf, leafIndex, entry }): Problem[] => {
    const inLog = byIndex.get(leafIndex);
    return inLog !== undefined && equalBytes(inLog, leafHash(leaf))
      ? []
      : [{ code: 'not-in-this-log', where: `${words.leaf(leafIndex)}, ${entry}` }];
  });
  const size = claimedSize(file.checkpoint);
  const covered = leaves.filter(({ index }) => index < Math.min(size, checkpoint.size)).length;
  if (covered > file.entries.length)
    problems.push({ code: 'entries-left-out', where: `${covered - file.entries.length}` });
  return problems;
}

function checkReceipt(
  { name, file }: { name: string; file: ReceiptFile },
  tenures: readonly KeyTenure[],
  log: FollowedLog | undefined,
  words: DetailWords,
): Check {
  const { entry, listHolds, claim } = verifyReceiptFile(file, keysFor(file.checkpoint, tenures));
  const problems: Problem[] = entry.steps
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ code, reason }) => ({ code: reason ?? code }));
  if (entry.verdict === 'incomplete') problems.push({ code: 'receipt-malformed' });
  if (!listHolds) problems.push({ code: 'erasure-not-shown' });
  if (log && file.leafIndex >= log.checkpoint.size) problems.push({ code: 'not-in-this-log' });
  if (problems.length > 0) return failed(name, problems, words);
  return {
    name: `Receipt ${name}`,
    outcome: 'passed',
    detail: words.receipt(claim?.count ?? 0),
  };
}

/** The key whose turn it was when the file's checkpoint was signed. */
function keysFor(note: string, tenures: readonly KeyTenure[]): string[] {
  const opened = openCheckpointOfChain(note, tenures);
  return opened.ok ? [formatVerifierKey(opened.signedBy.key)] : [];
}

function claimedSize(note: string): number {
  const size = Number(note.split('\n')[1]);
  return Number.isSafeInteger(size) ? size : 0;
}

function failed(name: string, problems: readonly Problem[], words: DetailWords): Check {
  return {
    name: `Record ${name}`,
    outcome: 'failed',
    detail: words.found(problems.length),
    problems,
    exit: 'record',
  };
}
