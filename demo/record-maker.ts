// What the makers of one record share: whose it is, which day it is, and how a resource gets its author and its id.
import type { JsonObject, Resource } from '../core/fhir/types.ts';
import type { PartialDate } from '../core/record/facts.ts';
import type { WriteContext } from '../core/record/write-elements.ts';
import type { DemoDoctor } from './directory-list.ts';
import { organizationOf } from './directory-list.ts';
import type { Identified } from './directory.ts';
import { personOf } from './people.ts';
import type { DemoPerson } from './person.ts';
import type { Chance } from './random.ts';
import { idOf } from './random.ts';

/** Days that the record goes back. */
export const recordDays = 548;

export type DemoAuthor = 'patient' | 'guardian' | 'professional' | 'organization';

/** One resource and who says so. `by` names the person or organisation; for patient and guardian it is theirs. */
export interface DemoWrite {
  author: DemoAuthor;
  by: { name: string; reference?: string };
  resource: Identified;
}

/** What the makers of one record share. */
export interface RecordMaker {
  person: DemoPerson;
  patientId: string;
  today: PartialDate;
  subject: JsonObject;
  chance: Chance;
  hospital: string;
  /** Adds one resource to the record and gives its id back. */
  add(author: DemoAuthor, by: DemoWrite['by'], resource: Resource): string;
  /** For builders: as if it were written on `day`. */
  on(day: PartialDate): WriteContext;
}

export function bySelf({ person }: RecordMaker): { author: DemoAuthor; by: DemoWrite['by'] } {
  const guardian = person.phone === undefined ? person.contacts[0] : undefined;
  return guardian
    ? { author: 'guardian', by: { name: personOf(guardian.key).name } }
    : { author: 'patient', by: { name: person.name } };
}

export function byDoctor(doctor: DemoDoctor): DemoWrite['by'] {
  return { name: doctor.name, reference: `Practitioner/${idOf(`Practitioner/${doctor.key}`)}` };
}

export function byOrganization(key: string): DemoWrite['by'] {
  return { name: organizationOf(key).name, reference: `Organization/${idOf(`Organization/${key}`)}` };
}
