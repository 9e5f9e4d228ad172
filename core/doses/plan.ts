// When a medicine is to be taken, when a reminder of it is due, and what became of each dose. A dose is named by its local time: it keeps
// that name when its person travels, so that it is not asked for twice.
import type { LocalTime } from './local-time.ts';
import { dayAfter, dayOf, instantOf, localAt, timeOf, weekdayOf } from './local-time.ts';

export const mostTimes = 12;
export const mostPlans = 40;
/** After so long a reminder is not sent any more: the dose stands as not ticked. */
export const remindedForMs = 60 * 60_000;
/** As long a dose counts as due; then it is late. */
const dueForMs = 60 * 60_000;
/** Days after which a dose can no longer be ticked. */
export const tickedForDays = 7;

export interface DosePlan {
  /** `HH:MM`, in order, each once. */
  readonly times: readonly string[];
  /** Monday is 1; none: every day. */
  readonly days: readonly number[];
  /** `YYYY-MM-DD`, first and last. */
  readonly begins: string;
  readonly ends?: string;
  /** Local times from which on and before which this plan holds: a change makes another plan. */
  readonly from: LocalTime;
  readonly until?: LocalTime;
}

export interface DoseClock {
  readonly zone: string;
  /** `HH:MM`: between them nobody is reminded; a dose in them is spoken of at their end. */
  readonly quiet?: { readonly from: string; readonly until: string };
}

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAfter(text, 0) === text;

/** A local time that names a dose. */
export const isDoseTime = (text: string): boolean =>
  isDay(dayOf(text)) && /^.{10}T/.test(text) && isTime(text.slice(11));

export type PlanField = 'times' | 'days' | 'begins' | 'ends';

/** The fields that cannot be so. */
export function planProblems(
  plan: Pick<DosePlan, 'times' | 'days' | 'begins' | 'ends'>,
): readonly PlanField[] {
  const { times, days, begins, ends } = plan;
  const wrong: PlanField[] = [];
  if (
    times.length === 0 ||
    times.length > mostTimes ||
    new Set(times).size < times.length ||
    !times.every(isTime)
  )
    wrong.push('times');
  if (
    days.length > 7 ||
    new Set(days).size < days.length ||
    days.some((day) => !Number.isInteger(day) || day < 1 || day > 7)
  )
    wrong.push('days');
  if (!isDay(begins)) wrong.push('begins');
  if (ends !== undefined && (!isDay(ends) || ends < begins)) wrong.push('ends');
  return wrong;
}

export function clockProblem(clock: { from: string; until: string }): boolean {
  return !isTime(clock.from) || !isTime(clock.until) || clock.from === clock.until;
}

/** The doses of one day by their local times, in order. */
export function dosesOn(plan: DosePlan, day: string): readonly LocalTime[] {
  const { days, begins, ends, from, until, times } = plan;
  if (day < begins || (ends !== undefined && day > ends)) return [];
  if (days.length > 0 && !days.includes(weekdayOf(day))) return [];
  return times
    .map((time) => `${day}T${time}`)
    .filter((dose) => dose >= from && (until === undefined || dose < until));
}

/** When a reminder of this dose may come at the earliest. */
export function remindAt(dose: LocalTime, { zone, quiet }: DoseClock): number {
  const due = instantOf(dose, zone);
  if (quiet === undefined) return due;
  const { from, until } = quiet;
  const time = timeOf(dose);
  const overNight = from > until;
  const isQuiet = overNight ? time >= from || time < until : time >= from && time < until;
  if (!isQuiet) return due;
  const day = overNight && time >= from ? dayAfter(dayOf(dose)) : dayOf(dose);
  return Math.max(due, instantOf(`${day}T${until}`, zone));
}

