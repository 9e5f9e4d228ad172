// Rules that several handlers of this room ask: who may not decide alone, and that nobody is left without a guardian.
import { ApiError } from '../errors.ts';
import type { Standing } from '../http/acting-for.ts';
import { noticeBeforeMs } from '../../core/access/majority.ts';
import type { Guardianship } from '../storage/guardians.ts';
import { findAccountOfPatient, findMajority } from '../storage/guardians.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { GuardiansRoom } from './guardians-room.ts';

/** Somebody under age does not choose their guardians alone; in the last ninety days they decide together with them. */
export async function requireNotMinor(room: GuardiansRoom, { actor, patientId }: Standing): Promise<void> {
  if (actor.patientId !== patientId) return;
  const majority = await findMajority(room.db.pool, patientId);
  const nowMs = room.now();
  if (majority === undefined || nowMs >= majority.getTime() - noticeBeforeMs) return;
  throw new ApiError(
    403,
    'not-of-age',
    'Until shortly before you come of age your guardians decide who they are.',
  );
}

/** Under the lock of the person: whoever cannot sign in, or is not of age, keeps one guardian who manages. */
export async function requireAnotherManager(
  client: Queryable,
  patientId: string,
  guardians: readonly Guardianship[],
  leaving: string,
  nowMs: number,
): Promise<void> {
  const others = guardians.filter(({ authorityId, level }) => authorityId !== leaving && level === 'manage');
  if (others.length > 0) return;
  const majority = await findMajority(client, patientId);
  const ofAge = majority === undefined || majority.getTime() <= nowMs;
  if (ofAge && (await findAccountOfPatient(client, patientId))) return;
  throw new ApiError(
    409,
    'last-guardian',
    'Somebody must look after this record. Invite another guardian who manages it first.',
  );
}

/** Reads a last instant; undefined for none. Throws 422 for one that is past or no time. */
export function requireUntil(until: string | null | undefined, nowMs: number): number | undefined {
  if (until === undefined || until === null) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}/.test(until) ? Date.parse(until) : NaN;
  if (Number.isNaN(at) || at <= nowMs || at > nowMs + 100 * 366 * 86_400_000)
    throw new ApiError(422, 'until-wrong', 'The end is a day to come, like 2027-12-31.', {
      fields: [{ field: 'until', code: 'wrong' }],
    });
  return at;
}
