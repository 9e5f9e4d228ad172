// `anchor`: puts the newest signed root on the chain now; `anchor deploy`: makes the contract on the operator's own chain, once.
import { setTimeout as sleep } from 'node:timers/promises';
import { startAnchorer } from '../ledger/anchorer.ts';
import { readChainKey, requireOwnKey } from '../ledger/chain/chain-key.ts';
import { admit, deploy, mostFee } from '../ledger/chain/connect-chain.ts';
import { createRpc } from '../ledger/chain/json-rpc.ts';
import { readChainId } from '../ledger/chain/node-facts.ts';
import { openRegistry } from '../ledger/chain/registry.ts';
import { logIdOf } from '../ledger/public-anchors.ts';
import type { StoredAnchor } from '../storage/anchor-store.ts';
import { findAnchorOver, hasNews, listAnchors } from '../storage/anchor-store.ts';
import { findLatestCheckpoint } from '../storage/log-store.ts';
import type { Stores } from '../stores.ts';

const patienceMs = 120_000;

/** Anchors beside a running server, or alone. Resolves with what to say. */
export async function anchorNow({ deps, logKey, sequencer }: Stores): Promise<string> {
  await sequencer.flush();
  const db = deps.db.pool;
  const size = (await findLatestCheckpoint(db))?.size ?? 0;
  const anchorer = startAnchorer({
    connection: deps.db.connection,
    config: { ...deps.config.chain, everyMinutes: 0 },
    dataDir: deps.config.dataDir,
    origin: logKey.origin,
    now: deps.now,
    randomBytes: deps.randomBytes,
    log: deps.log,
  });
  try {
    for (const startedAt = performance.now(); performance.now() - startedAt < patienceMs; await sleep(500)) {
      const result = await anchorer.anchorNow();
      const standing = size === 0 ? undefined : await findAnchorOver(db, size - 1);
      if (standing) return `Anchored: ${wordsOf(standing)}`;
      const settled = result === 'idle' || result === 'elsewhere';
      if (settled && !(await hasNewsSince(db, size))) return 'Nothing new to anchor.';
      if (result === 'too-dear')
        return 'Not anchored: the fee is above CHAIN_MOST_FEE_GWEI. It is tried again later.';
    }
    return 'Sent, and not certain yet. The server goes on looking; run this again to see.';
  } finally {
    await anchorer.stop();
  }
}

/** Whether anything but anchors stands in the log behind the newest anchor. */
async function hasNewsSince(db: Stores['deps']['db']['pool'], size: number): Promise<boolean> {
  const newest = (await listAnchors(db, 1)).find(({ state }) => state === 'anchored');
  return hasNews(db, newest?.size ?? 0, size);
}

function wordsOf({ size, chainId, blockNumber, transactionHash, gasUsed }: StoredAnchor): string {
  const transaction = `0x${transactionHash?.toString('hex')}`;
  return `the tree of ${size} entries, chain ${chainId}, block ${blockNumber}, transaction ${transaction}, ${gasUsed} gas.`;
}

/** The key of CHAIN_PRIVATE_KEY_FILE becomes the contract's owner and this log's anchorer. */
export async function deployContract({ deps, logKey }: Stores): Promise<string> {
  const { chain } = deps.config;
  if (chain.rpcUrl === undefined || chain.privateKeyFile === undefined)
    throw new Error(
      'Set CHAIN_RPC_URL and CHAIN_PRIVATE_KEY_FILE first: the local chain makes its contract by itself.',
    );
  if (chain.contract !== undefined)
    throw new Error('CHAIN_CONTRACT is set already. Unset it to make another contract.');
  const rpc = createRpc(chain.rpcUrl);
  const registry = await openRegistry(await readChainKey(chain.privateKeyFile));
  requireOwnKey(registry.signer, await readChainId(rpc));
  const contract = await deploy(rpc, registry, mostFee(chain));
  const log = { origin: logKey.origin, logId: logIdOf(logKey.origin) };
  await admit(rpc, registry, contract, log, mostFee(chain));
  return `The contract is at ${contract}; it holds the log ${logKey.origin}. Set CHAIN_CONTRACT=${contract} and start the server.`;
}
