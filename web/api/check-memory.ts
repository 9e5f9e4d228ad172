// What this device itself found when it last checked a whole record and all of it matched. Kept on the device only:
// counts and a time, nothing of the record.

export interface CheckMemory {
  readonly at: string;
  readonly writes: number;
  readonly others: number;
}

const prefix = 'checked ';
const placeOf = (patientId: string): string => `${prefix}${patientId}`;

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

/** For signing out: whose records were checked here is nobody else's business. */
export function forgetChecks(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Storage is closed: nothing was kept.
  }
}

const lengthPlaceOf = (patientId: string): string => `seen ${patientId}`;

/** How many entries this device has seen in a record; a failed check does not take that away. */
export function knownLength(patientId: string): number {
  try {
    const kept = Number(localStorage.getItem(lengthPlaceOf(patientId)) ?? '0');
    return Number.isSafeInteger(kept) && kept > 0 ? kept : 0;
  } catch {
    return 0;
  }
}

/** Keeps the length of a chain that was seen whole; it only grows. */
export function keepLength(patientId: string, length: number): void {
  if (length <= knownLength(patientId)) return;
  try {
    localStorage.setItem(lengthPlaceOf(patientId), String(length));
  } catch {
    // Storage is closed: a chain cut at its end cannot be noticed next time.
  }
}

function isCheck(value: unknown): value is CheckMemory {
  if (typeof value !== 'object' || value === null) return false;
  const { at, writes, others } = value as Readonly<Record<string, unknown>>;
  return typeof at === 'string' && Number.isSafeInteger(writes) && Number.isSafeInteger(others);
}