/** The first reminder of a dose after this one; undefined where none will come. */
export function nextReminder(
  plans: readonly DosePlan[],
  clock: DoseClock,
  after: LocalTime,
): number | undefined {
  let next: number | undefined;
  for (const plan of plans) {
    if (plan.until !== undefined) continue;
    const first = [dayOf(after), plan.begins, dayOf(plan.from)].toSorted().at(-1) ?? plan.begins;
    // A week holds every day of the week; one day more, because of the first it may be too late.
    for (let ahead = 0; ahead <= 7; ahead++) {
      const dose = dosesOn(plan, dayAfter(first, ahead)).find((one) => one > after);
      if (dose === undefined) continue;
      const at = remindAt(dose, clock);
      next = next === undefined ? at : Math.min(next, at);
      break;
    }
  }
  return next;
}

/** Days that are looked back for doses of which nobody was reminded: what is older is over. */
const lookedBackDays = 2;

/** Doses after `after` whose reminder is due by now, each as `[plan, dose]`; and up to where all is settled. */
export function dueReminders<Plan extends DosePlan>(
  plans: readonly Plan[],
  clock: DoseClock,
  after: LocalTime,
  nowMs: number,
): { readonly due: readonly (readonly [Plan, LocalTime])[]; readonly settled: LocalTime } {
  const now = localAt(nowMs, clock.zone);
  const oldest = dayAfter(dayOf(now), -lookedBackDays);
  const first = dayOf(after) > oldest ? dayOf(after) : oldest;
  const due: (readonly [Plan, LocalTime])[] = [];
  let settled = after > `${oldest}T00:00` ? after : `${oldest}T00:00`;
  for (let day = first; day <= dayOf(now); day = dayAfter(day))
    for (const plan of plans)
      for (const dose of dosesOn(plan, day)) {
        if (dose <= after || remindAt(dose, clock) > nowMs) continue;
        due.push([plan, dose]);
        if (dose > settled) settled = dose;
      }
  return { due, settled };
}

/** Whether a reminder of this dose still helps. */
export function stillHelps(dose: LocalTime, clock: DoseClock, nowMs: number): boolean {
  return nowMs - remindAt(dose, clock) <= remindedForMs;
}

export type DoseState = 'taken' | 'skipped' | 'later' | 'due' | 'late';

export function stateOf(
  dose: LocalTime,
  zone: string,
  tick: 'taken' | 'skipped' | undefined,
  nowMs: number,
): DoseState {
  if (tick !== undefined) return tick;
  const at = instantOf(dose, zone);
  if (nowMs < at) return 'later';
  return nowMs < at + dueForMs ? 'due' : 'late';
}

export interface DayOfDoses {
  readonly day: string;
  /** Whose time has come. */
  readonly planned: number;
  readonly taken: number;
  readonly skipped: number;
}

/**
 * What became of the doses of each day, the first first.
 * @param ticks by `medicine dose`, as `keyOf` of a plan writes it
 */
export function countDays<Plan extends DosePlan>(
  plans: readonly Plan[],
  keyOf: (plan: Plan, dose: LocalTime) => string,
  ticks: ReadonlyMap<string, { readonly dose: LocalTime; readonly state: 'taken' | 'skipped' }>,
  { from, to, zone, nowMs }: { from: string; to: string; zone: string; nowMs: number },
): readonly DayOfDoses[] {
  const now = localAt(nowMs, zone);
  const ticked = Map.groupBy(ticks.entries(), ([, { dose }]) => dayOf(dose));
  const days: DayOfDoses[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) {
    const doses = new Set(
      plans.flatMap((plan) =>
        dosesOn(plan, day)
          .filter((dose) => dose <= now)
          .map((dose) => keyOf(plan, dose)),
      ),
    );
    const done = ticked.get(day) ?? [];
    // What was ticked counts, also where the plan has changed since or the dose was taken before its time.
    for (const [key] of done) doses.add(key);
    const count = (state: 'taken' | 'skipped') => done.filter(([, tick]) => tick.state === state).length;
    days.push({ day, planned: doses.size, taken: count('taken'), skipped: count('skipped') });
  }
  return days;
}
