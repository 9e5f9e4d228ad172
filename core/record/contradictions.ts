// What is said in two ways where only one can be right: two blood groups, two wishes about organ donation. Which one is right is for a
// laboratory and the person to say: everything is kept, and nothing is chosen.
import type { BloodGroup, Fact, OrganDonorWish } from './facts.ts';
import { readBloodGroup, readOrganDonor } from './read-observations.ts';
import type { RecordIndex } from './record-index.ts';

export interface Contradictions {
  /** All that are recorded where any two differ; else empty. */
  readonly bloodGroups: readonly Fact<BloodGroup>[];
  /** The newest of each record where they differ; else empty. */
  readonly organDonor: readonly Fact<OrganDonorWish>[];
}

/** Of one person: their record and those that were joined to it, each by itself. */
export function contradictions(records: readonly RecordIndex[]): Contradictions {
  const groups = records.flatMap((record) => factsOf(readBloodGroup(record)));
  const wishes = records.flatMap((record) => factsOf(readOrganDonor(record)));
  const [wish] = wishes;
  const differs = wishes.some(({ value }) => wish !== undefined && wishOf(value) !== wishOf(wish.value));
  return {
    bloodGroups: bloodGroupsDiffer(groups.map(({ value }) => value)) ? groups : [],
    organDonor: differs ? wishes : [],
  };
}

/** "A" beside "A+" is less, not other. Words that name no group ("Bombay, Oh") are other than any that differ from them. */
export function bloodGroupsDiffer(groups: readonly BloodGroup[]): boolean {
  return groups.some((one, at) => groups.slice(at + 1).some((other) => differ(one, other)));
}

function differ(a: BloodGroup, b: BloodGroup): boolean {
  if (a.rhesus !== undefined && b.rhesus !== undefined && a.rhesus !== b.rhesus) return true;
  if (a.abo !== undefined && b.abo !== undefined) return a.abo !== b.abo;
  const says = (one: BloodGroup): boolean => one.abo !== undefined || one.rhesus !== undefined;
  return !(says(a) && says(b)) && a.text.trim().toLowerCase() !== b.text.trim().toLowerCase();
}

const wishOf = ({ answer, organs }: OrganDonorWish): string =>
  [answer, ...organs.map(({ text }) => text.toLowerCase()).sort()].join(' ');

function factsOf<T>(
  section: { readonly state: string } & { readonly facts?: readonly Fact<T>[] },
): readonly Fact<T>[] {
  return section.facts ?? [];
}
