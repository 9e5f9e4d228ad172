// The doses of a day with what became of them, and the days of some weeks as numbers. Each answer is a look.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayAfter, dayOf, instantOf, isZone, localAt } from '../../../core/doses/local-time.ts';
import { doseWords } from '../../../core/doses/medicine.ts';
import { countDays, dosesOn, stateOf, tickedForDays } from '../../../core/doses/plan.ts';
import type { Tick } from '../../../core/doses/tick.ts';
import { medicineName, readTick } from '../../../core/doses/tick.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { StoredPlan } from '../../storage/dose-plans.ts';
import { findDoseClock, listDosePlans, listTicks } from '../../storage/dose-plans.ts';
import type { StoredVersion } from '../../storage/resource-store.ts';
import { decideOn } from '../authorise.ts';
import { recordLooksAtPeople } from '../looks.ts';
import type { OpenDoses } from './open-doses.ts';
import { clockOf, listMedicines, notKept, openDoses, standsToday } from './open-doses.ts';
import { isOwn } from './plans.ts';

const shownWeeks = 8;
const refOf = ({ medicineType, medicineId }: StoredPlan): string => `${medicineType}/${medicineId}`;
const keyOf = (medicine: string, dose: string): string => `${medicine} ${dose}`;

async function ticksOf(
  deps: Deps,
  { context, patientId }: OpenDoses,
  from: string,
  to: string,
): Promise<{ readonly rows: readonly StoredVersion[]; readonly ticks: ReadonlyMap<string, Tick> }> {
  const stored = await listTicks(deps.db.pool, patientId, from, to);
  const rows = stored.filter((row) => decideOn(context, 'read', row).allowed);
  const ticks = rows.flatMap((row): [string, Tick][] => {
    const tick = readTick(parseJson(row.content) as Resource);
    return tick?.state === undefined ? [] : [[keyOf(tick.medicine, tick.dose), tick]];
  });
  return { rows, ticks: new Map(ticks) };
}

/** `GET /api/doses?patient=&day=&zone=`: settings, the medicines that are to be taken with their plans, the doses of the day in order. */
export const getDoses = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const standing = await openDoses(deps, request, 'read');
  const { patientId, context, decision } = standing;
  const nowMs = deps.now();
  const stored = await findDoseClock(deps.db.pool, patientId);
  const { day: asked, zone: here } = request.query as { day?: string; zone?: string };
  // Before anything was chosen it is the day where the device is.
  const clock =
    stored === undefined && typeof here === 'string' && isZone(here) ? { zone: here } : clockOf(stored);
  const { zone } = clock;
  const today = dayOf(localAt(nowMs, zone));
  const day = asked ?? today;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day > today || day < dayAfter(today, -tickedForDays))
    throw new ApiError(422, 'dose-day', 'A dose of today or of the last seven days can be ticked.');
  const [medicines, plans, { rows, ticks }] = await Promise.all([
    listMedicines(deps, standing),
    listDosePlans(deps.db.pool, patientId, `${day}T00:00`),
    ticksOf(deps, standing, day, day),
  ]);
  const taken = medicines.filter(({ resource }) => standsToday(resource, zone, nowMs));
  const known = new Map(medicines.map((one) => [one.ref, one]));
  const standingRefs = new Set(taken.map(({ ref }) => ref));
  const doses = plans.flatMap((plan) => {
    const ref = refOf(plan);
    const medicine = known.get(ref);
    if (medicine === undefined) return [];
    return dosesOn(plan, day).flatMap((dose) => {
      const tick = ticks.get(keyOf(ref, dose));
      // What was stopped is not asked for; what was ticked stays visible.
      if (tick === undefined && !standingRefs.has(ref)) return [];
      const words = doseWords(medicine.resource);
      return {
        medicine: ref,
        name: medicineName(medicine.resource) ?? '',
        ...(words === undefined ? {} : { words }),
        dose,
        at: new Date(instantOf(dose, zone)).toISOString(),
        state: stateOf(dose, zone, tick?.state, nowMs),
        ...(tick === undefined
          ? {}
          : { tickedAt: tick.at, ...(tick.reason === undefined ? {} : { reason: tick.reason }) }),
      };
    });
  });
  const shown = [...taken.map((one) => one.stored), ...rows];
  await recordLooksAtPeople(
    deps,
    context,
    shown,
    { event: 'search', basis: decision.rule, query: 'doses of a day' },
    patientId,
  );
  return notKept(reply).send({
    zone,
    zoneIsChosen: stored !== undefined,
    ...(clock.quiet === undefined ? {} : { quiet: clock.quiet }),
    byMail: stored?.byMail ?? false,
    mayBeMailed: deps.messenger.sendReminder !== undefined,
    today,
    day,
    medicines: taken.map(({ ref, resource }) => {
      const plan = plans.find((one) => one.until === undefined && refOf(one) === ref);
      const words = doseWords(resource);
      return {
        ref,
        name: medicineName(resource) ?? '',
        ...(words === undefined ? {} : { words }),
        own: isOwn(resource),
        ...(plan === undefined
          ? {}
          : {
              plan: {
                times: plan.times,
                days: plan.days,
                begins: plan.begins,
                ...(plan.ends === undefined ? {} : { ends: plan.ends }),
              },
            }),
      };
    }),
    doses: doses.toSorted((a, b) => (a.dose + a.name < b.dose + b.name ? -1 : 1)),
  });
};

/** `GET /api/doses/history?patient=`: each day of eight weeks, whole weeks from Monday on, `{ days: [{day, planned, taken, skipped}] }`. */
export const getDoseHistory = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const standing = await openDoses(deps, request, 'read');
  const { patientId, context, decision } = standing;
  const nowMs = deps.now();
  const { zone } = clockOf(await findDoseClock(deps.db.pool, patientId));
  const to = dayOf(localAt(nowMs, zone));
  const monday = dayAfter(to, -((new Date(`${to}T00:00:00Z`).getUTCDay() + 6) % 7));
  const from = dayAfter(monday, -7 * (shownWeeks - 1));
  const [medicines, plans, { rows, ticks }] = await Promise.all([
    listMedicines(deps, standing),
    listDosePlans(deps.db.pool, patientId, `${from}T00:00`),
    ticksOf(deps, standing, from, to),
  ]);
  const seen = new Set(medicines.map(({ ref }) => ref));
  const counted = new Map(
    [...ticks].flatMap(([key, { dose, state }]) =>
      state === undefined ? [] : [[key, { dose, state }] as const],
    ),
  );
  await recordLooksAtPeople(
    deps,
    context,
    rows,
    { event: 'search', basis: decision.rule, query: 'doses of some weeks' },
    patientId,
  );
  return notKept(reply).send({
    days: countDays(
      plans.filter((plan) => seen.has(refOf(plan))),
      (plan, dose) => keyOf(refOf(plan), dose),
      counted,
      { from, to, zone, nowMs },
    ),
  });
};
