// The card key replaced without touching one printed card: the token in a code stays, only the sealed copy of it is sealed anew.
// Every step may be cut off: old keys stay in the file until nothing needs them, and the same call goes on where it was.
import { sealEntry } from '../storage/sealed-entry.ts';
import type { SealedTable } from '../storage/sealed-tokens.ts';
import {
  countUnclaimedBlanks,
  listSealedOtherwise,
  replaceSealedTokens,
  sealedTables,
} from '../storage/sealed-tokens.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { Deps } from '../http/deps.ts';
import type { SingleCardKey } from './card-key.ts';
import { addCardKey, CardKeyError, dropOldCardKeys, openCardKey, readCardKeys } from './card-key.ts';

const atOnce = 500;

export interface CardKeyRotation {
  /** How many tokens were sealed anew. */
  readonly resealed: number;
  /** Keys that are kept because pre-printed cards still wait to be claimed under them. */
  readonly keptForBlanks: number;
  /** False when an earlier change was only brought to its end. */
  readonly changed: boolean;
}

/** @throws CardKeyError when a token can be opened with no key there is: then nothing was dropped */
export async function rotateCardKey(deps: Deps): Promise<CardKeyRotation> {
  const { dataDir } = deps.config;
  const pool = deps.db.pool;
  await openCardKey(dataDir);
  const unfinished = (await reseal(deps, await readCardKeys(dataDir))) > 0;
  const keysBefore = await readCardKeys(dataDir);
  const changed = !(unfinished && keysBefore.length > 1);
  if (changed) {
    await writeBatch(pool, {
      versions: [],
      entries: [
        sealEntry(
          '',
          {
            event: 'key',
            outcome: 'done',
            who: { role: 'operator' },
            basis: 'operator',
            detail: { key: 'card' },
          },
          deps,
        ),
      ],
    });
    // A crash before this line leaves an entry of a change that did not happen; one after it is taken up by the next call.
    await addCardKey(dataDir);
  }
  // A server that had not yet seen the new key may have sealed one more meanwhile: until there is none.
  let resealed = 0;
  for (let last = -1; last !== 0; resealed += last) last = await reseal(deps, await readCardKeys(dataDir));
  const waiting = await countUnclaimedBlanks(pool);
  if (waiting === 0) await dropOldCardKeys(dataDir);
  return { resealed, keptForBlanks: waiting === 0 ? 0 : (await readCardKeys(dataDir)).length - 1, changed };
}

async function reseal(deps: Deps, keys: readonly SingleCardKey[]): Promise<number> {
  let count = 0;
  for (const table of sealedTables) count += await resealTable(deps, keys, table);
  return count;
}

async function resealTable(deps: Deps, keys: readonly SingleCardKey[], table: SealedTable): Promise<number> {
  const [present] = keys;
  if (!present) throw new CardKeyError();
  let count = 0;
  let after: Uint8Array = Buffer.alloc(0);
  for (;;) {
    const found = await listSealedOtherwise(deps.db.pool, table, present.sealHead, after, atOnce);
    const last = found.at(-1);
    if (!last) return count;
    const anew = found.map(({ tokenHash, sealedToken }) => ({
      tokenHash,
      sealedToken,
      resealed: present.seal(openWithAny(keys, sealedToken, tokenHash), tokenHash, deps.randomBytes(12)),
    }));
    await replaceSealedTokens(deps.db.pool, table, anew);
    count += found.length;
    after = last.tokenHash;
  }
}

function openWithAny(keys: readonly SingleCardKey[], sealed: Uint8Array, tokenHash: Uint8Array): string {
  for (const key of keys) {
    try {
      return key.open(sealed, tokenHash);
    } catch {
      // The next one, then.
    }
  }
  throw new CardKeyError();
}
