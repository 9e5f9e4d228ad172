// The terms under which somebody asks to be let into a record: what, what for, how long. Read from what was sent, bounded, never widened.
import { isJsonObject } from '../fhir/json.ts';
import type { JsonValue } from '../fhir/types.ts';
import type { Coverage } from './authority.ts';
import { type Category, categories as allCategories } from './categories.ts';

/** v3-ActReason codes that a clinician may name. */
export const purposes = ['TREAT', 'ETREAT', 'CAREMGT', 'COC', 'HPAYMT', 'PATRQT', 'FAMRQT'] as const;
export type Purpose = (typeof purposes)[number];

export interface Terms {
  coverage: Coverage;
  /** May hand on what they see. */
  share: boolean;
  /** May also write, for at most half an hour after the code or the approval. */
  writing: boolean;
  purpose: Purpose;
  durationMs: number;
}

const dayMs = 86_400_000;
export const longestMs = 366 * dayMs;
export const shortestMs = 60_000;
/** How long a clinician may write after being let in. */
export const editMs = 30 * 60_000;
const mostEntries = 200;

export type TermsProblem = { field: 'scope' | 'purpose' | 'duration'; code: string };

/**
 * Reads `{ scope, purpose, duration }`. `scope` is the word `whole`, or an object with `categories`, `entries`, `sealed`,
 * `knowsSealed`, `share`, `write`; `duration` is ISO 8601 in weeks, days, hours and minutes, as `P30D` or `PT2H`.
 */
export function readTerms(sent: {
  scope: JsonValue;
  purpose: JsonValue;
  duration: JsonValue;
}): Terms | TermsProblem {
  const { scope, purpose } = sent;
  const known = purposes.find((one) => one === purpose);
  if (known === undefined) return { field: 'purpose', code: 'unknown' };
  const durationMs = typeof sent.duration === 'string' ? readDuration(sent.duration) : undefined;
  if (durationMs === undefined) return { field: 'duration', code: 'malformed' };
  if (durationMs < shortestMs || durationMs > longestMs) return { field: 'duration', code: 'out-of-bounds' };
  const terms = { purpose: known, durationMs };
  if (scope === 'whole') return { ...terms, coverage: { sealed: false }, share: false, writing: false };
  if (!isJsonObject(scope)) return { field: 'scope', code: 'malformed' };
  const {
    categories,
    entries,
    sealed = false,
    knowsSealed = false,
    share = false,
    write: writing = false,
    ...rest
  } = scope;
  // What is not known is refused: it might have been meant to narrow.
  if (Object.keys(rest).length > 0) return { field: 'scope', code: 'unknown-member' };
  if (typeof knowsSealed !== 'boolean') return { field: 'scope', code: 'malformed' };
  // Of single parts the word that something of them is sealed would say too much.
  if (knowsSealed && (categories !== undefined || entries !== undefined))
    return { field: 'scope', code: 'knows-sealed' };
  if (typeof sealed !== 'boolean' || typeof share !== 'boolean' || typeof writing !== 'boolean')
    return { field: 'scope', code: 'malformed' };
  const chosen = categories === undefined ? undefined : readCategories(categories);
  if (categories !== undefined && chosen === undefined) return { field: 'scope', code: 'categories' };
  const single = entries === undefined ? undefined : readEntries(entries);
  if (entries !== undefined && single === undefined) return { field: 'scope', code: 'entries' };
  const coverage = {
    ...(chosen ? { categories: chosen } : {}),
    ...(single ? { entries: single } : {}),
    sealed,
    ...(knowsSealed && !sealed ? { knowsSealed } : {}),
  };
  return { ...terms, coverage, share, writing };
}

export function isTermsProblem(read: Terms | TermsProblem): read is TermsProblem {
  return 'field' in read;
}

/** Milliseconds of an ISO 8601 duration in whole weeks, days, hours and minutes; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const [, weeks, days, hours, minutes] =
    /^P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?$/.exec(text) ?? [];
  if (weeks === undefined && days === undefined && hours === undefined && minutes === undefined)
    return undefined;
  const [w, d, h, m] = [weeks, days, hours, minutes].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (w * 7 + d) * dayMs + h * 3_600_000 + m * 60_000;
}

function readCategories(value: JsonValue): Category[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > allCategories.length) return undefined;
  const read = value.map((one) => allCategories.find((category) => category === one));
  return read.every((one) => one !== undefined) ? [...new Set(read)] : undefined;
}

function readEntries(value: JsonValue): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostEntries) return undefined;
  const read = value.filter(
    (one): one is string => typeof one === 'string' && /^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64}$/.test(one),
  );
  return read.length === value.length ? [...new Set(read)] : undefined;
}

/** What both hold: an answer may narrow what was asked for, never widen it. Undefined when nothing is left. */
export function narrowCoverage(asked: Coverage, answered: Coverage): Coverage | undefined {
  const sealed = asked.sealed && answered.sealed;
  const categories = both(asked.categories, answered.categories, asked, answered);
  const entries = both(asked.entries, answered.entries, asked, answered);
  if (categories?.length === 0 && (entries === undefined || entries.length === 0)) return undefined;
  if (entries?.length === 0 && categories === undefined) return undefined;
  const whole = categories === undefined && entries === undefined;
  // Nobody asks for it: the owner says it with the answer.
  const knowsSealed = whole && !sealed && answered.knowsSealed === true;
  return {
    ...(categories ? { categories } : {}),
    ...(entries ? { entries } : {}),
    sealed,
    ...(knowsSealed ? { knowsSealed } : {}),
  };
}

/** Whether everything that is asked for lies within what was allowed. */
export function withinCoverage(allowed: Coverage, asked: Coverage): boolean {
  if (asked.sealed && !allowed.sealed) return false;
  if (allowed.categories === undefined && allowed.entries === undefined) return true;
  if (asked.categories === undefined && asked.entries === undefined) return false;
  return (
    (asked.categories ?? []).every((one) => allowed.categories?.includes(one) === true) &&
    (asked.entries ?? []).every((one) => allowed.entries?.includes(one) === true)
  );
}

/** One kind of parts: where one side covers the whole record, the other side's choice stands. */
function both<One>(
  asked: readonly One[] | undefined,
  answered: readonly One[] | undefined,
  askedAll: Coverage,
  answeredAll: Coverage,
): readonly One[] | undefined {
  const isWhole = ({ categories, entries }: Coverage) => categories === undefined && entries === undefined;
  if (isWhole(askedAll)) return answered;
  if (isWhole(answeredAll)) return asked;
  if (asked === undefined && answered === undefined) return undefined;
  return (asked ?? []).filter((one) => (answered ?? []).includes(one));
}
