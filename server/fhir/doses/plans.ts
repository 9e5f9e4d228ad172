// Setting and ending reminders of one medicine, and when nobody is reminded. Each is an entry of the person's chain. The times of a
// statement of the person's own are also its dosage; a prescription stays as its doctor wrote it.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { dayAfter, dayOf, isZone, localAt } from '../../../core/doses/local-time.ts';
import { withTimes } from '../../../core/doses/medicine.ts';
import type { DosePlan } from '../../../core/doses/plan.ts';
import { clockProblem, mostPlans, nextReminder, planProblems } from '../../../core/doses/plan.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import type { StatementEvent } from '../../../core/ledger/statement.ts';
import { ApiError } from '../../errors.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { Deps } from '../../http/deps.ts';
import type { StoredClock } from '../../storage/dose-plans.ts';
import {
  endDosePlan,
  findDoseClock,
  insertDosePlan,
  listDosePlans,
  saveDoseClock,
} from '../../storage/dose-plans.ts';
import { lockPerson } from '../../storage/erasure.ts';
import { authorSystem } from '../../storage/prepare-version.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { sealEntry } from '../../storage/sealed-entry.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { writeBatch } from '../../storage/write-batch.ts';
import { applyWrites } from '../apply-writes.ts';
import type { Medicine, OpenDoses } from './open-doses.ts';
import { clockOf, openDoses, requireMedicine, standsToday } from './open-doses.ts';

type Times = Pick<DosePlan, 'times' | 'days' | 'begins' | 'ends'>;

/** Weeks of former plans that are kept, for the days that are shown. */
const keptDays = 120;

const zoneBody = { type: 'string', maxLength: 64 };
const timeBody = { type: 'string', maxLength: 5 };

function wrong(fields: readonly string[]): ApiError {
  return new ApiError(422, 'doses-wrong', 'Some of this cannot be so. Nothing was saved.', {
    fields: fields.map((field) => ({ field, code: 'out-of-range' })),
  });
}

function entryFor(
  deps: Deps,
  request: FastifyRequest,
  { patientId, who, decision }: OpenDoses,
  event: StatementEvent,
  more: Pick<Parameters<typeof sealEntry>[1], 'on' | 'detail'>,
): SealedEntry {
  return sealEntry(
    patientId,
    {
      event,
      outcome: 'done',
      who,
      basis: decision.rule,
      purpose: decision.rule === 'guardian' ? 'FAMRQT' : 'PATRQT',
      agent: agentFamily(request.headers['user-agent']),
      ...more,
    },
    deps,
  );
}

/** The clock after a change of plans or of itself. Whoever asks holds the person's row. */
async function setClock(
  client: Queryable,
  deps: Deps,
  standing: OpenDoses,
  entryId: string,
  change: (
    before: StoredClock | undefined,
  ) => Pick<StoredClock, 'zone' | 'quietFrom' | 'quietUntil' | 'byMail'>,
): Promise<void> {
  const { patientId, actor } = standing;
  const before = await findDoseClock(client, patientId, true);
  const after = change(before);
  const now = localAt(deps.now(), after.zone);
  // What was settled before its person flew west stays settled.
  const settled = before?.settled ?? now;
  const plans = await listDosePlans(client, patientId);
  await saveDoseClock(client, {
    patientId,
    ...after,
    setBy: actor.accountId,
    entryId,
    settled,
    nextAtMs: nextReminder(plans, clockOf(after), settled),
  });
}

const unchanged = (zone: string) => (before: StoredClock | undefined) =>
  before ?? { zone, quietFrom: null, quietUntil: null, byMail: false };

/** `PUT /api/doses/plans/:type/:id {times, days, begins, ends?, zone}`: from now on. 204. */
export function putPlan(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 4096,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['times', 'days', 'begins', 'zone'],
        properties: {
          times: { type: 'array', maxItems: 24, items: timeBody },
          days: { type: 'array', maxItems: 7, items: { type: 'integer' } },
          begins: { type: 'string', maxLength: 10 },
          ends: { type: 'string', maxLength: 10 },
          zone: zoneBody,
        },
      },
    },
    async handler(request, reply) {
      const standing = await openDoses(deps, request, 'answer');
      const medicine = await requireMedicine(deps, standing, request);
      const { zone, ...sent } = request.body as Times & { zone: string };
      const times: Times = {
        ...sent,
        times: sent.times.toSorted(),
        days: sent.days.toSorted((a, b) => a - b),
      };
      const problems = [...planProblems(times), ...(isZone(zone) ? [] : ['zone'])];
      if (problems.length > 0) throw wrong(problems);
      if (!standsToday(medicine.resource, zone, deps.now()))
        throw new ApiError(409, 'not-taken', 'This medicine is not one that is to be taken now.');
      const { type, id } = medicine;
      const { patientId } = standing;
      const entry = entryFor(deps, request, standing, 'dose-plan', {
        on: { type, id },
        detail: {
          times: times.times.join(' '),
          begins: times.begins,
          ...(times.days.length === 0 ? {} : { days: times.days.join(' ') }),
          ...(times.ends === undefined ? {} : { ends: times.ends }),
        },
      });
      await change(deps, standing, medicine, times, async (client) => {
        const clock = await findDoseClock(client, patientId, true);
        const from = localAt(deps.now(), clock?.zone ?? zone);
        await endDosePlan(client, keyOf(patientId, medicine), from, dayAfter(dayOf(from), -keptDays));
        if ((await listDosePlans(client, patientId)).length >= mostPlans)
          throw new ApiError(409, 'too-many-plans', 'There are as many reminders as one record can have.');
        await insertDosePlan(client, {
          ...keyOf(patientId, medicine),
          planId: uuidV7(deps.now(), deps.randomBytes),
          ...times,
          from,
        });
        await setClock(client, deps, standing, entry.entryId, unchanged(zone));
        return entry;
      });
      return reply.code(204).header('ledger-entry', entry.entryId).send();
    },
  };
}

