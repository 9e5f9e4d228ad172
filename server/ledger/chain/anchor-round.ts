// One round of anchoring: what was sent is looked for, what the chain took back waits again, what waits is sent, and when nothing waits
// and there is news, the newest signed root goes out. Every step is written down before the next: a crash between any two loses nothing,
// because what the chain holds is read from the chain.
import { rootFromTiles } from '../../../core/ledger/tiles.ts';
import { equalBytes } from '../../../core/ledger/tree.ts';
import type { Log } from '../../http/deps.ts';
import type { AnchorAttempt, StoredAnchor } from '../../storage/anchor-store.ts';
import {
  confirmAnchor,
  findNewestAnchored,
  hasNews,
  listAttempts,
  listNewestAnchored,
  listOpenAnchors,
  storeAnchor,
  storeAttempt,
  supersedeAnchor,
  takeAnchorBack,
} from '../../storage/anchor-store.ts';
import { findLatestCheckpoint } from '../../storage/log-store.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { tileReader } from '../tile-reader.ts';
import type { Chain } from './connect-chain.ts';
import { gasFor, readFees } from './fees.ts';
import type { Rpc } from './json-rpc.ts';
import { RpcError } from './json-rpc.ts';
import type { Receipt } from './node-facts.ts';
import { readBlock, readNonce, readReceipt } from './node-facts.ts';
import type { NewestTree } from './registry.ts';

export type AnchorPoint =
  'before-attempt' | 'after-attempt' | 'after-send' | 'before-confirm' | 'after-confirm';

export interface RoundSources {
  db: Queryable;
  now: () => number;
  randomBytes: (count: number) => Uint8Array;
  log: Log;
  logId: Buffer;
  /** A transaction that no block takes for so long is sent again for a higher fee. */
  stuckAfterMs: number;
  at: (point: AnchorPoint) => void | Promise<void>;
}

/** What the chain holds contradicts this log: it was cut back or rewritten after it was anchored. Nothing more is anchored. */
export class LogContradictsAnchorError extends Error {
  readonly code = 'log-contradicts-anchor';
  constructor(size: number) {
    super(
      `the chain holds this log at ${size} entries, and this database does not contain that tree: it was restored from an older copy, or ` +
        'somebody rewrote it. Restore the newest copy, or ask who else anchors under this name.',
    );
    this.name = 'LogContradictsAnchorError';
  }
}

/** What a round left: nothing to do, something on its way, or a fee that is too high for now. */
export type RoundResult = 'idle' | 'waiting' | 'too-dear';

/** `wanted`: whether a new root may go out when there is news. Throws `RpcError`, `LogContradictsAnchorError`, errors of the store. */
export async function runRound(chain: Chain, sources: RoundSources, wanted: boolean): Promise<RoundResult> {
  const { db, logId } = sources;
  const standing = await chain.registry.readNewest(chain.rpc, chain.contract, logId);
  if (!standing) throw new RpcError('chain-garbled', 'the contract has forgotten the log');
  await requireSameLog(db, standing);
  await takeBack(chain, sources);
  const [open, ...smaller] = await listOpenAnchors(db, chain.place);
  // The chain may have taken a smaller one that was given up.
  for (const one of smaller) await confirmIfMined(chain, sources, one);
  if (open) return settle(chain, sources, open, standing);
  if (!wanted) return 'idle';
  const next = await makeNext(chain, sources, standing);
  return next ? settle(chain, sources, next, standing) : 'idle';
}

async function requireSameLog(db: Queryable, standing: NewestTree): Promise<void> {
  const checkpoint = await findLatestCheckpoint(db);
  if (standing.size === 0) return;
  if (!checkpoint || checkpoint.size < standing.size) throw new LogContradictsAnchorError(standing.size);
  // A tile that is not there is as bad as a wrong one.
  const root = await rootFromTiles(standing.size, tileReader(db)).catch(() => undefined);
  if (!root || !equalBytes(root, standing.root)) throw new LogContradictsAnchorError(standing.size);
}

/** Newest first, until one stands where it stood. */
async function takeBack(chain: Chain, { db, log }: RoundSources): Promise<void> {
  for (const anchor of await listNewestAnchored(db, chain.place, 100)) {
    const { transactionHash, blockHash, blockNumber } = anchor;
    if (!transactionHash || !blockHash || blockNumber === null) return;
    const receipt = await readReceipt(chain.rpc, hexOf(transactionHash));
    if (receipt?.blockHash === hexOf(blockHash)) return;
    // A node that has not come so far yet knows nothing of this block.
    const head = await readBlock(chain.rpc, 'latest');
    if (!chain.local && !receipt && (head?.number ?? 0) < blockNumber) return;
    log.warn(
      { code: 'anchor-taken-back', size: anchor.size },
      'the chain took an anchor back; it is sent again',
    );
    await takeAnchorBack(db, anchor.anchorId);
  }
}

