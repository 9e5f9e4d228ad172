// What a responder hands over: words and vitals within bounds, as FHIR resources. Knows no request and no storage.
import type { JsonObject, Resource } from '../fhir/types.ts';

interface Vital {
  readonly name: string;
  readonly code: string;
  readonly display: string;
  readonly unit: string;
  readonly ucum: string;
  readonly least: number;
  readonly most: number;
}

/** LOINC and UCUM; bounds are of what a body or a meter can show, not of what is healthy. */
export const handoverVitals = [
  {
    name: 'systolic',
    code: '8480-6',
    display: 'Systolic blood pressure',
    unit: 'mmHg',
    ucum: 'mm[Hg]',
    least: 30,
    most: 300,
  },
  {
    name: 'diastolic',
    code: '8462-4',
    display: 'Diastolic blood pressure',
    unit: 'mmHg',
    ucum: 'mm[Hg]',
    least: 10,
    most: 200,
  },
  { name: 'pulse', code: '8867-4', display: 'Heart rate', unit: '/min', ucum: '/min', least: 0, most: 300 },
  {
    name: 'breaths',
    code: '9279-1',
    display: 'Respiratory rate',
    unit: '/min',
    ucum: '/min',
    least: 0,
    most: 100,
  },
  {
    name: 'oxygen',
    code: '59408-5',
    display: 'Oxygen saturation',
    unit: '%',
    ucum: '%',
    least: 0,
    most: 100,
  },
  {
    name: 'temperature',
    code: '8310-5',
    display: 'Body temperature',
    unit: '°C',
    ucum: 'Cel',
    least: 20,
    most: 45,
  },
] as const satisfies readonly Vital[];
export type HandoverVital = (typeof handoverVitals)[number]['name'];

export interface HandoverGiven {
  readonly note: string;
  readonly vitals: ReadonlyMap<HandoverVital, number>;
}

export const longestNote = 1000;

/** What is wrong with it: the field, or `empty` where nothing was said at all. */
export function readHandover(form: Readonly<Record<string, unknown>>): HandoverGiven | { wrong: string } {
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' ? value.normalize('NFKC') : '';
  };
  const note = text('note').replace(/\r\n?/g, '\n').trim();
  if (Array.from(note).length > longestNote || !note.isWellFormed() || /[^\P{C}\n]/u.test(note))
    return { wrong: 'note' };
  const vitals = new Map<HandoverVital, number>();
  for (const { name, least, most } of handoverVitals) {
    const typed = text(name).trim().replace(',', '.');
    if (typed === '') continue;
    const pattern = name === 'temperature' ? /^\d{2}(\.\d)?$/ : /^\d{1,3}$/;
    const value = pattern.test(typed) ? Number(typed) : Number.NaN;
    if (!(value >= least && value <= most)) return { wrong: name };
    vitals.set(name, value);
  }
  if (vitals.has('systolic') !== vitals.has('diastolic')) return { wrong: 'diastolic' };
  return note === '' && vitals.size === 0 ? { wrong: 'empty' } : { note, vitals };
}

/** In one line: "8480-6 …" is nobody's language. */
export function vitalsLine(vitals: HandoverGiven['vitals']): string {
  return handoverVitals
    .flatMap(({ name, display, unit }) => {
      const value = vitals.get(name);
      return value === undefined ? [] : [`${display} ${value} ${unit}`];
    })
    .join(', ');
}

const unverifiedTag = { system: 'urn:medallion:verification', code: 'unverified' };

/** A Communication with the words, and each vital as an Observation of its own; pressure as one. Unverified: preliminary, and tagged. */
export function handoverResources(
  { note, vitals }: HandoverGiven,
  about: { patientId: string; at: string; verified: boolean; sender?: string },
): readonly Resource[] {
  const subject = { reference: `Patient/${about.patientId}` };
  const mark: JsonObject = about.verified ? {} : { meta: { tag: [unverifiedTag] } };
  const said = [note, vitalsLine(vitals)].filter((line) => line !== '');
  const communication: Resource = {
    resourceType: 'Communication',
    ...mark,
    status: 'completed',
    category: [{ text: 'Handover' }],
    topic: { text: about.verified ? 'Handover note' : 'Handover note, not verified' },
    subject,
    sent: about.at,
    ...(about.sender === undefined ? {} : { sender: { reference: about.sender } }),
    payload: said.map((contentString) => ({ contentString })),
  };
  const observation = (code: string, display: string, more: JsonObject): Resource => ({
    resourceType: 'Observation',
    ...mark,
    status: about.verified ? 'final' : 'preliminary',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/observation-category',
            code: 'vital-signs',
            display: 'Vital Signs',
          },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject,
    effectiveDateTime: about.at,
    ...more,
  });
  const quantity = ({ unit, ucum }: Vital, value: number) => ({
    value,
    unit,
    system: 'http://unitsofmeasure.org',
    code: ucum,
  });
  const pressure = handoverVitals.filter(({ name }) => name === 'systolic' || name === 'diastolic');
  const component = pressure.flatMap((vital) => {
    const value = vitals.get(vital.name);
    const { code, display } = vital;
    return value === undefined
      ? []
      : [
          {
            code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
            valueQuantity: quantity(vital, value),
          },
        ];
  });
  const single = handoverVitals.flatMap((vital) => {
    const value = vitals.get(vital.name);
    if (value === undefined || pressure.includes(vital)) return [];
    return [observation(vital.code, vital.display, { valueQuantity: quantity(vital, value) })];
  });
  return [
    communication,
    ...(component.length > 0 ? [observation('85354-9', 'Blood pressure', { component })] : []),
    ...single,
  ];
}