/** `DELETE /api/doses/plans/:type/:id`: no reminders from now on; what was ticked stays. 204, also where there were none. */
export function deletePlan(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const standing = await openDoses(deps, request, 'answer');
      const medicine = await requireMedicine(deps, standing, request);
      const { patientId } = standing;
      const stands = (await listDosePlans(deps.db.pool, patientId)).some(
        ({ medicineType, medicineId }) => medicineType === medicine.type && medicineId === medicine.id,
      );
      if (!stands) return reply.code(204).send();
      const { type, id } = medicine;
      const entry = entryFor(deps, request, standing, 'dose-plan-end', { on: { type, id } });
      await change(deps, standing, medicine, undefined, async (client) => {
        const clock = await findDoseClock(client, patientId, true);
        const until = localAt(deps.now(), clockOf(clock).zone);
        await endDosePlan(client, keyOf(patientId, medicine), until, dayAfter(dayOf(until), -keptDays));
        await setClock(client, deps, standing, entry.entryId, unchanged(clockOf(clock).zone));
        return entry;
      });
      return reply.code(204).header('ledger-entry', entry.entryId).send();
    },
  };
}

/** `PUT /api/doses/settings {zone, quiet?, byMail}`: where the times hold, and when nobody is reminded. 204. */
export function putDoseSettings(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 4096,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['zone', 'byMail'],
        properties: {
          zone: zoneBody,
          quiet: {
            type: 'object',
            additionalProperties: false,
            required: ['from', 'until'],
            properties: { from: timeBody, until: timeBody },
          },
          byMail: { type: 'boolean' },
        },
      },
    },
    async handler(request, reply) {
      const standing = await openDoses(deps, request, 'answer');
      const { zone, quiet, byMail } = request.body as {
        zone: string;
        quiet?: { from: string; until: string };
        byMail: boolean;
      };
      const problems = [
        ...(isZone(zone) ? [] : ['zone']),
        ...(quiet !== undefined && clockProblem(quiet) ? ['quiet'] : []),
      ];
      if (problems.length > 0) throw wrong(problems);
      const entry = entryFor(deps, request, standing, 'dose-settings', {
        detail: {
          zone,
          byMail,
          ...(quiet === undefined ? {} : { quiet: `${quiet.from}-${quiet.until}` }),
        },
      });
      await inTransaction(deps.db.pool, async (client) => {
        await lockPerson(client, standing.patientId);
        await setClock(client, deps, standing, entry.entryId, () => ({
          zone,
          quietFrom: quiet?.from ?? null,
          quietUntil: quiet?.until ?? null,
          byMail,
        }));
        await writeBatch(client, { versions: [], entries: [entry] });
      });
      return reply.code(204).header('ledger-entry', entry.entryId).send();
    },
  };
}

const keyOf = (patientId: string, { type, id }: Awaited<ReturnType<typeof requireMedicine>>) => ({
  patientId,
  medicineType: type,
  medicineId: id,
});

/** The plan's rows, its entry and, where the person wrote the statement, its new timing: all or none. */
async function change(
  deps: Deps,
  { context, patientId }: OpenDoses,
  { resource, stored }: Medicine,
  times: Times | undefined,
  rows: (client: Queryable) => Promise<SealedEntry>,
): Promise<void> {
  // The person's row before the clock's: whoever sets the first one has none yet to wait for.
  const locked = async (client: Queryable): Promise<readonly SealedEntry[]> => {
    await lockPerson(client, patientId);
    return [await rows(client)];
  };
  const timed = isOwn(resource) ? withTimes(resource, times) : resource;
  if (JSON.stringify(timed) === JSON.stringify(resource)) {
    await inTransaction(deps.db.pool, async (client) =>
      writeBatch(client, { versions: [], entries: await locked(client) }),
    );
    return;
  }
  await applyWrites(
    deps,
    context,
    [
      {
        method: 'update',
        type: stored.resourceType,
        id: stored.resourceId,
        resource: timed,
        ifMatch: stored.version,
      },
    ],
    { afterwards: locked },
  );
}

/** A statement that the person or a guardian wrote. */
export function isOwn(resource: Resource): boolean {
  if (resource.resourceType !== 'MedicationStatement') return false;
  const tags = (resource['meta'] as { tag?: { system?: unknown; code?: unknown }[] } | undefined)?.tag ?? [];
  const author = tags.find(({ system }) => system === authorSystem)?.code;
  return author === 'patient' || author === 'guardian';
}
