// Medicines with times of day: the doses of a day, ticks, plans, and the days behind in numbers. Each reading is a look, so what a tick
// changed is changed here and not asked for anew.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { instantThere } from '../../core/doses/tick.ts';
import type { DayOfDoses, DoseState } from '../../core/doses/plan.ts';
import { stateOf } from '../../core/doses/plan.ts';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

const DOSES = ['doses'] as const;

export interface DoseTimes {
  readonly times: readonly string[];
  /** Monday is 1; none: every day. */
  readonly days: readonly number[];
  /** `YYYY-MM-DD` */
  readonly begins: string;
  readonly ends?: string;
}
export interface MedicineToTake {
  /** `Type/id` */
  readonly ref: string;
  readonly name: string;
  readonly words?: string;
  /** Written by the person or a guardian. */
  readonly own: boolean;
  readonly plan?: DoseTimes;
}
export interface Dose {
  readonly medicine: string;
  readonly name: string;
  readonly words?: string;
  /** Local time that names it, `2026-11-29T08:00`. */
  readonly dose: string;
  readonly state: DoseState;
  /** With the offset of where it was. */
  readonly tickedAt?: string;
  readonly reason?: string;
}
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}
export interface DosesOfDay {
  readonly zone: string;
  /** Somebody said that the times hold there. */
  readonly zoneIsChosen: boolean;
  readonly quiet?: QuietHours;
  readonly byMail: boolean;
  readonly mayBeMailed: boolean;
  readonly today: string;
  readonly day: string;
  readonly medicines: readonly MedicineToTake[];
  readonly doses: readonly Dose[];
}

/** @param day the current one where none is named */
export function dosesQuery(day?: string) {
  return queryOptions({
    queryKey: [...DOSES, 'day', day ?? ''],
    queryFn: ({ signal }) =>
      get<DosesOfDay>(
        `/api/doses?${new URLSearchParams({ zone: deviceZone(), ...(day === undefined ? {} : { day }) }).toString()}`,
        { signal },
      ),
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
}

export const doseHistoryQuery = queryOptions({
  queryKey: [...DOSES, 'history'],
  queryFn: ({ signal }) => get<{ readonly days: readonly DayOfDoses[] }>('/api/doses/history', { signal }),
  refetchOnWindowFocus: false,
});

export interface TickSent {
  readonly dose: Dose;
  readonly state: 'taken' | 'skipped' | 'open';
  readonly reason?: string;
}

/** @param day as it was asked for */
export function useTickDose(day: string | undefined, zone: string) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: ({ dose, state, reason }: TickSent) =>
      send('PUT', `/api/doses/ticks/${dose.medicine}/${dose.dose}`, {
        state,
        ...(reason === undefined || reason === '' ? {} : { reason }),
      }),
    onSuccess: async (_done, { dose, state, reason }) => {
      const nowMs = Date.now();
      queries.setQueryData(dosesQuery(day).queryKey, (before: DosesOfDay | undefined) =>
        before === undefined
          ? before
          : {
              ...before,
              doses: before.doses.map((one): Dose => {
                if (one.medicine !== dose.medicine || one.dose !== dose.dose) return one;
                const { tickedAt: _at, reason: _why, ...rest } = one;
                if (state === 'open') return { ...rest, state: stateOf(one.dose, zone, undefined, nowMs) };
                return {
                  ...rest,
                  state,
                  tickedAt: instantThere(nowMs, zone),
                  ...(reason === undefined || reason === '' ? {} : { reason }),
                };
              }),
            },
      );
      await queries.invalidateQueries({ queryKey: doseHistoryQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ['notices'] });
    },
  });
}

function useChange<Input>(act: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: DOSES }),
  });
}

/** No times: no reminders any more. */
export const usePlan = (ref: string) =>
  useChange((plan: (DoseTimes & { readonly zone: string }) | undefined) =>
    plan === undefined
      ? send('DELETE', `/api/doses/plans/${ref}`)
      : send('PUT', `/api/doses/plans/${ref}`, plan),
  );

export const useDoseSettings = () =>
  useChange((settings: { readonly zone: string; readonly quiet?: QuietHours; readonly byMail: boolean }) =>
    send('PUT', '/api/doses/settings', settings),
  );

/** Where the device is, by its own clock. */
export const deviceZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
