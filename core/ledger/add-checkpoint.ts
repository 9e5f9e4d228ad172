// What a log asks of a witness (C2SP tlog-witness): the size that the witness knows, a consistency proof, the signed checkpoint.
// It knows the form only; whether the witness may sign is for judge-checkpoint.ts to say.
import { decodeBase64, encodeBase64 } from './base64.ts';
import { LedgerError } from './errors.ts';
import { parseDecimal } from './text.ts';
import { isHashList, isTreeSize } from './tree.ts';

export type AddCheckpoint = {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** Not verified yet. */
  readonly checkpointNote: string;
};

export const mostProofLines = 63;

/** Writes the body of a request; throws `request-malformed` if it could not be read back. */
export function formatAddCheckpoint({ oldSize, proof, checkpointNote }: AddCheckpoint): string {
  if (!isTreeSize(oldSize) || proof.length > mostProofLines || !isHashList(proof)) throw malformed();
  const lines = [`old ${oldSize}`, ...proof.map(encodeBase64), ''];
  return `${lines.join('\n')}\n${checkpointNote}`;
}

/** Reads the body of a request; throws `request-malformed`. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const emptyLine = body.indexOf('\n\n');
  if (emptyLine < 0) throw malformed();
  const [first = '', ...proofLines] = body.slice(0, emptyLine).split('\n');
  const oldSize = parseDecimal(/^old (.+)$/.exec(first)?.[1] ?? '');
  if (oldSize === undefined || proofLines.length > mostProofLines) throw malformed();
  const proof = proofLines.map(decodeHash);
  if (!isHashList(proof)) throw malformed();
  return { oldSize, proof, checkpointNote: body.slice(emptyLine + 2) };
}

function decodeHash(line: string): Uint8Array {
  try {
    return decodeBase64(line);
  } catch {
    throw malformed();
  }
}

function malformed(): LedgerError {
  return new LedgerError('request-malformed', 'not a request to cosign a checkpoint');
}
