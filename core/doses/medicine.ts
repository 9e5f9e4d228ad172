// What of a medicine in the record a plan of doses needs: whether it is to be taken at all, how its dose is written, and its times as FHIR.
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { booleanAt, dateAt, numberAt, objectAt, objectsAt, textAt } from '../record/elements.ts';
import type { DosePlan } from './plan.ts';

const proposals = new Set(['proposal', 'plan', 'option']);

/** Whether it is to be taken on this day: neither stopped, nor over, nor put aside. @param today `YYYY-MM-DD` */
export function isToBeTaken(medicine: JsonObject, today: string): boolean {
  const status = textAt(medicine, 'status');
  const isOver = (period: JsonObject | undefined): boolean => {
    const end = dateAt(period, 'end');
    return end !== undefined && end < today.slice(0, end.length);
  };
  if (textAt(medicine, 'resourceType') === 'MedicationStatement')
    return (status === 'active' || status === 'intended') && !isOver(objectAt(medicine, 'effectivePeriod'));
  return (
    status === 'active' &&
    !proposals.has(textAt(medicine, 'intent') ?? '') &&
    booleanAt(medicine, 'doNotPerform') !== true &&
    !objectsAt(medicine, 'dosageInstruction').some((dosage) =>
      isOver(objectAt(objectAt(objectAt(dosage, 'timing'), 'repeat'), 'boundsPeriod')),
    )
  );
}

/** As it is written: `1 tablet`, or the words of the prescription. */
export function doseWords(medicine: JsonObject): string | undefined {
  const [dosage] = [...objectsAt(medicine, 'dosage'), ...objectsAt(medicine, 'dosageInstruction')];
  const quantity = objectAt(objectsAt(dosage, 'doseAndRate')[0], 'doseQuantity');
  const value = numberAt(quantity, 'value');
  const text = textAt(dosage, 'text') ?? textAt(dosage, 'patientInstruction');
  if (value === undefined) return text;
  const unit = textAt(quantity, 'unit') ?? textAt(quantity, 'code');
  const measured = unit === undefined ? String(value) : `${value} ${unit}`;
  if (text === undefined) return measured;
  return text.includes(measured) ? text : `${measured}, ${text}`;
}

const dayCodes = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Times = Pick<DosePlan, 'times' | 'days' | 'begins' | 'ends'>;

/** The statement with these times as the timing of its first dosage, or without any; how often and how much stays as it was written. */
export function withTimes(statement: Resource, plan: Times | undefined): Resource {
  const [first = {}, ...others] = objectsAt(statement, 'dosage');
  const timing = objectAt(first, 'timing');
  const {
    timeOfDay: _times,
    dayOfWeek: _days,
    boundsPeriod: _bounds,
    ...kept
  } = objectAt(timing, 'repeat') ?? {};
  // FHIR: times of the day or words such as "after breakfast", never both.
  if (plan !== undefined) delete kept['when'];
  const repeat: JsonObject = { ...kept, ...(plan === undefined ? {} : repeatOf(plan)) };
  const newTiming: JsonObject = { ...timing, repeat };
  if (Object.keys(repeat).length === 0) delete newTiming['repeat'];
  const dosage: JsonObject = { ...first, timing: newTiming };
  if (Object.keys(newTiming).length === 0) delete dosage['timing'];
  const dosages: JsonValue[] = Object.keys(dosage).length === 0 ? others : [dosage, ...others];
  const { dosage: _before, ...rest } = statement;
  return {
    ...rest,
    resourceType: statement.resourceType,
    ...(dosages.length === 0 ? {} : { dosage: dosages }),
  };
}

function repeatOf({ times, days, begins, ends }: Times): JsonObject {
  return {
    timeOfDay: times.map((time) => `${time}:00`),
    ...(days.length === 0 ? {} : { dayOfWeek: days.map((day) => dayCodes[day - 1] ?? 'mon') }),
    boundsPeriod: { start: begins, ...(ends === undefined ? {} : { end: ends }) },
  };
}
