// The chain that roots are anchored on: the operator's by CHAIN_RPC_URL, else the local one. Connected means: its number is known, our
// contract with exactly our code is there, our log is open in it and our key may anchor.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainConfig } from '../../config.ts';
import type { Log } from '../../http/deps.ts';
import type { AnchorPlace } from '../../storage/anchor-store.ts';
import { writeDurably } from '../durable-file.ts';
import { anchorRegistryCode } from './anchor-registry.ts';
import { openLocalChainKey, readChainKey, requireOwnKey } from './chain-key.ts';
import type { Rpc } from './json-rpc.ts';
import { createRpc } from './json-rpc.ts';
import type { LocalChain } from './local-chain.ts';
import { startLocalChain } from './local-chain.ts';
import { readBlock, readChainId, readCode, readNonce, readReceipt } from './node-facts.ts';
import { gasFor, readFees } from './fees.ts';
import type { Hex, Registry } from './registry.ts';
import { openRegistry } from './registry.ts';

export interface Chain {
  readonly rpc: Rpc;
  /** Another node that must say the same. */
  readonly second: Rpc | undefined;
  readonly registry: Registry;
  readonly place: AnchorPlace;
  readonly contract: Hex;
  readonly local: boolean;
  /** Blocks that make an anchor certain; undefined: what the chain calls final. */
  readonly confirmations: number | undefined;
  readonly mostFeeWei: bigint;
  hasEnded(): boolean;
  /** Makes durable what stands on the local chain. */
  keep(): Promise<void>;
  close(): Promise<void>;
}

/** The chain can be reached, but cannot take our anchors: the operator must act. */
export class ChainNotReadyError extends Error {
  readonly code:
    'chain-contract-unset' | 'chain-contract-differs' | 'chain-log-not-open' | 'chain-not-anchorer';
  constructor(code: ChainNotReadyError['code'], message: string) {
    super(message);
    this.name = 'ChainNotReadyError';
    this.code = code;
  }
}

export interface ChainOptions {
  config: ChainConfig;
  dataDir: string;
  origin: string;
  logId: Buffer;
  randomBytes: (count: number) => Uint8Array;
  log: Log;
  /** Ends whatever waits for a node. */
  stopped: AbortSignal;
}

/** Throws `ChainNotReadyError`, `ChainKeyError`, `LocalChainMissingError`, `RpcError`; nothing is left running then. */
export function connectChain(options: ChainOptions): Promise<Chain> {
  return options.config.rpcUrl === undefined
    ? connectLocal(options)
    : connectRemote(options, options.config.rpcUrl);
}

async function connectRemote(options: ChainOptions, rpcUrl: string): Promise<Chain> {
  const { config, logId, stopped } = options;
  const rpc = createRpc(rpcUrl, stopped);
  const registry = await openRegistry(await readChainKey(config.privateKeyFile ?? ''));
  const chainId = await readChainId(rpc);
  requireOwnKey(registry.signer, chainId);
  if (config.contract === undefined) {
    throw new ChainNotReadyError(
      'chain-contract-unset',
      'CHAIN_CONTRACT is not set: run `npm run admin -- anchor deploy` once and set what it prints',
    );
  }
  const contract = config.contract as Hex;
  if ((await readCode(rpc, contract)) !== anchorRegistryCode) {
    throw new ChainNotReadyError(
      'chain-contract-differs',
      'the code at CHAIN_CONTRACT is not that of our contract',
    );
  }
  await requireOpen(rpc, registry, contract, logId);
  return {
    rpc,
    second: config.secondRpcUrl === undefined ? undefined : createRpc(config.secondRpcUrl, stopped),
    registry,
    place: await placeOf(rpc, chainId, contract),
    contract,
    local: false,
    confirmations: config.confirmations,
    mostFeeWei: mostFee(config),
    hasEnded: () => false,
    keep: async () => undefined,
    close: async () => undefined,
  };
}

async function requireOpen(rpc: Rpc, registry: Registry, contract: Hex, logId: Buffer): Promise<void> {
  if (!(await registry.readNewest(rpc, contract, logId)))
    throw new ChainNotReadyError('chain-log-not-open', 'the contract’s owner has not opened this log in it');
  if (!(await registry.mayAnchor(rpc, contract, logId)))
    throw new ChainNotReadyError(
      'chain-not-anchorer',
      'the contract’s owner does not let our key anchor this log',
    );
}

