// Who a person of the demo is, as a Patient resource: name in two scripts, address, languages, whom to call.
import { entryById } from '../core/record/code-lists/code-list.ts';
import { relations } from '../core/record/code-lists/small-lists.ts';
import { addressResource, contactsResource, identityResource } from '../core/record/write-patient.ts';
import type { WriteContext } from '../core/record/write-elements.ts';
import type { Resource } from '../core/fhir/types.ts';
import { personOf } from './people.ts';
import type { DemoPerson } from './person.ts';
import { cities, demoPhone } from './places.ts';

/** The Patient resource as it stands after all of who they are was filled in. `base`: what sign-up made of it. */
export function patientResource(
  person: DemoPerson,
  patientId: string,
  today: string,
  base?: Resource,
): Resource {
  const context = (current: Resource): WriteContext => ({ patientId, today, current: [current] });
  const { name, hindiName, birthDate, sex, languages } = person;
  const city = cities[person.city];
  const identity = identityResource(
    { name, localNames: [{ language: 'hi', text: hindiName }], birthDate, sex, languages },
    context(base ?? { resourceType: 'Patient', active: true }),
  );
  const address = addressResource(
    {
      ...(person.phone === undefined ? {} : { phone: demoPhone(person.phone) }),
      lines: [person.street],
      city: city.name,
      district: city.district,
      state: city.state,
      postalCode: city.postalCode,
      country: 'IN',
    },
    context(identity),
  );
  const contacts = person.contacts.map(({ key, relation }) => {
    const other = personOf(key);
    return {
      name: other.name,
      relation: { listId: relation, text: entryById(relations, relation)?.en ?? relation },
      phone: demoPhone(other.phone ?? 0),
    };
  });
  return contactsResource({ contacts }, context(address));
}