async function makeNext(
  chain: Chain,
  { db, now }: RoundSources,
  standing: NewestTree,
): Promise<StoredAnchor | undefined> {
  const checkpoint = await findLatestCheckpoint(db);
  const covered = (await findNewestAnchored(db, chain.place))?.size ?? 0;
  const from = Math.max(covered, standing.size);
  if (!checkpoint || checkpoint.size <= from) return undefined;
  if (!(await hasNews(db, from, checkpoint.size))) return undefined;
  return storeAnchor(db, chain.place, checkpoint, now());
}

/** Brings one open anchor further: confirmed, sent, or sent for more. */
async function settle(
  chain: Chain,
  sources: RoundSources,
  anchor: StoredAnchor,
  standing: NewestTree,
): Promise<RoundResult> {
  const { db, now, stuckAfterMs, log } = sources;
  const confirmed = await confirmIfMined(chain, sources, anchor);
  if (confirmed === 'confirmed') return 'idle';
  if (confirmed === 'young') return 'waiting';
  if (standing.size > anchor.size) {
    log.warn({ code: 'anchor-needless', size: anchor.size }, 'a larger tree stands on the chain already');
    await supersedeAnchor(db, anchor.anchorId);
    return 'idle';
  }
  const nonce = await readNonce(chain.rpc, chain.registry.signer);
  const [last] = await listAttempts(db, anchor.anchorId);
  // It stands there, only its receipt is not to be had yet: nodes tell the two at different moments.
  if (standing.size === anchor.size) return 'waiting';
  // Another transaction took the number, or the chain went back: then the number is a new one.
  if (!last || last.nonce !== nonce) return send(chain, sources, anchor, nonce, undefined);
  if (now() - last.signedAt.getTime() >= stuckAfterMs) {
    log.warn(
      { code: 'anchor-stuck', size: anchor.size },
      'no block takes the anchor; a higher fee is offered',
    );
    return send(chain, sources, anchor, nonce, last);
  }
  // Perhaps a crash came between writing it down and sending it, or the node or the chain forgot it.
  await storeAttempt(db, anchor.anchorId, last, now());
  await broadcast(chain.rpc, last.signed);
  return 'waiting';
}

async function send(
  chain: Chain,
  sources: RoundSources,
  anchor: StoredAnchor,
  nonce: number,
  former: AnchorAttempt | undefined,
): Promise<RoundResult> {
  const { db, now, logId, at, log } = sources;
  const { registry, rpc, contract } = chain;
  const data = registry.anchor(logId, anchor);
  const legacy = former && former.feeWei === former.tipWei;
  const fees = await readFees(
    rpc,
    chain.mostFeeWei,
    former && { feeWei: BigInt(former.feeWei), tipWei: legacy ? undefined : BigInt(former.tipWei) },
  );
  if (!fees) {
    log.warn(
      { code: 'anchor-too-dear' },
      'the chain asks for a higher fee than CHAIN_MOST_FEE_GWEI allows; waiting',
    );
    if (former) await broadcast(rpc, former.signed);
    return 'too-dear';
  }
  let gas: bigint;
  try {
    gas = await gasFor(rpc, { from: registry.signer, to: contract, data });
  } catch (error) {
    // A block took it between two questions of this round: the next one sees that.
    if (error instanceof RpcError && registry.reasonOf(error.data) === 'AlreadyAnchored') return 'waiting';
    throw error;
  }
  const { hash, signed } = await registry.sign({
    chainId: chain.place.chainId,
    nonce,
    to: contract,
    data,
    gas,
    fees,
  });
  const attempt = {
    transactionHash: bytesOf(hash),
    signed: bytesOf(signed),
    nonce,
    feeWei: String(fees.feeWei),
    tipWei: String(fees.tipWei ?? fees.feeWei),
  };
  await at('before-attempt');
  await storeAttempt(db, anchor.anchorId, attempt, now());
  // From here on a crash leaves a transaction that the next round looks for and sends.
  await at('after-attempt');
  await broadcast(rpc, attempt.signed);
  await at('after-send');
  return (await confirmIfMined(chain, sources, anchor)) === 'confirmed' ? 'idle' : 'waiting';
}

