// Saying that a dose was taken or left out, and taking that back. A tick is a resource of the record and passes the path of every write.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { dayAfter, dayOf, instantOf, localAt } from '../../../core/doses/local-time.ts';
import { isDoseTime, tickedForDays } from '../../../core/doses/plan.ts';
import type { Tick } from '../../../core/doses/tick.ts';
import { instantThere, longestReason, readTick, tickId, tickResource } from '../../../core/doses/tick.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { findDoseClock, readDoseNotices } from '../../storage/dose-plans.ts';
import { findResource } from '../../storage/resource-store.ts';
import { VersionConflictError } from '../../storage/write-batch.ts';
import { applyWrites } from '../apply-writes.ts';
import { clockOf, openDoses, requireMedicine } from './open-doses.ts';

/** Two devices at once: the second sees what the first wrote. */
const tries = 4;

/** `PUT /api/doses/ticks/:type/:id/:dose {state, reason?}`; the dose is a local time as `2026-11-29T08:00`. 204, also a second time. */
export function putTick(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 4096,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['state'],
        properties: {
          state: { type: 'string', enum: ['taken', 'skipped', 'open'] },
          reason: { type: 'string', maxLength: longestReason },
        },
      },
    },
    async handler(request, reply) {
      const standing = await openDoses(deps, request, 'answer');
      const medicine = await requireMedicine(deps, standing, request);
      const { dose } = request.params as { dose: string };
      const { state, reason } = request.body as { state: 'taken' | 'skipped' | 'open'; reason?: string };
      const { patientId, context, actor } = standing;
      const { zone } = clockOf(await findDoseClock(deps.db.pool, patientId));
      const today = dayOf(localAt(deps.now(), zone));
      if (!isDoseTime(dose) || dayOf(dose) > today || dayOf(dose) < dayAfter(today, -tickedForDays))
        throw new ApiError(422, 'dose-day', 'A dose of today or of the last seven days can be ticked.');
      const id = tickId(patientId, medicine.ref, dose);
      const words = reason?.trim() ?? '';
      for (let attempt = 1; ; attempt++) {
        const stored = await findResource(deps.db.pool, 'MedicationAdministration', id);
        const stands = stored !== undefined && !stored.deleted;
        const before = stands ? readTick(parseJson(stored.content) as Resource) : undefined;
        const wanted = state === 'open' ? undefined : state;
        const same =
          before?.state === wanted && (before?.reason ?? '') === (wanted === 'skipped' ? words : '');
        if (same) break;
        const at = wanted === 'taken' ? deps.now() : instantOf(dose, zone);
        const tick: Tick = {
          medicine: medicine.ref,
          dose,
          state: wanted,
          at: wanted === undefined && before !== undefined ? before.at : instantThere(at, zone),
          ...(words === '' ? {} : { reason: words }),
        };
        const resource = tickResource(tick, medicine.resource, { patientId, id });
        try {
          await applyWrites(deps, context, [
            {
              method: stored === undefined ? 'create' : 'update',
              type: 'MedicationAdministration',
              id,
              resource,
              ...(stored === undefined ? {} : { ifMatch: stored.version }),
            },
          ]);
          break;
        } catch (error) {
          const raced =
            error instanceof VersionConflictError || (error instanceof ApiError && error.status === 412);
          if (!raced || attempt === tries) throw error;
        }
      }
      await readDoseNotices(deps.db.pool, [patientId, actor.patientId], patientId, deps.now());
      return reply.code(204).send();
    },
  };
}
