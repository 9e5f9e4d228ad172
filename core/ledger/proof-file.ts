// The portable proof of one entry (C2SP tlog-proof): index, inclusion proof and signed checkpoint in one text.
// It knows the form only; whether the proof holds is for verify-entry to say.
import { decodeBase64, encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { parseNote } from './note.ts';
import { parseDecimal } from './text.ts';
import { isHashList, isTreeSize } from './tree.ts';

/** `extra` is data of the writer's own that nothing vouches for; never empty. */
export type ProofFile = {
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpointNote: string;
};

export const PROOF_FILE_EXTENSION = '.tlog-proof';

const firstLine = 'c2sp.org/tlog-proof@v1';
const mostHashes = 63;
const longestLength = 2_000_000;

/** Writes a proof file; throws `proof-file-malformed` if it could not be read back. */
export function formatProofFile(proof: ProofFile): string {
  const { extra, index, hashes, checkpointNote } = proof;
  if (!isTreeSize(index) || !isHashList(hashes)) throw malformed();
  const lines = [
    firstLine,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
    '',
  ];
  const text = `${lines.join('\n')}\n${checkpointNote}`;
  parseProofFile(text);
  return text;
}

/** Reads a proof file; throws `proof-file-malformed`. */
export function parseProofFile(text: string): ProofFile {
  const emptyLine = text.indexOf('\n\n');
  if (text.length > longestLength || emptyLine < 0) throw malformed();
  const checkpointNote = text.slice(emptyLine + 2);
  const lines = text.slice(0, emptyLine).split('\n');
  if (lines.shift() !== firstLine) throw malformed();
  const extra = lines[0]?.startsWith('extra ') ? decode(lines[0].slice(6)) : undefined;
  if (extra !== undefined) lines.shift();
  const index = parseDecimal(/^index (.+)$/.exec(lines.shift() ?? '')?.[1] ?? '');
  if (index === undefined || extra?.length === 0 || lines.length > mostHashes) throw malformed();
  const hashes = lines.map(decode);
  if (!isHashList(hashes) || !isNote(checkpointNote)) throw malformed();
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpointNote };
}

function isNote(text: string): boolean {
  try {
    parseNote(text);
    return true;
  } catch {
    return false;
  }
}

function decode(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch {
    throw malformed();
  }
}

function malformed(): LedgerError {
  return new LedgerError('proof-file-malformed', 'not a proof file');
}
