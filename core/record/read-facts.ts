// A person's current FHIR resources to what matters. Total: any list of JSON values gives a result.
// The caller gives one person's resources and only those that the reader may see.

import type { PartialDate, RecordFacts } from './facts.ts';
import { readAllergies } from './read-allergies.ts';
import { readCareTeam } from './read-care-team.ts';
import { readConditions, readDisabilities } from './read-conditions.ts';
import { readDirectives, readDocuments } from './read-directives.ts';
import { readImplants } from './read-implants.ts';
import { readMedicines } from './read-medicines.ts';
import { readBloodGroup, readBody, readOrganDonor } from './read-observations.ts';
import { readContactDetails, readEmergencyContacts, readIdentity } from './read-patient.ts';
import { readPregnancy } from './read-pregnancy.ts';
import { readVaccinations } from './read-vaccinations.ts';
import { recordIndex } from './record-index.ts';

/**
 * Every section of what matters, each recorded, none-known or not-recorded (never withheld: that is decided later).
 * `resources`: current versions, or Bundle entries. `today` (YYYY-MM-DD) drops medicines that have ended by then.
 */
export function readFacts(resources: readonly unknown[], today?: PartialDate): RecordFacts {
  const index = recordIndex(resources);
  return {
    identity: readIdentity(index),
    address: readContactDetails(index),
    allergies: readAllergies(index),
    conditions: readConditions(index),
    medicines: readMedicines(index, today),
    disabilities: readDisabilities(index),
    vaccinations: readVaccinations(index),
    implants: readImplants(index),
    'blood-group': readBloodGroup(index),
    body: readBody(index),
    pregnancy: readPregnancy(index),
    'care-team': readCareTeam(index),
    contacts: readEmergencyContacts(index),
    'organ-donor': readOrganDonor(index),
    directives: readDirectives(index),
    documents: readDocuments(index),
  };
}
