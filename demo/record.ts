// From an invented person to the resources of their record over eighteen months, each with who wrote it.
// Dates lie in the past of the given day; ids are the same every time. Made with the same builders as the forms use.
import type { Resource } from '../core/fhir/types.ts';
import { sayNoneKnown } from '../core/record/write-facts.ts';
import {
  allergyResource,
  disabilityResource,
  implantResource,
  medicineResource,
  vaccinationResource,
} from '../core/record/write-clinical.ts';
import {
  bloodGroupResource,
  careTeamResource,
  directiveResource,
  organDonorResource,
  pregnancyResource,
} from '../core/record/write-statements.ts';
import { ageOn, daysBefore, indianTime } from './calendar.ts';
import { courseOf } from './courses.ts';
import type { DemoDoctor } from './directory-list.ts';
import { doctorFor, laboratoryFor, organizationOf } from './directory-list.ts';
import { doctorReference, organizationReference } from './directory.ts';
import { height, weight } from './measurements.ts';
import type { DemoPerson } from './person.ts';
import { cities, demoPhone } from './places.ts';
import { chanceOf, idOf } from './random.ts';
import type { DemoWrite, RecordMaker } from './record-maker.ts';
import { byDoctor, byOrganization, bySelf } from './record-maker.ts';
import { courseEvents } from './course-events.ts';
import { vaccinationsOf } from './vaccinations.ts';

/** Everything of the record but the Patient resource, oldest story first. */
export function recordOf(person: DemoPerson, patientId: string, today: string): DemoWrite[] {
  const writes: DemoWrite[] = [];
  const maker: RecordMaker = {
    person,
    patientId,
    today,
    subject: { reference: `Patient/${patientId}` },
    chance: chanceOf(`record of ${person.key}`),
    hospital: cities[person.city].hospital,
    add(author, by, resource) {
      const id = idOf(`${person.key}/${writes.length + 1}`);
      writes.push({ author, by, resource: { ...resource, id } });
      return id;
    },
    on: (day) => ({ patientId, today: day, current: [] }),
  };
  whoTheyAre(maker);
  allergies(maker);
  for (const { course, since } of person.problems) courseEvents(maker, courseOf(course), since);
  ownMedicines(maker);
  noneKnown(maker);
  vaccinations(maker);
  implants(maker);
  bodySize(maker);
  wishes(maker);
  return writes;
}

/** The doctor somebody without any long illness goes to. */
function ownDoctor({ person, hospital, today }: RecordMaker): DemoDoctor {
  const [first] = person.problems;
  if (first) return doctorFor(courseOf(first.course).specialty, hospital);
  return doctorFor(ageOn(today, person.birthDate) < 18 ? 'paediatrics' : 'general-medicine', hospital);
}

function addOwn(maker: RecordMaker, resource: Resource): void {
  const { author, by } = bySelf(maker);
  maker.add(author, by, resource);
}

function whoTheyAre(maker: RecordMaker): void {
  const { person, chance, today, subject } = maker;
  const doctor = ownDoctor(maker);
  const hospital = organizationOf(maker.hospital);
  const told = maker.on(daysBefore(today, chance.whole(60, 500)));
  if (chance.happens(0.8)) {
    const care = {
      doctor: { name: doctor.name },
      hospital: { name: hospital.name, place: cities[hospital.city].name, phone: demoPhone(hospital.phone) },
    };
    addOwn(maker, careTeamResource(care, told));
  }
  for (const one of person.disabilities ?? []) addOwn(maker, disabilityResource({ disability: one }, told));
  const { bloodGroup } = person;
  if (!bloodGroup) return;
  const { group, from } = bloodGroup;
  if (from === 'laboratory') {
    const laboratory = laboratoryFor(maker.hospital);
    const date = person.key === 'asha-rao' ? '2024-05-02' : daysBefore(today, chance.whole(100, 1500));
    maker.add('organization', byOrganization(laboratory.key), {
      ...bloodGroupResource({ group, date }, told),
      performer: [organizationReference(laboratory.key)],
      subject,
    });
  } else {
    addOwn(maker, bloodGroupResource({ group, knownFrom: from, date: told.today }, told));
  }
}

