// `rotate-keys`: new keys for the log, for the cards and for what apps are given, beside a running server or alone.
import { setTimeout as sleep } from 'node:timers/promises';
import { rotateCardKey } from '../card/rotate-card-key.ts';
import { rotateProviderKeys } from '../oauth/provider-keys.ts';
import { prepareNextKey } from '../ledger/key-rotation.ts';
import type { Stores } from '../stores.ts';

const dayMs = 24 * 3600 * 1000;
const longestOverlapDays = 3650;
/** A server at work takes a new key up within a second. */
const waitAtMostMs = 60_000;

/** @param which all unless told */
export async function rotateKeys(
  stores: Stores,
  which: string | undefined,
  overlapDaysText: string,
): Promise<string> {
  const overlapDays = /^\d{1,4}$/.test(overlapDaysText) ? Number(overlapDaysText) : Number.NaN;
  if (!(overlapDays <= longestOverlapDays))
    throw new Error(`--overlap-days is a whole number from 0 to ${longestOverlapDays}.`);
  const said: string[] = [];
  const wanted = (one: string): boolean => which === undefined || which === one;
  if (wanted('log')) said.push(await rotateLogKey(stores, overlapDays));
  if (wanted('card')) said.push(await rotateCards(stores));
  if (wanted('apps')) {
    await rotateProviderKeys(stores.deps);
    said.push('What apps are given is signed with a new key. The old one is shown beside it for an hour.');
  }
  await stores.sequencer.flush();
  return said.join('\n');
}

async function rotateLogKey({ deps, logKey, sequencer }: Stores, overlapDays: number): Promise<string> {
  const old = logKey.vkey;
  const vkey = await prepareNextKey(deps.config.dataDir, logKey.origin, overlapDays * dayMs);
  const endMs = deps.now() + waitAtMostMs;
  for (;;) {
    // Whoever holds the sequencer's lock makes the change: this process, or the server beside it.
    await sequencer.flush();
    await logKey.refresh();
    if (logKey.vkey === vkey) break;
    if (deps.now() > endMs)
      throw new Error(
        'The new key is prepared, but the server that writes the log has not taken it up. It does so when it is next at work.',
      );
    await sleep(200);
  }
  return [
    `The log's new key: ${vkey}`,
    `The old key ${old} has signed for it, and signs beside it for ${overlapDays} days.`,
    'Tell your witnesses the new key now; everybody else finds it under /log/keys. Back up the data folder.',
  ].join('\n');
}

async function rotateCards({ deps }: Stores): Promise<string> {
  const { resealed, keptForBlanks, changed } = await rotateCardKey(deps);
  const made = changed
    ? 'The cards have a new key.'
    : 'An earlier change of the card key was brought to its end; call again for a new key.';
  const kept =
    keptForBlanks === 0
      ? 'No old key is kept.'
      : `${keptForBlanks} old ${keptForBlanks === 1 ? 'key is' : 'keys are'} kept until the pre-printed cards are claimed.`;
  return `${made} ${resealed} tokens were sealed anew; every printed card goes on working. ${kept}`;
}
