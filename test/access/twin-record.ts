// A record for twin worlds: many entries of the kinds that people search, open and sealed, of all parts, that name each other across
// what one asker sees and does not see; and a second record of somebody else that looks like it.
import type { Plain } from './every-type.ts';

type Entry = Plain & { id: string };

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const loinc = 'http://loinc.org';
const codes = ['29463-7', '8302-2', '718-7', '2339-0', '8867-4'];
const conditionTexts = ['Asthma', 'Diabetes', 'Anaemia', 'Depression', 'Migraine'];
const day = (n: number): string => `2026-0${1 + (n % 6)}-${String(1 + ((n * 7) % 28)).padStart(2, '0')}`;

/** @param name begins the ids of this record */
export function twinRecord(patientId: string, name: string): Entry[] {
  const subject = { reference: `Patient/${patientId}` };
  const all: Entry[] = [];
  const add = (resourceType: string, n: number, rest: Record<string, unknown>): Entry => {
    const sealed = n % 3 === 1;
    const entry = {
      resourceType,
      id: `${name}-${resourceType}-${n}`,
      meta: sealed ? { security: [{ system: actCode, code: 'HIV' }] } : {},
      identifier: [{ system: 'urn:example:number', value: `${name}${n}` }],
      ...rest,
    };
    all.push(entry);
    return entry;
  };
  const to = (resourceType: string, n: number) => ({
    reference: `${resourceType}/${name}-${resourceType}-${n}`,
  });
  for (let n = 0; n < 6; n += 1)
    add('Encounter', n, {
      status: n % 2 === 0 ? 'finished' : 'in-progress',
      class: { system: actCode, code: n % 2 === 0 ? 'AMB' : 'EMER' },
      subject,
      period: { start: day(n), end: day(n) },
      ...(n > 0 ? { partOf: to('Encounter', n - 1) } : {}),
      reasonCode: [{ text: `reason ${n}` }],
    });
  for (let n = 0; n < 8; n += 1)
    add('Condition', n, {
      clinicalStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
            code: n % 2 === 0 ? 'active' : 'resolved',
          },
        ],
      },
      code: {
        text: conditionTexts[n % 5],
        coding: [{ system: 'urn:example:conditions', code: `c${n % 5}` }],
      },
      subject,
      encounter: to('Encounter', n % 6),
      onsetDateTime: day(n),
      recordedDate: day(n + 1),
    });
  for (let n = 0; n < 18; n += 1)
    add('Observation', n, {
      status: n % 4 === 3 ? 'preliminary' : 'final',
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/observation-category',
              code: n % 2 === 0 ? 'laboratory' : 'vital-signs',
            },
          ],
        },
      ],
      code: { coding: [{ system: loinc, code: codes[n % 5] }] },
      subject,
      encounter: to('Encounter', (n + 1) % 6),
      effectiveDateTime: day(n),
      valueQuantity: { value: 50 + n * 3, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
      ...(n > 0 ? { hasMember: [to('Observation', n - 1)] } : {}),
      note: [{ text: `said ${name} ${n}` }],
    });
  for (let n = 0; n < 6; n += 1) {
    add('DiagnosticReport', n, {
      status: 'final',
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: n % 2 === 0 ? 'LAB' : 'RAD' },
          ],
        },
      ],
      code: { text: `report ${n}` },
      subject,
      encounter: to('Encounter', n),
      issued: `${day(n)}T10:00:00Z`,
      result: [to('Observation', n * 2), to('Observation', n * 2 + 1)],
    });
    add('MedicationRequest', n, {
      status: n % 2 === 0 ? 'active' : 'stopped',
      intent: 'order',
      medicationCodeableConcept: {
        text: `medicine ${n}`,
        coding: [{ system: 'urn:example:drugs', code: `d${n}` }],
      },
      subject,
      authoredOn: day(n),
      reasonReference: [to('Condition', n)],
    });
    add('AllergyIntolerance', n, {
      patient: subject,
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      code: { text: `allergen ${n}` },
      criticality: n % 2 === 0 ? 'high' : 'low',
    });
    add('Goal', n, {
      lifecycleStatus: 'active',
      description: { text: `goal ${n}` },
      subject,
      addresses: [to('Condition', n)],
      startDate: day(n),
    });
    add('List', n, {
      status: 'current',
      mode: 'working',
      title: `list ${n}`,
      subject,
      entry: [0, 1, 2].map((i) => ({ item: to(i === 1 ? 'Condition' : 'Observation', (n + i) % 8) })),
    });
    add('Composition', n, {
      identifier: { system: 'urn:example:number', value: `${name}${n}` },
      status: 'final',
      type: { text: 'summary' },
      subject,
      date: day(n),
      author: [{ display: 'Dr Iyer' }],
      title: `document ${n}`,
      section: [{ title: 'one', code: { text: 'x' }, entry: [to('Condition', n), to('Observation', n)] }],
    });
  }
  for (let n = 0; n < 4; n += 1)
    add('Consent', n, {
      status: 'active',
      scope: { text: 'privacy' },
      category: [{ text: 'consent' }],
      patient: subject,
      dateTime: day(n),
      policyRule: { text: 'as said' },
      provision: { data: [{ meaning: 'instance', reference: to('Condition', n) }] },
    });
  for (const { resourceType, id } of all.filter((_, n) => n % 6 === 0))
    all.push({
      resourceType: 'Provenance',
      id: `${name}-Provenance-${id}`.slice(0, 64),
      meta: {},
      target: [{ reference: `${resourceType}/${id}` }],
      recorded: '2026-03-01T00:00:00Z',
      agent: [{ who: subject }],
    });
  return all;
}
