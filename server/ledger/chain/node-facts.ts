// What a node says, in our types: anything of another form is a `chain-garbled` error, never a wrong number.
import type { Rpc } from './json-rpc.ts';
import { RpcError } from './json-rpc.ts';

export interface ChainBlock {
  number: number;
  hash: string;
  timeSeconds: number;
  /** Undefined on chains without EIP-1559. */
  baseFeeWei: bigint | undefined;
}

export interface ChainLog {
  address: string;
  topics: string[];
  data: string;
}

export interface Receipt {
  transactionHash: string;
  blockNumber: number;
  blockHash: string;
  succeeded: boolean;
  gasUsed: number;
  gasPriceWei: bigint;
  logs: ChainLog[];
}

const garbled = (what: string) => new RpcError('chain-garbled', `the node’s ${what} has not the form of one`);

export async function readChainId(rpc: Rpc): Promise<number> {
  return numberOf(await rpc.call('eth_chainId', []), 'chain id');
}

export async function readCode(rpc: Rpc, address: string): Promise<string> {
  return bytesOf(await rpc.call('eth_getCode', [address, 'latest']), 'code');
}

export async function readNonce(rpc: Rpc, address: string): Promise<number> {
  return numberOf(await rpc.call('eth_getTransactionCount', [address, 'latest']), 'count of transactions');
}

export async function readBalance(rpc: Rpc, address: string): Promise<bigint> {
  return bigOf(await rpc.call('eth_getBalance', [address, 'latest']), 'balance');
}

/** Undefined when there is no such block (yet). */
export async function readBlock(
  rpc: Rpc,
  which: number | 'latest' | 'finalized',
): Promise<ChainBlock | undefined> {
  const tag = typeof which === 'number' ? `0x${which.toString(16)}` : which;
  const found = await rpc.call('eth_getBlockByNumber', [tag, false]);
  if (found === null) return undefined;
  const block = recordOf(found, 'block');
  const baseFee = block['baseFeePerGas'];
  return {
    number: numberOf(block['number'], 'block'),
    hash: hashOf(block['hash'], 'block'),
    timeSeconds: numberOf(block['timestamp'], 'block'),
    baseFeeWei: baseFee === undefined || baseFee === null ? undefined : bigOf(baseFee, 'base fee'),
  };
}

/** Undefined while no block holds the transaction. */
export async function readReceipt(rpc: Rpc, transactionHash: string): Promise<Receipt | undefined> {
  const found = await rpc.call('eth_getTransactionReceipt', [transactionHash]);
  if (found === null) return undefined;
  const receipt = recordOf(found, 'receipt');
  const logs = receipt['logs'];
  if (!Array.isArray(logs) || logs.length > 100) throw garbled('receipt');
  // A node that answers for another transaction than the one that was asked for says nothing about this one.
  if (hashOf(receipt['transactionHash'], 'receipt') !== transactionHash) throw garbled('receipt');
  return {
    transactionHash,
    blockNumber: numberOf(receipt['blockNumber'], 'receipt'),
    blockHash: hashOf(receipt['blockHash'], 'receipt'),
    succeeded: receipt['status'] === '0x1',
    gasUsed: numberOf(receipt['gasUsed'], 'receipt'),
    gasPriceWei: bigOf(receipt['effectiveGasPrice'] ?? '0x0', 'receipt'),
    logs: logs.map((log: unknown) => {
      const { address, topics, data } = recordOf(log, 'receipt');
      if (!Array.isArray(topics) || topics.length > 4) throw garbled('receipt');
      return {
        address: bytesOf(address, 'receipt'),
        topics: topics.map((topic) => hashOf(topic, 'receipt')),
        data: bytesOf(data, 'receipt'),
      };
    }),
  };
}

/** A suggestion; chains without one get one gwei. */
export async function readTip(rpc: Rpc): Promise<bigint> {
  try {
    return bigOf(await rpc.call('eth_maxPriorityFeePerGas', []), 'tip');
  } catch (error) {
    if (error instanceof RpcError && error.code === 'chain-refused') return 1_000_000_000n;
    throw error;
  }
}

export async function readGasPrice(rpc: Rpc): Promise<bigint> {
  return bigOf(await rpc.call('eth_gasPrice', []), 'gas price');
}

export function numberOf(value: unknown, what: string): number {
  const number = Number(bigOf(value, what));
  if (!Number.isSafeInteger(number)) throw garbled(what);
  return number;
}

export function bigOf(value: unknown, what: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw garbled(what);
  return BigInt(value);
}

export function bytesOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(value)) throw garbled(what);
  return value.toLowerCase();
}

function hashOf(value: unknown, what: string): string {
  const bytes = bytesOf(value, what);
  if (bytes.length !== 66) throw garbled(what);
  return bytes;
}

function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw garbled(what);
  return value as Record<string, unknown>;
}
