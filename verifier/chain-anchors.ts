// The anchors of a log, as an Ethereum node that the reader chose tells them: the contract's own events, not the server's word for them.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { SourceError } from './source-error.ts';

export interface ChainAnchor {
  readonly size: number;
  readonly root: Uint8Array;
  readonly block: number;
  readonly transaction: string;
  /** Both in words. */
  readonly where: string;
}

export interface ChainPlace {
  readonly rpcUrl: string;
  readonly contract: string;
  readonly fromBlock: number;
}

const anchoredTopic = `0x${bytesToHex(keccak_256(utf8ToBytes('Anchored(bytes32,uint64,bytes32,uint64)')))}`;
const timeoutMs = 30_000;
const mostAnchors = 100_000;

/** All anchors of this log up to the newest block that the node calls final. Throws `SourceError`. */
export async function readChainAnchors(place: ChainPlace, origin: string): Promise<ChainAnchor[]> {
  const logId = `0x${bytesToHex(sha256(utf8ToBytes(origin)))}`;
  const final = (await call(place.rpcUrl, 'eth_getBlockByNumber', ['finalized', false])) as {
    number?: string;
  } | null;
  const last = Number(final?.number);
  if (!Number.isSafeInteger(last)) throw new SourceError('the node does not say which block is final');
  const anchors: ChainAnchor[] = [];
  let from = place.fromBlock;
  let width = Math.max(1, last - from + 1);
  while (from <= last) {
    const to = Math.min(last, from + width - 1);
    let found: unknown;
    try {
      found = await call(place.rpcUrl, 'eth_getLogs', [
        {
          address: place.contract,
          topics: [anchoredTopic, logId],
          fromBlock: `0x${from.toString(16)}`,
          toBlock: `0x${to.toString(16)}`,
        },
      ]);
    } catch (error) {
      // Public nodes answer for a limited number of blocks at once.
      if (width <= 100) throw error;
      width = Math.max(100, Math.floor(width / 10));
      continue;
    }
    if (!Array.isArray(found)) throw new SourceError('the node does not answer with events');
    anchors.push(...found.map((event) => readEvent(event)));
    if (anchors.length > mostAnchors) throw new SourceError('the node names more anchors than there can be');
    from = to + 1;
  }
  return anchors;
}

function readEvent(event: unknown): ChainAnchor {
  const { topics, data, blockNumber, transactionHash, removed } = event as {
    topics?: string[];
    data?: string;
    blockNumber?: string;
    transactionHash?: string;
    removed?: boolean;
  };
  const size = Number(topics?.[2]);
  if (!Number.isSafeInteger(size) || !/^0x[0-9a-f]{128}$/i.test(data ?? '') || removed === true)
    throw new SourceError('the node answers with something that is no anchor');
  return {
    size,
    root: hexToBytes((data ?? '').slice(2, 66)),
    block: Number(blockNumber),
    transaction: (transactionHash ?? '').toLowerCase(),
    where: `block ${Number(blockNumber)}, transaction ${transactionHash ?? '?'}`,
  };
}

async function call(rpcUrl: string, method: string, params: unknown[]): Promise<unknown> {
  try {
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message?: string } };
    if (error !== undefined || result === undefined)
      throw new SourceError(`the node refuses ${method}: ${error?.message ?? 'no result'}`);
    return result;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('the node cannot be reached', { cause: error });
  }
}
