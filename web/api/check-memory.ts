// What this device itself found when it last checked a whole record and all of it matched. Kept on the device only:
// counts and a time, nothing of the record.

export interface CheckMemory {
  readonly at: string;
  readonly writes: number;
  readonly others: number;
}

const placeOf = (patientId: string): string => `checked ${patientId}`;

/** Keeps a check that passed. A check that failed takes the memory away: give undefined. */
export function keepCheck(patientId: string, check: CheckMemory | undefined): void {
  try {
    if (check === undefined) localStorage.removeItem(placeOf(patientId));
    else localStorage.setItem(placeOf(patientId), JSON.stringify(check));
  } catch {
    // Storage is closed: the next page only does not know of the check.
  }
}

/** The last check that passed on this device, if it is remembered. */
export function checkMemory(patientId: string): CheckMemory | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(placeOf(patientId)) ?? 'null');
    return isCheck(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isCheck(value: unknown): value is CheckMemory {
  if (typeof value !== 'object' || value === null) return false;
  const { at, writes, others } = value as Readonly<Record<string, unknown>>;
  return typeof at === 'string' && Number.isSafeInteger(writes) && Number.isSafeInteger(others);
}
