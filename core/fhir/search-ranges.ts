// Dates and numbers of a search as tests of stored spans: prefixes and precision as R4 defines them.

import { dateRange } from './dates.ts';
import type { Bound, RangeTest } from './search-condition.ts';
import { SearchError } from './search-error.ts';

const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
type Prefix = (typeof prefixes)[number];

const prefixed = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[-+.\d])/;

function splitPrefix(part: string): [Prefix, string] {
  const found = prefixed.exec(part)?.[1];
  const prefix = prefixes.find((one) => one === found);
  return prefix === undefined ? ['eq', part] : [prefix, part.slice(2)];
}

const bound = (end: Bound['end'], is: Bound['is'], value: number): Bound => ({ end, is, value });

/** `low` to `high` is what is asked for, both ends included. */
function spanTest(prefix: Prefix, low: number, high: number): RangeTest {
  const inside = [bound('low', '>=', low), bound('high', '<=', high)];
  switch (prefix) {
    case 'eq':
      return [inside];
    case 'ne':
      return [[bound('low', '<', low)], [bound('high', '>', high)]];
    case 'gt':
      return [[bound('high', '>', high)]];
    case 'lt':
      return [[bound('low', '<', low)]];
    case 'ge':
      return [[bound('high', '>', high)], inside];
    case 'le':
      return [[bound('low', '<', low)], inside];
    case 'sa':
      return [[bound('low', '>', high)]];
    case 'eb':
      return [[bound('high', '<', low)]];
    case 'ap':
      return [[bound('high', '>=', low), bound('low', '<=', high)]];
  }
}

/** About a date is a tenth of the way between it and now, as R4 recommends. */
const nearby = 0.1;

export interface DateAsked {
  readonly test: RangeTest;
  /** The day asked for, where one day and nothing else is. */
  readonly day?: string;
}

/** @throws SearchError */
export function dateAsked(param: string, part: string, nowMs: number): DateAsked {
  const [prefix, text] = splitPrefix(part);
  // A plus that was not encoded arrives as a space.
  const range = dateRange(text.replace(' ', '+'));
  if (range === undefined) throw new SearchError('search-value-invalid', param);
  const { lowMs, highMs, precision } = range;
  if (prefix === 'ap') {
    const away = Math.round(Math.abs(nowMs - lowMs) * nearby);
    return { test: spanTest('ap', lowMs - away, highMs + away) };
  }
  const test = spanTest(prefix, lowMs, highMs);
  return prefix === 'eq' && precision === 'day' ? { test, day: text } : { test };
}

const numberForm = /^([-+]?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([-+]?\d{1,3}))?$/;

/** For `eq` and `ne` the precision as written counts: 100 is from 99.5 up to but not including 100.5. @throws SearchError */
export function numberTest(param: string, part: string): RangeTest {
  const [prefix, text] = splitPrefix(part);
  const form = numberForm.exec(text);
  const value = Number(text);
  if (form === null || !Number.isFinite(value)) throw new SearchError('search-value-invalid', param);
  switch (prefix) {
    case 'eq':
    case 'ne': {
      const [low, high] = written(form);
      return prefix === 'eq'
        ? [[bound('low', '>=', low), bound('high', '<', high)]]
        : [[bound('low', '<', low)], [bound('high', '>=', high)]];
    }
    case 'ap': {
      const away = Math.abs(value) * nearby;
      return spanTest('ap', value - away, value + away);
    }
    case 'gt':
      return [[bound('high', '>', value)]];
    case 'ge':
      return [[bound('high', '>=', value)]];
    case 'lt':
      return [[bound('low', '<', value)]];
    case 'le':
      return [[bound('low', '<=', value)]];
    case 'sa':
      return [[bound('low', '>', value)]];
    case 'eb':
      return [[bound('high', '<', value)]];
  }
}

/** Half of the last digit either way, in whole numbers: 5.4 starts at 5.35 and not a hair above it. */
function written([, sign = '', whole = '', fraction = '', exponent = '0']: readonly string[]): [
  number,
  number,
] {
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -10n : 10n);
  const scale = Number(exponent) - fraction.length - 1;
  const at = (tenths: bigint): number => Number(`${tenths}e${scale}`);
  return [at(digits - 5n), at(digits + 5n)];
}

/** Two numbers of one element are stored as the ends of one span: the first is tested on its low end, the second on its high end. */
export function pairTest(first: RangeTest, second: RangeTest): RangeTest {
  const onto = (test: RangeTest, end: Bound['end']): Bound[][] =>
    test.map((bounds) => bounds.map((one) => ({ ...one, end })));
  return onto(first, 'low').flatMap((a) => onto(second, 'high').map((b) => [...a, ...b]));
}
