// The people of the demo: twelve families in twelve cities. Names are common ones, put together so that they are nobody's.
import { northernAndEasternFamilies } from './families/north-and-east.ts';
import { southernFamilies } from './families/south.ts';
import { westernFamilies } from './families/west.ts';
import type { DemoPerson } from './person.ts';
import { cities } from './places.ts';

const families = [...southernFamilies, ...westernFamilies, ...northernAndEasternFamilies];

/** Younger people have no telephone of their own. */
const phoneBefore = '2011-01-01';

/** Everybody, family by family. Telephone numbers follow the same order, from 0001. */
export const people: readonly DemoPerson[] = families
  .flatMap(({ key, city, house, languages, members }) =>
    members.map((member): DemoPerson => ({
      languages,
      ...member,
      family: key,
      city,
      street: `${house}, ${cities[city].streets[0]}`,
    })),
  )
  .map((person, index) => (person.birthDate < phoneBefore ? { ...person, phone: index + 1 } : person));

export function personOf(key: string): DemoPerson {
  const found = people.find((one) => one.key === key);
  if (!found) throw new Error(`nobody in the demo has the key ${key}`);
  return found;
}