function allergies(maker: RecordMaker): void {
  const { person, chance, today } = maker;
  if (person.allergies === undefined) return;
  const doctor = ownDoctor(maker);
  const asked = person.key === 'asha-rao' ? daysBefore(today, 2) : daysBefore(today, chance.whole(5, 400));
  const byProfessional = person.key === 'asha-rao' || chance.happens(0.55);
  const say = (resource: Resource): void => {
    if (byProfessional) {
      const who = doctorReference(doctor);
      maker.add('professional', byDoctor(doctor), { ...resource, asserter: who, recorder: who });
    } else addOwn(maker, resource);
  };
  if (person.allergies === 'none') {
    for (const { resource } of sayNoneKnown('allergies', maker.on(asked))) say(resource);
  } else {
    for (const one of person.allergies) say(allergyResource(one, maker.on(asked)));
  }
}

function ownMedicines(maker: RecordMaker): void {
  for (const one of maker.person.ownMedicines ?? [])
    addOwn(maker, medicineResource(one, maker.on(daysBefore(maker.today, 103))));
}

function noneKnown(maker: RecordMaker): void {
  if (!maker.person.healthy) return;
  const said = maker.on(daysBefore(maker.today, maker.chance.whole(10, 300)));
  for (const section of ['conditions', 'medicines', 'implants'] as const)
    for (const { resource } of sayNoneKnown(section, said)) addOwn(maker, resource);
}

function vaccinations(maker: RecordMaker): void {
  const { person, today, chance } = maker;
  for (const { ownWords, ...form } of vaccinationsOf(person, today, chance)) {
    const resource = vaccinationResource(form, maker.on(ownWords ? today : form.date));
    if (ownWords) addOwn(maker, resource);
    else {
      const performer = [{ actor: organizationReference(maker.hospital) }];
      maker.add('organization', byOrganization(maker.hospital), {
        ...resource,
        primarySource: true,
        performer,
      });
    }
  }
}

function implants(maker: RecordMaker): void {
  const doctor = ownDoctor(maker);
  for (const one of maker.person.implants ?? []) {
    const resource = implantResource(one, maker.on(one.since ?? daysBefore(maker.today, 900)));
    maker.add('professional', byDoctor(doctor), { ...resource, source: doctorReference(doctor) });
  }
}

/** Weight twice a year where no visit measures it; children grow. */
function bodySize(maker: RecordMaker): void {
  const { person, today, chance, subject } = maker;
  const child = ageOn(today, person.birthDate) < 16;
  if (person.weightKg === undefined || person.heightCm === undefined) return;
  const { weightKg, heightCm } = person;
  if (!child) {
    const at = daysBefore(today, chance.whole(30, 500));
    addOwn(maker, height({ subject, at }, heightCm));
    if (person.problems.length === 0) addOwn(maker, weight({ subject, at }, weightKg));
    return;
  }
  const doctor = doctorFor('paediatrics', maker.hospital);
  for (const [ago, weightShare, heightShare] of [
    [530, 0.85, 0.94],
    [350, 0.9, 0.96],
    [170, 0.95, 0.98],
    [12, 1, 1],
  ] as const) {
    const at = indianTime(daysBefore(today, ago), '10:15');
    const how = { subject, at, performer: doctorReference(doctor) };
    maker.add('professional', byDoctor(doctor), weight(how, Math.round(weightKg * weightShare * 10) / 10));
    maker.add('professional', byDoctor(doctor), height(how, Math.round(heightCm * heightShare)));
  }
}

function wishes(maker: RecordMaker): void {
  const { person, today, chance } = maker;
  const said = maker.on(daysBefore(today, chance.whole(20, 400)));
  if (person.organDonor) addOwn(maker, organDonorResource(person.organDonor, said));
  if (person.directive) addOwn(maker, directiveResource(person.directive, said));
  if (person.pregnantDueInDays !== undefined) {
    const doctor = doctorFor('obstetrics', maker.hospital);
    const due = daysBefore(today, -person.pregnantDueInDays);
    maker.add('professional', byDoctor(doctor), {
      ...pregnancyResource({ state: 'pregnant', due }, maker.on(daysBefore(today, 20))),
      performer: [doctorReference(doctor)],
    });
  }
}
