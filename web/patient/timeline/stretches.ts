// A long record is drawn in stretches: some months of one year, about a screen or two of entries, each fetched and drawn only near to
// where the reader is. Pure.
import type { MonthCount } from '../../api/timeline.ts';

/** Entries that a stretch grows to before the next begins. */
const ABOUT = 40;

export interface Stretch {
  /** First and last month, `YYYY-MM`. */
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export interface Year {
  readonly year: string;
  readonly count: number;
  readonly stretches: readonly Stretch[];
}

/** Newest first, as the months come. A month is never cut: a very full one is a stretch of its own. */
export function yearsOf(months: readonly MonthCount[]): readonly Year[] {
  const years = new Map<string, MonthCount[]>();
  for (const month of months) {
    const year = month.month.slice(0, 4);
    const list = years.get(year);
    if (list === undefined) years.set(year, [month]);
    else list.push(month);
  }
  return [...years].map(([year, list]) => ({ year, count: sum(list), stretches: stretchesOf(list) }));
}

function stretchesOf(months: readonly MonthCount[]): readonly Stretch[] {
  const found: Stretch[] = [];
  let open: MonthCount[] = [];
  const close = (): void => {
    const [newest] = open;
    const oldest = open.at(-1);
    if (newest !== undefined && oldest !== undefined)
      found.push({ from: oldest.month, to: newest.month, count: sum(open) });
    open = [];
  };
  for (const month of months) {
    if (open.length > 0 && sum(open) + month.count > ABOUT) close();
    open.push(month);
  }
  close();
  return found;
}

const sum = (months: readonly MonthCount[]): number => months.reduce((total, { count }) => total + count, 0);

/** Of the newest years the stretches in which the first `most` entries are, whole; and where what was left out begins. */
export function firstOf(
  years: readonly Year[],
  most: number,
): { readonly years: readonly Year[]; readonly next: Stretch | undefined } {
  const shown: Year[] = [];
  let before = 0;
  for (const year of years) {
    const stretches: Stretch[] = [];
    for (const stretch of year.stretches) {
      if (before >= most) {
        if (stretches.length > 0) shown.push({ ...year, stretches });
        return { years: shown, next: stretch };
      }
      stretches.push(stretch);
      before += stretch.count;
    }
    shown.push({ ...year, stretches });
  }
  return { years: shown, next: undefined };
}

/** How many must be shown so that the year has begun. */
export function countUntil(years: readonly Year[], wanted: string): number {
  let before = 0;
  for (const { year, count } of years) {
    if (year === wanted) return before + 1;
    before += count;
  }
  return before;
}
