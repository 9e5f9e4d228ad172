// What somebody may do in another person's record, as it was given to them: by a guardian's place, a consent, a code that let a
// clinician write, or an emergency. Time is an argument: an authority ends by the clock, no job has to run.
import type { Category } from './categories.ts';

/** From least to most; each holds what stands before it. */
export const guardianLevels = ['view', 'share', 'act', 'manage'] as const;
export type GuardianLevel = (typeof guardianLevels)[number];

interface Given {
  id: string;
  patientId: string;
  startsAtMs: number;
  /** Who its holder is in the directory: `Practitioner/x`. */
  holder?: string;
  /** The first instant at which it no longer holds; undefined: until it is ended. */
  endsAtMs?: number;
}

/** What of a record is covered: parts, single entries (`Type/id`), or with neither the whole. */
export interface Coverage {
  categories?: readonly Category[];
  entries?: readonly string[];
  /** Sensitive entries too. They were named when it was given. */
  sealed: boolean;
  /** Of the whole record: may know that there are sealed entries, without seeing them. */
  knowsSealed?: boolean;
}

export type Authority =
  /** `frozen`: guardians are in dispute, and what one of them could not take back rests. */
  | (Given & { basis: 'guardian'; level: GuardianLevel; frozen?: boolean })
  /** Backed by a FHIR Consent. `share`: may hand on what they see. */
  | (Given & { basis: 'grant'; coverage: Coverage; share: boolean })
  /** Lets one clinician write for at most half an hour. */
  | (Given & { basis: 'edit'; coverage: Coverage })
  | (Given & { basis: 'break-glass' })
  /** This record was merged into their own. `sealed`: its owner agreed themself, so what is sealed is theirs to see. */
  | (Given & { basis: 'merged'; sealed: boolean })
  /** This record was joined to one (`into`) that they were let into, `through` which: what may kill is theirs to read, nothing that is sealed. */
  | (Given & {
      basis: 'joined';
      into: string;
      through: 'guardian' | 'grant' | 'edit' | 'break-glass';
      coverage: Coverage;
    });

/** What may kill whoever is treated without it: whole types, so that a search filters as each entry is decided. */
export const safetyTypes: ReadonlySet<string> = new Set([
  'AllergyIntolerance',
  'Condition',
  'MedicationStatement',
  'MedicationRequest',
  'MedicationDispense',
  'Device',
  'DeviceUseStatement',
]);

export type AuthorityBasis = Authority['basis'];

export function inForce({ startsAtMs, endsAtMs }: Given, nowMs: number): boolean {
  return startsAtMs <= nowMs && (endsAtMs === undefined || nowMs < endsAtMs);
}

export function atLeast(level: GuardianLevel, wanted: GuardianLevel): boolean {
  return guardianLevels.indexOf(level) >= guardianLevels.indexOf(wanted);
}

/** What is known of the thing asked about. Unknown parts (a search over a type) are decided entry by entry in the filter. */
export interface Covered {
  resourceType: string;
  resourceId?: string;
  category?: Category;
  sealed?: boolean;
}

/** Whether one entry is covered. What is not known of it counts against it. */
export function covers({ categories, entries, sealed }: Coverage, thing: Covered): boolean {
  if (thing.sealed !== false && !sealed) return false;
  if (entries !== undefined && thing.resourceId !== undefined)
    if (entries.includes(`${thing.resourceType}/${thing.resourceId}`)) return true;
  if (categories !== undefined) return thing.category !== undefined && categories.includes(thing.category);
  return entries === undefined;
}
