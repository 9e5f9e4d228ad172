// What a long illness leaves in a record: the diagnosis, its medicines, visits with measurements, tests and papers.
import * as systems from '../core/record/code-systems.ts';
import type { JsonObject, Resource } from '../core/fhir/types.ts';
import { conditionResource, medicineResource } from '../core/record/write-clinical.ts';
import { documentType } from '../core/record/write-statements.ts';
import { ageOn, daysBefore, indianTime } from './calendar.ts';
import type { Course } from './courses.ts';
import type { DemoDoctor } from './directory-list.ts';
import { doctorFor, laboratoryFor } from './directory-list.ts';
import { doctorReference, organizationReference } from './directory.ts';
import {
  bloodPressure,
  laboratoryReport,
  oxygenSaturation,
  results,
  rounded,
  weight,
} from './measurements.ts';
import type { Panel } from './panels.ts';
import { panelOf } from './panels.ts';
import type { RecordMaker } from './record-maker.ts';
import { byDoctor, byOrganization, bySelf, recordDays } from './record-maker.ts';

const healthyPressure = [118, 76] as const;

/** Adds all of one illness. `since`: when it began. */
export function courseEvents(maker: RecordMaker, course: Course, since: string): void {
  const doctor = doctorFor(course.specialty, maker.hospital);
  const days = visitDays(maker, course, since);
  const lastVisit = days.at(-1) ?? maker.today;
  const asserted = { asserter: doctorReference(doctor), recorder: doctorReference(doctor) };
  const form = { condition: { listId: course.condition, text: course.words }, since };
  const conditionId = maker.add('professional', byDoctor(doctor), {
    ...conditionResource(form, maker.on(lastVisit)),
    ...asserted,
  });
  const last = days.map((day) => visit(maker, course, doctor, day, conditionId)).at(-1);
  for (const one of course.medicines) {
    const stated = medicineResource(one, maker.on(lastVisit));
    const ordered = prescription(stated, lastVisit, doctor, maker.subject);
    maker.add('professional', byDoctor(doctor), {
      ...ordered,
      ...(last === undefined ? {} : { encounter: last }),
    });
  }
  for (const { panel, everyDays } of course.panels) laboratory(maker, panelOf(panel), everyDays);
  if (course.homePressure) homePressure(maker, course);
  if (last !== undefined)
    paper(
      maker,
      doctor,
      { day: lastVisit, encounter: last },
      `Prescription, ${course.words}`,
      'prescription',
    );
}

/** Oldest first; none before the illness began. */
function visitDays({ person, chance, today }: RecordMaker, course: Course, since: string): string[] {
  const days: string[] = [];
  let ago = lastVisitDaysAgo(person.key, course) ?? chance.whole(3, course.visitEveryDays);
  while (ago < recordDays) {
    const day = daysBefore(today, ago);
    if (day > since) days.unshift(day);
    ago += course.visitEveryDays + chance.whole(-6, 6);
  }
  return days;
}

/** Asha's last visits are where the guide to the demo says they are. */
function lastVisitDaysAgo(person: string, { condition }: Course): number | undefined {
  if (person !== 'asha-rao') return undefined;
  return condition === 'heart-block' ? 2 : 17;
}

