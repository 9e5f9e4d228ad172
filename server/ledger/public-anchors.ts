// `/log/anchors`: which roots of the log stand on which chain, in which block. Anybody may read it, and nobody need believe it: each
// names the transaction that shows it, and carries the checkpoint that the log signed over the same root.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { StoredAnchor } from '../storage/anchor-store.ts';
import { findAnchorOver, listAnchors } from '../storage/anchor-store.ts';
import { findCheckpoint, findLeafOfEntry } from '../storage/log-store.ts';
import { localChainId } from './chain/chain-names.ts';

const hex = (bytes: Buffer | null): string | undefined =>
  bytes === null ? undefined : `0x${bytes.toString('hex')}`;

/** How the contract names a log: SHA-256 of its origin. */
export function logIdOf(origin: string): Buffer {
  return createHash('sha256').update(origin, 'utf8').digest();
}

/** `?before=&limit=`: newest first. `?over=<leaf index>`: only the first confirmed anchor over that leaf. */
export const anchors =
  (deps: Deps, origin: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { before, limit, over } = request.query as Record<string, string | undefined>;
    const count = limit === undefined ? 50 : readNumber(limit, 'limit');
    if (count < 1 || count > 200) throw invalid('limit', 'From 1 to 200 at once.');
    const beforeId = before === undefined ? undefined : readNumber(before, 'before');
    const found =
      over === undefined
        ? await listAnchors(deps.db.pool, count + 1, beforeId)
        : [await findAnchorOver(deps.db.pool, readNumber(over, 'over'))].filter((one) => one !== undefined);
    const shown = found.slice(0, count);
    return reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send({
        origin,
        logId: hex(logIdOf(origin)),
        anchors: await Promise.all(shown.map((anchor) => describe(deps, anchor))),
        ...(found.length > count ? { next: shown.at(-1)?.anchorId } : {}),
      });
  };

async function describe(deps: Deps, anchor: StoredAnchor): Promise<object> {
  const { gasUsed, gasPriceWei, records } = anchor;
  const [checkpoint, leaf] = await Promise.all([
    findCheckpoint(deps.db.pool, anchor.size),
    anchor.entryId === null || anchor.state !== 'anchored'
      ? undefined
      : findLeafOfEntry(deps.db.pool, anchor.entryId),
  ]);
  return {
    number: anchor.anchorId,
    state: anchor.state,
    size: anchor.size,
    root: encodeBase64(anchor.root),
    checkpoint: checkpoint?.note,
    chainId: anchor.chainId,
    local: anchor.chainId === localChainId,
    genesis: hex(anchor.genesis),
    contract: hex(anchor.contract),
    transaction: hex(anchor.transactionHash),
    block: anchor.blockNumber ?? undefined,
    blockHash: hex(anchor.blockHash),
    blockTime: anchor.blockTime?.toISOString(),
    gasUsed: gasUsed ?? undefined,
    gasPriceWei: gasPriceWei ?? undefined,
    feeWei:
      gasUsed === null || gasPriceWei === null ? undefined : String(BigInt(gasUsed) * BigInt(gasPriceWei)),
    records: records ?? undefined,
    returned: anchor.returned,
    madeAt: anchor.madeAt.toISOString(),
    anchoredAt: anchor.anchoredAt?.toISOString(),
    leafIndex: leaf?.leafIndex,
  };
}

function readNumber(value: string, field: string): number {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw invalid(field, 'A whole number is expected.');
  return number;
}

function invalid(field: string, words: string): ApiError {
  return new ApiError(400, 'invalid', words, { fields: [{ field, code: 'number' }] });
}
