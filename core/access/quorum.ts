// How many of those who manage a record together must want the same before it happens. A person who decides for themself needs nobody.

export interface Deciders {
  /** Accounts of guardians at the level `manage`, in force now. */
  managers: readonly string[];
  /** The young person's own account, while they decide together with their guardians. */
  youngPerson?: string;
}

/** More than half of the guardians; none may be left alone by a tie. */
export function agreementsNeeded(managers: number): number {
  return managers <= 1 ? managers : Math.floor(managers / 2) + 1;
}

/** Whether those who want it are enough. From ninety days before the day of majority nothing happens against the young person. */
export function isAgreed({ managers, youngPerson }: Deciders, wanting: ReadonlySet<string>): boolean {
  const guardians = managers.filter((one) => wanting.has(one)).length;
  if (youngPerson !== undefined && !wanting.has(youngPerson)) return false;
  return guardians >= agreementsNeeded(managers.length);
}

/** How many more are needed, as people are told: the young person counts as one. */
export function stillNeeded(deciders: Deciders, wanting: ReadonlySet<string>): number {
  const { managers, youngPerson } = deciders;
  const guardians = managers.filter((one) => wanting.has(one)).length;
  const young = youngPerson !== undefined && !wanting.has(youngPerson) ? 1 : 0;
  return Math.max(0, agreementsNeeded(managers.length) - guardians) + young;
}
