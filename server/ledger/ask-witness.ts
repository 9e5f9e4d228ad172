// One witness asked to cosign one checkpoint (C2SP tlog-witness), over HTTP, with bounded waits, bytes and tries. Must not know the
// store: what came of it is the caller's to keep.
import { createHash } from 'node:crypto';
import { formatAddCheckpoint } from '../../core/ledger/add-checkpoint.ts';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import type { Checkpoint } from '../../core/ledger/checkpoint.ts';
import type { Cosignature } from '../../core/ledger/cosign.ts';
import { readCosignature } from '../../core/ledger/cosign.ts';
import { parseDecimal } from '../../core/ledger/text.ts';
import { consistencyProofFromTiles } from '../../core/ledger/tiles.ts';
import type { ReadTile } from '../../core/ledger/tiles.ts';
import type { VerifierKey } from '../../core/ledger/verifier-key.ts';

export interface AskedWitness {
  readonly key: VerifierKey;
  /** Prefix without a trailing slash, for submission and monitoring alike. */
  readonly url: string;
}

export type WitnessProblem =
  /** It did not answer in time or at all. */
  | 'unreachable'
  /** It answered something else than the protocol has. */
  | 'wrong-answer'
  /** 404: it does not witness this log. */
  | 'log-unknown-to-it'
  /** 403: it trusts another key for this log. */
  | 'key-unknown-to-it'
  /** 409 or 422: it cosigned something that this log does not extend. */
  | 'other-history'
  /** It cosigned a larger tree than there is here. */
  | 'ahead-of-us';

export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly cosignature: Cosignature }
  /** Larger than the checkpoint that it was asked for. */
  | { readonly kind: 'knows-more'; readonly size: number }
  | { readonly kind: 'failed'; readonly problem: WitnessProblem };

const mostAnswerBytes = 32 * 1024;
const mostTries = 3;

/** Never throws for what the witness does. `knownSize` is a guess: the witness says when it is wrong. */
export async function askWitness(
  { key, url }: AskedWitness,
  checkpoint: { readonly size: number; readonly note: string },
  knownSize: number,
  readTile: ReadTile,
  timeoutMs: number,
): Promise<WitnessAnswer> {
  const failed = (problem: WitnessProblem) => ({ kind: 'failed', problem }) as const;
  let oldSize = knownSize > checkpoint.size ? 0 : knownSize;
  for (let tries = 0; tries < mostTries; tries++) {
    const proof = oldSize === 0 ? [] : await consistencyProofFromTiles(oldSize, checkpoint.size, readTile);
    const body = formatAddCheckpoint({ oldSize, proof, checkpointNote: checkpoint.note });
    const answer = await send(`${url}/add-checkpoint`, timeoutMs, body);
    if (!answer) return failed('unreachable');
    if (answer.status === 200) {
      const cosignature = readCosignature(checkpoint.note, answer.body, key);
      return cosignature ? { kind: 'cosigned', cosignature } : failed('wrong-answer');
    }
    if (answer.status === 404) return failed('log-unknown-to-it');
    if (answer.status === 403) return failed('key-unknown-to-it');
    if (answer.status === 422) return failed('other-history');
    if (answer.status !== 409) return failed('wrong-answer');
    if (!answer.type.startsWith('text/x.tlog.size')) return failed('other-history');
    const size = parseDecimal(answer.body.replace(/\n$/, ''));
    if (size === undefined || size === oldSize) return failed('wrong-answer');
    if (size > checkpoint.size) return { kind: 'knows-more', size };
    oldSize = size;
  }
  return failed('wrong-answer');
}

/** What it cosigned last, when one of the log's own keys signed that: nobody can make such a thing up. */
export async function fetchWitnessedCheckpoint(
  { url }: AskedWitness,
  origin: string,
  logKeys: readonly VerifierKey[],
  timeoutMs: number,
): Promise<Checkpoint | undefined> {
  const originHash = createHash('sha256').update(origin, 'utf8').digest('hex');
  const answer = await send(`${url}/${originHash}/checkpoint`, timeoutMs);
  const opened = answer?.status === 200 ? openCheckpoint(answer.body, logKeys) : undefined;
  return opened?.ok && opened.checkpoint.origin === origin ? opened.checkpoint : undefined;
}

async function send(
  url: string,
  timeoutMs: number,
  body?: string,
): Promise<{ status: number; type: string; body: string } | undefined> {
  try {
    const response = await fetch(url, {
      ...(body === undefined
        ? {}
        : { method: 'POST', body, headers: { 'content-type': 'text/plain; charset=utf-8' } }),
      // A witness that sends us elsewhere is not the one that was configured.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: await readBounded(response) };
  } catch {
    return undefined;
  }
}

async function readBounded(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > mostAnswerBytes) throw new RangeError('too long');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
}
