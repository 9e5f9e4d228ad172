// The contract as this program speaks to it: calls out, events and reasons in. The library behind it is large and is fetched only when
// something is anchored.
import { anchorRegistryAbi as abi, anchorRegistryBytecode } from './anchor-registry.ts';
import type { Rpc } from './json-rpc.ts';
import { RpcError } from './json-rpc.ts';
import type { ChainLog } from './node-facts.ts';
import { bytesOf } from './node-facts.ts';

export type Hex = `0x${string}`;

/** One transaction ready to be sent; `hash` is known before anybody has seen it. */
export interface SignedTransaction {
  hash: Hex;
  signed: Hex;
}

export interface TransactionRequest {
  chainId: number;
  nonce: number;
  to: Hex | undefined;
  data: Hex;
  gas: bigint;
  fees: Fees;
}

/** `tipWei` undefined: a chain without EIP-1559, where `feeWei` is the price. */
export interface Fees {
  feeWei: bigint;
  tipWei: bigint | undefined;
}

export interface NewestTree {
  size: number;
  root: Buffer;
}

export interface Registry {
  /** The address that the key signs for. */
  readonly signer: Hex;
  sign(request: TransactionRequest): Promise<SignedTransaction>;
  /** Where a contract made by this signer's transaction with that number lies. */
  addressOfDeployment(nonce: number): Hex;
  readonly deployment: Hex;
  openLog(origin: string): Hex;
  setAnchorer(logId: Buffer, anchorer: Hex, allowed: boolean): Hex;
  anchor(logId: Buffer, tree: { size: number; root: Buffer }): Hex;
  /** Undefined when the log is not open there. */
  readNewest(rpc: Rpc, contract: Hex, logId: Buffer): Promise<NewestTree | undefined>;
  mayAnchor(rpc: Rpc, contract: Hex, logId: Buffer): Promise<boolean>;
  /** The tree that an event of this contract names; undefined for any other event. */
  readAnchored(log: ChainLog, contract: Hex, logId: Buffer): NewestTree | undefined;
  /** The name of the contract's own reason; undefined for other bytes. */
  reasonOf(data: string | undefined): string | undefined;
}

export async function openRegistry(privateKey: Hex): Promise<Registry> {
  const [
    {
      decodeErrorResult,
      decodeEventLog,
      decodeFunctionResult,
      encodeFunctionData,
      getContractAddress,
      keccak256,
    },
    { privateKeyToAccount },
  ] = await Promise.all([import('viem/utils'), import('viem/accounts')]);
  const account = privateKeyToAccount(privateKey);
  const hexOf = (bytes: Buffer): Hex => `0x${bytes.toString('hex')}`;

  const reasonOf = (data: string | undefined): string | undefined => {
    if (data === undefined || data === '0x') return undefined;
    try {
      return decodeErrorResult({ abi, data: data as Hex }).errorName;
    } catch {
      return undefined;
    }
  };
  /** What a contract of ours cannot have answered is a node's garble. */
  const readable = <T>(decode: () => T): T => {
    try {
      return decode();
    } catch {
      throw new RpcError('chain-garbled', 'the contract’s answer cannot be read');
    }
  };

  return {
    signer: account.address.toLowerCase() as Hex,
    deployment: anchorRegistryBytecode,
    async sign({ chainId, nonce, to, data, gas, fees }) {
      const request = { chainId, nonce, data, gas, value: 0n, ...(to === undefined ? {} : { to }) };
      const signed = await account.signTransaction(
        fees.tipWei === undefined
          ? { ...request, type: 'legacy', gasPrice: fees.feeWei }
          : { ...request, type: 'eip1559', maxFeePerGas: fees.feeWei, maxPriorityFeePerGas: fees.tipWei },
      );
      return { signed, hash: keccak256(signed) };
    },
    addressOfDeployment: (nonce) =>
      getContractAddress({ from: account.address, nonce: BigInt(nonce) }).toLowerCase() as Hex,
    openLog: (origin) => encodeFunctionData({ abi, functionName: 'openLog', args: [origin] }),
    setAnchorer: (logId, anchorer, allowed) =>
      encodeFunctionData({ abi, functionName: 'setAnchorer', args: [hexOf(logId), anchorer, allowed] }),
    anchor: (logId, { size, root }) =>
      encodeFunctionData({ abi, functionName: 'anchor', args: [hexOf(logId), BigInt(size), hexOf(root)] }),
    async readNewest(rpc, contract, logId) {
      const data = encodeFunctionData({ abi, functionName: 'newest', args: [hexOf(logId)] });
      const answer = await rpc
        .call('eth_call', [{ to: contract, data }, 'latest'])
        .catch((error: unknown) => {
          if (error instanceof RpcError && reasonOf(error.data) === 'LogNotOpen') return undefined;
          throw error;
        });
      if (answer === undefined) return undefined;
      const result = bytesOf(answer, 'answer') as Hex;
      const [size, root] = readable(() =>
        decodeFunctionResult({ abi, functionName: 'newest', data: result }),
      );
      return { size: Number(size), root: Buffer.from(root.slice(2), 'hex') };
    },
    async mayAnchor(rpc, contract, logId) {
      const data = encodeFunctionData({
        abi,
        functionName: 'isAnchorer',
        args: [hexOf(logId), account.address],
      });
      const answer = bytesOf(await rpc.call('eth_call', [{ to: contract, data }, 'latest']), 'answer');
      return readable(() => decodeFunctionResult({ abi, functionName: 'isAnchorer', data: answer as Hex }));
    },
    readAnchored(log, contract, logId) {
      if (log.address !== contract || log.topics.length === 0) return undefined;
      try {
        const event = decodeEventLog({
          abi,
          topics: log.topics as [Hex, ...Hex[]],
          data: log.data as Hex,
          strict: true,
        });
        if (event.eventName !== 'Anchored' || event.args.logId !== hexOf(logId)) return undefined;
        return { size: Number(event.args.size), root: Buffer.from(event.args.root.slice(2), 'hex') };
      } catch {
        return undefined;
      }
    },
    reasonOf,
  };
}
