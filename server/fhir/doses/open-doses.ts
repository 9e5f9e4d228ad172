// What the routes of doses have in common: who may, in whose record, and the medicines of that record as this asker may see them.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isToBeTaken } from '../../../core/doses/medicine.ts';
import { dayOf, localAt } from '../../../core/doses/local-time.ts';
import type { DoseClock } from '../../../core/doses/plan.ts';
import type { MedicineType } from '../../../core/doses/tick.ts';
import { isMedicineType } from '../../../core/doses/tick.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Standing } from '../../http/acting-for.ts';
import { patientNamed, requireActing } from '../../http/acting-for.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import { heldNow } from '../../storage/authorities.ts';
import type { StoredClock } from '../../storage/dose-plans.ts';
import type { StoredVersion } from '../../storage/resource-store.ts';
import { findResource, listCompartment } from '../../storage/resource-store.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { decideOn, withAuthorities } from '../authorise.ts';

export interface OpenDoses extends Standing {
  readonly context: RequestContext;
}

/** Where nothing was chosen yet, until the device says where it is. */
export const usualZone = 'Asia/Kolkata';
const mostMedicines = 500;

const nothing = () => new ApiError(404, 'not-found', 'There is no such thing, or you may not see it.');

/** Only the person and their guardians: a clinician reads what was recorded, and reminds nobody. @param act `answer`: for a change */
export async function openDoses(
  deps: Deps,
  request: FastifyRequest,
  act: 'read' | 'answer',
): Promise<OpenDoses> {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  const standing = await requireActing(actor, act, patientId, heldNow(deps), 'MedicationAdministration');
  if (standing.decision.rule !== 'self' && standing.decision.rule !== 'guardian') throw nothing();
  const context = await withAuthorities(deps, requireContext(request), [patientId]);
  return { ...standing, context };
}

export interface Medicine {
  readonly ref: string;
  readonly resource: Resource;
  readonly stored: StoredVersion;
}

const refOf = ({ resourceType, resourceId }: StoredVersion): string => `${resourceType}/${resourceId}`;

/** All that this asker may see, standing or not. */
export async function listMedicines(
  deps: Deps,
  { context, patientId }: OpenDoses,
): Promise<readonly Medicine[]> {
  const rows = await listCompartment(deps.db.pool, patientId, mostMedicines, undefined, [
    'MedicationStatement',
    'MedicationRequest',
  ]);
  return rows
    .filter((row) => decideOn(context, 'read', row).allowed)
    .map((stored) => ({ ref: refOf(stored), resource: parseJson(stored.content) as Resource, stored }));
}

/** The medicine that the address names, in this record and for this asker; 404 else. */
export async function requireMedicine(
  deps: Deps,
  { context, patientId }: OpenDoses,
  request: FastifyRequest,
): Promise<Medicine & { readonly type: MedicineType; readonly id: string }> {
  const { type, id } = request.params as { type: string; id: string };
  if (!isMedicineType(type)) throw nothing();
  const stored = await findResource(deps.db.pool, type, id);
  if (stored === undefined || stored.deleted || stored.patientId !== patientId) throw nothing();
  if (!decideOn(context, 'read', stored).allowed) throw nothing();
  return { ref: refOf(stored), resource: parseJson(stored.content) as Resource, stored, type, id };
}

export function clockOf(
  stored: Pick<StoredClock, 'zone' | 'quietFrom' | 'quietUntil'> | undefined,
): DoseClock {
  const { zone = usualZone, quietFrom = null, quietUntil = null } = stored ?? {};
  if (quietFrom === null || quietUntil === null) return { zone };
  return { zone, quiet: { from: quietFrom, until: quietUntil } };
}

export const standsToday = (medicine: Resource, zone: string, nowMs: number): boolean =>
  isToBeTaken(medicine, dayOf(localAt(nowMs, zone)));

export const notKept = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-store');
