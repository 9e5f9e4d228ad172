// A guardianship begins: authority, what it rests on, the RelatedPerson that says it to other systems, and its end by age, reckoned once
// and stored, so that no later change of a birth date moves it.
import { majorityAt, noticeBeforeMs, usualCountry } from '../../core/access/majority.ts';
import type { GuardianLevel } from '../../core/access/authority.ts';
import { isJsonObject } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { objectsAt, textAt } from '../../core/record/elements.ts';
import type { Evidence } from '../storage/guardians.ts';
import { insertGuardianship } from '../storage/guardians.ts';
import { insertAuthority } from '../storage/authorities.ts';
import type { VersionDraft } from '../storage/prepare-version.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import type { GuardiansRoom } from './guardians-room.ts';

const roleCode = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const timeZone = 'http://hl7.org/fhir/StructureDefinition/timezone';

/** The first instant at which this person is of age, by what their record says now; undefined without a whole birth date. */
export function majorityOf(patient: Resource): number | undefined {
  const birthDate = patient['birthDate'];
  if (typeof birthDate !== 'string') return undefined;
  const country = objectsAt(patient, 'address')
    .map((address) => textAt(address, 'country')?.trim().toUpperCase())
    .find((code) => code !== undefined && /^[A-Z]{2}$/.test(code));
  const zone = objectsAt(patient, 'extension')
    .filter((extension) => textAt(extension, 'url') === timeZone)
    .map((extension) => textAt(extension, 'valueCode'))
    .find((code): code is string => code !== undefined && isZone(code));
  return majorityAt(birthDate, country ?? usualCountry, zoneOffset, zone);
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Minutes that the clocks of a zone are ahead of UTC at an instant, by the rules that come with the runtime. */
export function zoneOffset(zone: string, atMs: number): number {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(atMs));
  const part = (type: string): number => Number(shown.find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return Math.round((local - Math.floor(atMs / 1000) * 1000) / 60_000);
}

export interface Beginning {
  patientId: string;
  holder: { accountId: string; patientId: string; name: string };
  level: GuardianLevel;
  relationship: string;
  evidence: Evidence;
  documentId: string | undefined;
  untilMs: number | undefined;
  majorityAtMs: number | undefined;
  by: Pick<VersionDraft, 'who' | 'basis' | 'author' | 'agent'>;
}

/** Stores what it can and gives back the version and notices that go in with the entry of the act. */
export async function beginGuardianship(
  client: Queryable,
  room: GuardiansRoom,
  begin: Beginning,
): Promise<{ authorityId: string; version: VersionWrite; endsAtMs: number | undefined; tell: Coming[] }> {
  const nowMs = room.now();
  const authorityId = uuidV7(nowMs, room.randomBytes);
  const relatedPersonId = uuidV7(nowMs, room.randomBytes);
  const ends = [begin.untilMs, begin.majorityAtMs].filter((at) => at !== undefined);
  const endsAtMs = ends.length === 0 ? undefined : Math.min(...ends);
  await insertAuthority(client, {
    patientId: begin.patientId,
    authorityId,
    basis: 'guardian',
    holderId: begin.holder.accountId,
    level: begin.level,
    purpose: 'FAMRQT',
    startsAtMs: nowMs,
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
  });
  await insertGuardianship(client, { ...begin, authorityId, relatedPersonId });
  const version = prepareVersion(
    {
      ...begin.by,
      patientId: begin.patientId,
      resourceType: 'RelatedPerson',
      resourceId: relatedPersonId,
      version: 1,
      resource: {
        resourceType: 'RelatedPerson',
        active: true,
        patient: { reference: `Patient/${begin.patientId}` },
        relationship: [
          { coding: [{ system: roleCode, code: begin.relationship }] },
          // Whatever else they are: a guardian.
          ...(begin.relationship === 'GUARD' ? [] : [{ coding: [{ system: roleCode, code: 'GUARD' }] }]),
        ],
        name: [{ text: begin.holder.name }],
        period: {
          start: new Date(nowMs).toISOString(),
          ...(endsAtMs === undefined ? {} : { end: new Date(endsAtMs).toISOString() }),
        },
      },
    },
    room,
  );
  return { authorityId, version, endsAtMs, tell: coming(begin, nowMs) };
}

export interface Coming {
  patientId: string;
  kind: 'majority-near';
  detail: Record<string, string>;
  atMs: number;
}

/** Both sides are told ninety days before the day: the notices are stored now and shown from then on. */
function coming({ patientId, holder, majorityAtMs }: Beginning, nowMs: number): Coming[] {
  if (majorityAtMs === undefined) return [];
  const detail = { patient: patientId, at: new Date(majorityAtMs).toISOString() };
  const atMs = Math.max(nowMs, majorityAtMs - noticeBeforeMs);
  return [holder.patientId, patientId].map((to) => ({
    patientId: to,
    kind: 'majority-near',
    detail,
    atMs,
  }));
}

/** The RelatedPerson as it stands when its guardianship is over. */
export function endedRelatedPerson(resource: Resource, nowMs: number): Resource {
  const { period } = resource;
  const start: JsonObject = isJsonObject(period) ? period : {};
  return { ...resource, active: false, period: { ...start, end: new Date(nowMs).toISOString() } };
}