/** Gives the reference to the visit back. */
function visit(
  maker: RecordMaker,
  course: Course,
  doctor: DemoDoctor,
  day: string,
  conditionId: string,
): JsonObject {
  const { person, subject, chance, today } = maker;
  const time = `${chance.whole(10, 15)}:${chance.pick(['05', '20', '40', '55'])}`;
  const end = `${time.slice(0, 2)}:59`;
  const encounterId = maker.add('professional', byDoctor(doctor), {
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [{ text: course.visitReason }],
    subject,
    participant: [{ individual: doctorReference(doctor) }],
    period: { start: indianTime(day, time), end: indianTime(day, end) },
    reasonCode: [{ text: course.visitReason }],
    diagnosis: [{ condition: { reference: `Condition/${conditionId}`, display: course.words } }],
    serviceProvider: organizationReference(doctor.hospital),
  });
  const encounter = { reference: `Encounter/${encounterId}` };
  const how = { subject, at: indianTime(day, time), performer: doctorReference(doctor), encounter };
  const measured = (resource: Resource) => maker.add('professional', byDoctor(doctor), resource);
  if (ageOn(today, person.birthDate) >= 16) {
    const [systolic, diastolic] = course.pressure ?? healthyPressure;
    measured(
      bloodPressure(how, Math.round(chance.around(systolic, 12)), Math.round(chance.around(diastolic, 8))),
    );
    if (person.weightKg !== undefined) measured(weight(how, rounded(chance.around(person.weightKg, 1.2), 1)));
  }
  if (course.oxygen !== undefined)
    measured(oxygenSaturation(how, Math.min(100, Math.round(chance.around(course.oxygen, 2)))));
  if (chance.happens(0.4))
    paper(maker, doctor, { day, encounter }, `Visit note, ${course.visitReason}`, 'visit-note');
  return encounter;
}

/** A standing order with the same words and codes as a person's own statement would have. */
function prescription(stated: Resource, day: string, doctor: DemoDoctor, subject: JsonObject): Resource {
  const { medicationCodeableConcept, dosage, reasonCode, note } = stated;
  return {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    ...(medicationCodeableConcept === undefined ? {} : { medicationCodeableConcept }),
    subject,
    authoredOn: day,
    requester: doctorReference(doctor),
    ...(reasonCode === undefined ? {} : { reasonCode }),
    ...(note === undefined ? {} : { note }),
    ...(dosage === undefined ? {} : { dosageInstruction: dosage }),
  };
}

function laboratory(maker: RecordMaker, panel: Panel, everyDays: number): void {
  const { chance, today, subject } = maker;
  const { key } = laboratoryFor(maker.hospital);
  const by = byOrganization(key);
  const days: string[] = [];
  const last = maker.person.key === 'asha-rao' && everyDays < 60 ? 2 : chance.whole(2, everyDays);
  for (let ago = last; ago < recordDays; ago += everyDays) days.unshift(daysBefore(today, ago));
  for (const day of days) {
    const at = indianTime(day, `0${chance.whole(7, 9)}:${chance.pick(['10', '30', '45'])}`);
    const how = { subject, at, performer: organizationReference(key) };
    const ids = results(how, panel, chance).map((one) => maker.add('organization', by, one));
    maker.add('organization', by, laboratoryReport(how, panel, ids));
  }
}

/** Every two weeks, in the person's own words. */
function homePressure(maker: RecordMaker, course: Course): void {
  const { chance, today, subject } = maker;
  const [systolic, diastolic] = course.pressure ?? healthyPressure;
  const { author, by } = bySelf(maker);
  for (let ago = recordDays - chance.whole(1, 14); ago > 0; ago -= 14) {
    const at = indianTime(daysBefore(today, ago), `0${chance.whole(6, 9)}:15`);
    const high = Math.round(chance.around(systolic - 6, 10));
    maker.add(author, by, bloodPressure({ subject, at }, high, Math.round(chance.around(diastolic - 3, 7))));
  }
}

function paper(
  maker: RecordMaker,
  doctor: DemoDoctor,
  { day, encounter }: { day: string; encounter: JsonObject },
  title: string,
  kind: 'prescription' | 'visit-note',
): void {
  const type = documentType(kind);
  maker.add('professional', byDoctor(doctor), {
    resourceType: 'DocumentReference',
    status: 'current',
    ...(type ? { type } : {}),
    category: [{ coding: [{ system: systems.loinc, code: '11488-4' }], text: 'Consultation note' }],
    subject: maker.subject,
    date: indianTime(day, '17:00'),
    author: [doctorReference(doctor)],
    custodian: organizationReference(doctor.hospital),
    description: title,
    context: { encounter: [encounter] },
    content: [{ attachment: { title, contentType: 'application/pdf', creation: indianTime(day, '17:00') } }],
  });
}
