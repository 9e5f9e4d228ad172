// What a person ticked in the last fourteen days, by medicine: how often taken, how often left out. What was not ticked is not known here.
import type { JsonObject } from '../fhir/types.ts';
import { textAt } from '../record/elements.ts';
import { dayAfter, dayOf } from './local-time.ts';
import { medicineName, readTick, tickPrefix } from './tick.ts';

export interface TickedMedicine {
  readonly medicine: string;
  readonly name: string;
  readonly taken: number;
  readonly skipped: number;
  /** Local times of the first and the last dose. */
  readonly first: string;
  readonly last: string;
}

/** A dose that its person ticked, not one that a hospital gave. */
export function isTicked(resource: JsonObject): boolean {
  return (
    textAt(resource, 'resourceType') === 'MedicationAdministration' &&
    textAt(resource, 'id')?.startsWith(tickPrefix) === true &&
    readTick(resource) !== undefined
  );
}

/** By name. @param today `YYYY-MM-DD` */
export function tickedLately(record: readonly JsonObject[], today: string): readonly TickedMedicine[] {
  const since = dayAfter(today, -13);
  const found = new Map<string, TickedMedicine>();
  for (const resource of record) {
    const tick = isTicked(resource) ? readTick(resource) : undefined;
    if (tick?.state === undefined || dayOf(tick.dose) < since) continue;
    const { medicine, dose, state } = tick;
    const before = found.get(medicine);
    found.set(medicine, {
      medicine,
      name: medicineName(resource) ?? '',
      taken: (before?.taken ?? 0) + (state === 'taken' ? 1 : 0),
      skipped: (before?.skipped ?? 0) + (state === 'skipped' ? 1 : 0),
      first: before === undefined || dose < before.first ? dose : before.first,
      last: before === undefined || dose > before.last ? dose : before.last,
    });
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}