/** Sending what the node knows already, or what a block holds already, is no failure: the next look tells. */
async function broadcast(rpc: Rpc, signed: Buffer): Promise<void> {
  try {
    await rpc.call('eth_sendRawTransaction', [hexOf(signed)]);
  } catch (error) {
    const known = /already|known|imported|nonce too low|underpriced/i;
    if (!(error instanceof RpcError && error.code === 'chain-refused' && known.test(error.message)))
      throw error;
  }
}

type Found = 'confirmed' | 'young' | 'absent';

/** Looks for each transaction that ever carried this anchor. */
async function confirmIfMined(chain: Chain, sources: RoundSources, anchor: StoredAnchor): Promise<Found> {
  for (const attempt of await listAttempts(sources.db, anchor.anchorId)) {
    const receipt = await readReceipt(chain.rpc, hexOf(attempt.transactionHash));
    if (!receipt || !holds(chain, sources, receipt, anchor)) continue;
    if (!(await isCertain(chain, sources, receipt, anchor))) return 'young';
    await confirm(chain, sources, anchor, receipt);
    return 'confirmed';
  }
  return 'absent';
}

/** Whether the transaction did what it was made for: the contract itself says so in its event. */
function holds(
  { registry, contract }: Chain,
  { logId }: RoundSources,
  receipt: Receipt,
  anchor: StoredAnchor,
): boolean {
  if (!receipt.succeeded) return false;
  return receipt.logs.some((log) => {
    const tree = registry.readAnchored(log, contract, logId);
    return tree?.size === anchor.size && equalBytes(tree.root, anchor.root);
  });
}

const safelyDeep = 64;

async function isCertain(
  chain: Chain,
  sources: RoundSources,
  receipt: Receipt,
  anchor: StoredAnchor,
): Promise<boolean> {
  if (!(await isDeep(chain.rpc, receipt, chain.confirmations))) return false;
  if (!chain.second) return true;
  const other = await readReceipt(chain.second, receipt.transactionHash);
  const agrees = other?.blockHash === receipt.blockHash && holds(chain, sources, other, anchor);
  if (!agrees)
    sources.log.warn(
      { code: 'anchor-not-seen-twice', size: anchor.size },
      'the second node does not show the anchor',
    );
  return agrees;
}

async function isDeep(rpc: Rpc, receipt: Receipt, confirmations: number | undefined): Promise<boolean> {
  const there = await readBlock(rpc, receipt.blockNumber);
  if (there?.hash !== receipt.blockHash) return false;
  if (confirmations === undefined) {
    const final = await readBlock(rpc, 'finalized').catch((error: unknown) => {
      if (error instanceof RpcError && error.code === 'chain-refused') return undefined;
      throw error;
    });
    if (final) return final.number >= receipt.blockNumber;
  }
  const head = await readBlock(rpc, 'latest');
  return head !== undefined && head.number - receipt.blockNumber + 1 >= (confirmations ?? safelyDeep);
}

async function confirm(
  chain: Chain,
  { db, now, randomBytes, at, log }: RoundSources,
  anchor: StoredAnchor,
  receipt: Receipt,
): Promise<void> {
  // What a local chain has not written down is gone with its process.
  await chain.keep();
  const block = await readBlock(chain.rpc, receipt.blockNumber);
  if (!block) throw new RpcError('chain-garbled', 'the block of a receipt is not there');
  const before = await findNewestAnchored(db, chain.place);
  const records = before && before.size < anchor.size ? anchor.size - before.size : anchor.size;
  const entry = sealEntry(
    '',
    {
      event: 'anchor',
      outcome: 'done',
      who: { role: 'system' },
      basis: 'system',
      detail: {
        size: anchor.size,
        root: anchor.root.toString('base64'),
        chain: anchor.chainId,
        contract: chain.contract,
        transaction: receipt.transactionHash,
        block: receipt.blockNumber,
      },
    },
    { now, randomBytes },
  );
  await at('before-confirm');
  const mined = {
    transactionHash: bytesOf(receipt.transactionHash),
    blockNumber: receipt.blockNumber,
    blockHash: bytesOf(receipt.blockHash),
    blockTimeSeconds: block.timeSeconds,
    gasUsed: receipt.gasUsed,
    gasPriceWei: String(receipt.gasPriceWei),
  };
  await confirmAnchor(db, anchor, mined, records, entry);
  log.info({ size: anchor.size, block: receipt.blockNumber, gas: receipt.gasUsed }, 'anchored');
  await at('after-confirm');
}

const hexOf = (bytes: Buffer): string => `0x${bytes.toString('hex')}`;
const bytesOf = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');
