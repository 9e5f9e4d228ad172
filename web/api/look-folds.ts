// Many looks of one asker at one thing within a short stretch, as one line that can be opened: whoever pages through a scan leaves an entry
// for each picture. Each stays as it is, with its proof. Knows no words.
import { kindOfEvent } from '../../core/ledger/statement.ts';
import type { Entry } from './entries.ts';
import { isScan } from './look-kinds.ts';

export interface LookFold {
  /** The newest first. */
  readonly entries: readonly Entry[];
}

const LOOK = 2;
/** Looks further apart than this are two visits. */
const APART_MS = 5 * 60_000;
/** Fewer stand for themselves. */
const FEWEST = 3;

/** Undefined for what stands for itself: acts, tries that were refused, scans, emergencies. */
function keyOf({ event, outcome, who, basis, on, detail, agent }: Entry): string | undefined {
  if (kindOfEvent[event] !== LOOK || outcome !== 'done' || basis === 'break-glass') return undefined;
  // Pictures are of one study; single entries are of one kind.
  const thing = event === 'images' ? on?.id : on?.type;
  return JSON.stringify([event, thing, who, basis, detail?.['authority'], agent]);
}

/** @param entries newest first; a fold stands where its newest stands */
export function foldLooks(entries: readonly Entry[]): readonly (Entry | LookFold)[] {
  const groups: Entry[][] = [];
  const open = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = isScan(entry) ? undefined : keyOf(entry);
    const group = key === undefined ? undefined : open.get(key);
    const last = group?.at(-1);
    const isNear =
      last !== undefined && Date.parse(last.recordedAt) - Date.parse(entry.recordedAt) <= APART_MS;
    if (group !== undefined && isNear) {
      group.push(entry);
      continue;
    }
    const begun = [entry];
    groups.push(begun);
    if (key !== undefined) open.set(key, begun);
  }
  return groups
    .flatMap((group): (Entry | LookFold)[] => (group.length < FEWEST ? group : [{ entries: group }]))
    .toSorted((a, b) => newestOf(b).localeCompare(newestOf(a)));
}

const newestOf = (one: Entry | LookFold): string =>
  'entries' in one ? (one.entries[0]?.recordedAt ?? '') : one.recordedAt;
