// What the medicines and allergies of a record say about one another as they stand: the same function as in the write path, each pair once.
import type { Resource } from '../fhir/types.ts';
import { dateAt, textAt } from '../record/elements.ts';
import { entryTitle } from '../record/entry-title.ts';
import { recordIndex } from '../record/record-index.ts';
import type { Finding } from './check.ts';
import { checkMedicine } from './check.ts';
import { isTaken, readAllergen, readMedicine, readWeight } from './read-record.ts';

export interface ChartFinding extends Finding {
  /** The medicine, and what of the record speaks against it, by their names. */
  readonly medicine: string;
  readonly about?: string;
}

/** The gravest first, at most 50. `record`: what of it may be seen. @param today YYYY-MM-DD */
export function chartFindings(record: readonly Resource[], today: string): readonly ChartFinding[] {
  const index = recordIndex([...record]);
  const names = new Map(record.map((one) => [keyOf(one), entryTitle(one) ?? one.resourceType]));
  const medicines = record.filter((one) => isTaken(one, today)).map((one) => readMedicine(one, index));
  const allergens = record
    .filter(({ resourceType }) => resourceType === 'AllergyIntolerance')
    .map(readAllergen)
    .filter((one) => one !== undefined);
  const birthDate = dateAt(
    record.find(({ resourceType }) => resourceType === 'Patient'),
    'birthDate',
  );
  const weight = record
    .filter(({ resourceType }) => resourceType === 'Observation')
    .map(readWeight)
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.on < b.on ? 1 : -1))[0];
  const person = {
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(weight === undefined ? {} : { weightKg: weight.kg }),
  };
  const once = new Map<string, ChartFinding>();
  for (const medicine of medicines)
    for (const found of checkMedicine(medicine, { medicines, allergens }, person, today)) {
      const key = [found.rule, ...[medicine.key, found.with ?? ''].sort()].join(' ');
      if (once.has(key)) continue;
      const about = found.with === undefined ? undefined : names.get(found.with);
      once.set(key, {
        ...found,
        medicine: names.get(medicine.key) ?? medicine.name,
        ...(about === undefined ? {} : { about }),
      });
    }
  return [...once.values()]
    .sort((a, b) => Number(b.severity === 'severe') - Number(a.severity === 'severe'))
    .slice(0, mostShown);
}

const mostShown = 50;

const keyOf = (resource: Resource): string => `${resource.resourceType}/${textAt(resource, 'id') ?? ''}`;