async function connectLocal(options: ChainOptions): Promise<Chain> {
  const { config, dataDir, origin, logId, randomBytes, log } = options;
  const registry = await openRegistry(await openLocalChainKey(dataDir, randomBytes));
  const node = await startLocalChain(dataDir, log);
  try {
    const { rpc } = node;
    await rpc.call('anvil_setBalance', [registry.signer, `0x${(10n ** 24n).toString(16)}`]);
    const contract = await ensureLocalContract(node, registry, dataDir, mostFee(config));
    if (!(await registry.readNewest(rpc, contract, logId)))
      await admit(rpc, registry, contract, { origin, logId }, mostFee(config));
    await node.keep();
    return {
      rpc,
      second: undefined,
      registry,
      place: await placeOf(rpc, await readChainId(rpc), contract),
      contract,
      local: true,
      confirmations: config.confirmations ?? 1,
      mostFeeWei: mostFee(config),
      hasEnded: () => node.hasEnded(),
      keep: () => node.keep(),
      close: () => node.stop(),
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

/** The address is kept beside the state; where the two do not belong together, another contract is made. */
async function ensureLocalContract(
  { rpc }: LocalChain,
  registry: Registry,
  dataDir: string,
  mostFeeWei: bigint,
): Promise<Hex> {
  const file = join(dataDir, 'chain', 'contract');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^0x[0-9a-f]{40}$/.test(known) && (await readCode(rpc, known)) === anchorRegistryCode)
    return known as Hex;
  const contract = await deploy(rpc, registry, mostFeeWei);
  await writeDurably(file, `${contract}\n`);
  return contract;
}

/** Makes the contract; its owner is the key. */
export async function deploy(rpc: Rpc, registry: Registry, mostFeeWei: bigint): Promise<Hex> {
  const nonce = await readNonce(rpc, registry.signer);
  await sendAndWait(rpc, registry, undefined, registry.deployment, mostFeeWei);
  return registry.addressOfDeployment(nonce);
}

/** Opens a log in a contract that the key owns, and lets the key anchor it. */
export async function admit(
  rpc: Rpc,
  registry: Registry,
  contract: Hex,
  { origin, logId }: { origin: string; logId: Buffer },
  mostFeeWei: bigint,
): Promise<void> {
  await sendAndWait(rpc, registry, contract, registry.openLog(origin), mostFeeWei);
  await sendAndWait(rpc, registry, contract, registry.setAnchorer(logId, registry.signer, true), mostFeeWei);
}

const waitMs = 300_000;

async function sendAndWait(
  rpc: Rpc,
  registry: Registry,
  to: Hex | undefined,
  data: Hex,
  mostFeeWei: bigint,
): Promise<void> {
  const [chainId, nonce, fees] = await Promise.all([
    readChainId(rpc),
    readNonce(rpc, registry.signer),
    readFees(rpc, mostFeeWei),
  ]);
  if (!fees) throw new Error('the chain asks for a higher fee than CHAIN_MOST_FEE_GWEI allows');
  const gas = await gasFor(rpc, { from: registry.signer, to, data });
  const { hash, signed } = await registry.sign({ chainId, nonce, to, data, gas, fees });
  await rpc.call('eth_sendRawTransaction', [signed]);
  for (const startedAt = performance.now(); performance.now() - startedAt < waitMs; await sleep(50)) {
    const receipt = await readReceipt(rpc, hash);
    if (receipt?.succeeded === false)
      throw new Error('the chain took the transaction and refused what it asked');
    if (receipt) return;
  }
  throw new Error(`no block has taken transaction ${hash} yet: look again later`);
}

async function placeOf(rpc: Rpc, chainId: number, contract: Hex): Promise<AnchorPlace> {
  const first = await readBlock(rpc, 0);
  if (!first) throw new Error('the chain has no first block');
  return {
    chainId,
    genesis: Buffer.from(first.hash.slice(2), 'hex'),
    contract: Buffer.from(contract.slice(2), 'hex'),
  };
}

export function mostFee(config: ChainConfig): bigint {
  return BigInt(config.mostFeeGwei) * 1_000_000_000n;
}
