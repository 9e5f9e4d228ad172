// Which vaccinations a person of the demo has had, by age: the child's schedule, boosters, and what most adults got.
import type { VaccinationForm } from '../core/record/forms.ts';
import { ageOn, daysBefore } from './calendar.ts';
import type { DemoPerson } from './person.ts';
import type { Chance } from './random.ts';

export interface DemoVaccination extends VaccinationForm {
  /** The person's own paper; otherwise a hospital recorded it. */
  ownWords: boolean;
}

/** Age in days, entry of the list of vaccines, words, dose. */
const childhood: readonly (readonly [days: number, listId: string, text: string, dose: number])[] = [
  [1, 'bcg', 'BCG', 1],
  [1, 'hepatitis-b', 'Hepatitis B', 1],
  [45, 'pentavalent', 'Pentavalent', 1],
  [45, 'polio-oral', 'Polio drops (OPV)', 1],
  [75, 'pentavalent', 'Pentavalent', 2],
  [75, 'polio-oral', 'Polio drops (OPV)', 2],
  [105, 'pentavalent', 'Pentavalent', 3],
  [105, 'polio-injected', 'Polio injection (IPV)', 1],
  [280, 'measles-rubella', 'Measles and rubella (MR)', 1],
  [500, 'measles-rubella', 'Measles and rubella (MR)', 2],
  [510, 'dtp', 'DTP booster', 1],
  [1900, 'dtp', 'DTP booster', 2],
  [3700, 'td', 'Tetanus and diphtheria (Td)', 1],
];

export function vaccinationsOf(person: DemoPerson, today: string, chance: Chance): DemoVaccination[] {
  const age = ageOn(today, person.birthDate);
  const given: DemoVaccination[] = [];
  const add = (listId: string, text: string, date: string, doseNumber: number, ownWords: boolean): void => {
    if (date >= today || date <= person.birthDate) return;
    const lot = ownWords ? {} : { lot: `D${chance.whole(1000, 9999)}` };
    given.push({ vaccine: { listId, text }, date, doseNumber, ...lot, ownWords });
  };
  if (age < 18) {
    for (const [days, listId, text, dose] of childhood)
      add(listId, text, daysBefore(person.birthDate, -days), dose, false);
  } else {
    const covid = age > 44 ? '2021-04-12' : '2021-07-05';
    const own = chance.happens(0.5);
    add('covishield', 'COVID-19 (Covishield)', covid, 1, own);
    add('covishield', 'COVID-19 (Covishield)', daysBefore(covid, -84), 2, own);
    if (person.key === 'asha-rao') add('td', 'Tetanus and diphtheria (Td)', '2023-02-11', 1, false);
    else if (chance.happens(0.6))
      add('td', 'Tetanus and diphtheria (Td)', daysBefore(today, chance.whole(200, 3400)), 1, false);
  }
  if (age >= 60) {
    add('influenza', 'Flu', daysBefore(today, chance.whole(20, 300)), 1, false);
    add('pneumococcal', 'Pneumococcal', daysBefore(today, chance.whole(400, 1500)), 1, chance.happens(0.3));
  }
  return given;
}
