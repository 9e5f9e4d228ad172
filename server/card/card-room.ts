// What the card handlers share in one process: the card key, throttles and the pages kept ready. Opened once at start.
import type { Deps } from '../http/deps.ts';
import type { Throttle } from './address-throttle.ts';
import { createThrottle } from './address-throttle.ts';
import type { CardKey } from './card-key.ts';
import { openCardKey } from './card-key.ts';
import type { NoDataPages } from './page/no-data.ts';
import { makeNoDataPages } from './page/no-data.ts';
import type { ScanLookup } from '../storage/scan-lookup.ts';
import { createScanLookup } from '../storage/scan-lookup.ts';
import type { ReadyCard } from './ready-card.ts';
import type { ReadyPages } from './ready-pages.ts';
import { createReadyPages } from './ready-pages.ts';

export interface CardRoom {
  readonly deps: Deps;
  readonly key: CardKey;
  readonly pages: ReadyPages<ReadyCard>;
  readonly noData: NoDataPages;
  readonly lookup: ScanLookup;
  /** Codes that opened nothing, by address. A card that is valid opens however many of these there were. */
  readonly deadScans: Throttle;
  /** Access codes tried, by address. */
  readonly codeTries: Throttle;
  /** Claim codes tried, by address and by account. */
  readonly claimTries: Throttle;
  /** Pictures and PDFs drawn, by person. */
  readonly prints: Throttle;
}

const minute = 60_000;

/** @throws CardKeyError when the key file in the data folder is damaged */
export async function openCardRoom(deps: Deps): Promise<CardRoom> {
  return {
    deps,
    key: await openCardKey(deps.config.dataDir),
    pages: createReadyPages(),
    noData: makeNoDataPages(deps.randomBytes),
    lookup: createScanLookup(deps.db.asks),
    deadScans: createThrottle(deps.now, { limit: 40, windowMs: 10 * minute }),
    codeTries: createThrottle(deps.now, { limit: 20, windowMs: 10 * minute }),
    prints: createThrottle(deps.now, { limit: 120, windowMs: 10 * minute }),
    claimTries: createThrottle(deps.now, { limit: 10, windowMs: 60 * minute }),
  };
}
