// A dose that its person took or left out, as the FHIR resource it is kept as: a MedicationAdministration with the person as performer.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonObject, Resource } from '../fhir/types.ts';
import { codedText, objectAt, objectsAt, textAt } from '../record/elements.ts';
import type { LocalTime } from './local-time.ts';
import { dayOf, localAt, timeOf } from './local-time.ts';
import { isDoseTime } from './plan.ts';

/** Ids of ticks begin with it, and ids of nothing else that a person makes: the server gives them. */
export const tickPrefix = 'dose-';
const doseSystem = 'urn:medallion:dose';
export const longestReason = 200;

export type MedicineType = 'MedicationStatement' | 'MedicationRequest';
export const isMedicineType = (type: string): type is MedicineType =>
  type === 'MedicationStatement' || type === 'MedicationRequest';

const digits = (local: LocalTime): string => `${dayOf(local)}-${timeOf(local)}`.replaceAll(/[-:]/g, '');

/** The same for the same dose, so that it is ticked once; in the order of days. @param medicine `Type/id` */
export function tickId(patientId: string, medicine: string, dose: LocalTime): string {
  const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify([patientId, medicine, dose]))));
  return `${tickPrefix}${digits(dose)}-${hash.slice(0, 32)}`;
}

/** The ids of all ticks of doses from one day to another are between these two. */
export function tickIdsBetween(from: string, to: string): readonly [string, string] {
  return [`${tickPrefix}${digits(`${from}T00:00`)}`, `${tickPrefix}${digits(`${to}T23:59`)}~`];
}

export interface Tick {
  readonly medicine: string;
  readonly dose: LocalTime;
  /** Undefined: it was taken back. */
  readonly state: 'taken' | 'skipped' | undefined;
  /** As written: an instant. */
  readonly at: string;
  readonly reason?: string;
}

/** `2026-11-29T08:05:00+05:30` */
export function instantThere(instantMs: number, zone: string): string {
  const local = localAt(instantMs, zone);
  const whole = Math.floor(instantMs / 60_000) * 60_000;
  const offset = Math.round((Date.parse(`${local}:00Z`) - whole) / 60_000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  const seconds = two(Math.floor((instantMs - whole) / 1000));
  return `${local}:${seconds}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

const statusOf = { taken: 'completed', skipped: 'not-done' } as const;

/** @param medicine as it stands; what it is, and whether it is sealed, goes along */
export function tickResource(
  tick: Tick,
  medicine: Resource,
  { patientId, id }: { patientId: string; id: string },
): Resource {
  const person = { reference: `Patient/${patientId}` };
  const security = objectsAt(objectAt(medicine, 'meta'), 'security');
  const concept: JsonObject = objectAt(medicine, 'medicationCodeableConcept') ?? {
    text: medicineName(medicine) ?? 'Medicine',
  };
  const of = { reference: tick.medicine };
  return {
    resourceType: 'MedicationAdministration',
    id,
    ...(security.length === 0 ? {} : { meta: { security } }),
    identifier: [{ system: doseSystem, value: tick.dose }],
    status: tick.state === undefined ? 'entered-in-error' : statusOf[tick.state],
    ...(tick.reason === undefined || tick.state !== 'skipped'
      ? {}
      : { statusReason: [{ text: tick.reason }] }),
    medicationCodeableConcept: concept,
    subject: person,
    ...(tick.medicine.startsWith('MedicationRequest/') ? { request: of } : { supportingInformation: [of] }),
    effectiveDateTime: tick.at,
    performer: [{ actor: person }],
  };
}

/** Undefined for what is no tick: what a hospital gave. */
export function readTick(resource: JsonObject): Tick | undefined {
  const dose = objectsAt(resource, 'identifier')
    .filter((one) => textAt(one, 'system') === doseSystem)
    .map((one) => textAt(one, 'value') ?? '')
    .find(isDoseTime);
  const medicine =
    textAt(objectAt(resource, 'request'), 'reference') ??
    textAt(objectsAt(resource, 'supportingInformation')[0], 'reference');
  const at = textAt(resource, 'effectiveDateTime');
  if (dose === undefined || medicine === undefined || at === undefined) return undefined;
  const status = textAt(resource, 'status');
  const reason = textAt(objectsAt(resource, 'statusReason')[0], 'text');
  return {
    medicine,
    dose,
    state: status === 'completed' ? 'taken' : status === 'not-done' ? 'skipped' : undefined,
    at,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function medicineName(medicine: JsonObject): string | undefined {
  return (
    codedText(objectAt(medicine, 'medicationCodeableConcept'))?.text ??
    textAt(objectAt(medicine, 'medicationReference'), 'display')
  );
}
