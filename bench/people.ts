// The people that the load is about: signed up and filled over the server's own interface, a hundred resources each.
import { randomUUID } from 'node:crypto';

export interface BenchPerson {
  cookie: string;
  patientId: string;
  observationIds: string[];
  /** Text of a resource as a client sends it, without an id. */
  observation: string;
  /** Text of a transaction of twenty creates. */
  twenty: string;
  /** `/e/<token>` */
  cardPath: string;
  token: string;
  entryIds: string[];
}

const codes = [
  ['8867-4', 'Heart rate', '/min', 60],
  ['8310-5', 'Body temperature', 'Cel', 36],
  ['9279-1', 'Respiratory rate', '/min', 12],
  ['29463-7', 'Body weight', 'kg', 61],
  ['2339-0', 'Glucose', 'mg/dL', 96],
] as const;

/** LOINC code that twenty of each person's Observations have. */
export const searchedCode = codes[0][0];

export function observation(patientId: string, index: number, id?: string): Record<string, unknown> {
  const [code, display, unit, low] = codes[index % codes.length] ?? codes[0];
  const category = {
    system: 'http://terminology.hl7.org/CodeSystem/observation-category',
    code: 'vital-signs',
  };
  return {
    resourceType: 'Observation',
    ...(id === undefined ? {} : { id }),
    status: 'final',
    category: [{ coding: [category] }],
    code: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: { reference: `Patient/${patientId}` },
    effectiveDateTime: new Date(Date.UTC(2025, 0, 1) + index * 86_400_000).toISOString(),
    valueQuantity: { value: low + (index % 7), unit, system: 'http://unitsofmeasure.org', code: unit },
    note: [
      {
        text: 'Measured while sitting, after five minutes of rest, with the arm on the table. '
          .repeat(6)
          .trim(),
      },
    ],
  };
}

/** A transaction of as many creates. */
export function transactionText(patientId: string, entries: number): string {
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: Array.from({ length: entries }, (_one, index) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource: observation(patientId, index),
      request: { method: 'POST', url: 'Observation' },
    })),
  });
}

export async function makePerson(url: string, index: number): Promise<BenchPerson> {
  const signUp = await fetch(`${url}/api/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      login: `bench${index}@example.org`,
      password: `copper lantern ${randomUUID()}`,
      name: `Bench Person ${index}`,
    }),
  });
  if (signUp.status !== 201) throw new Error(`sign-up was answered with ${signUp.status}`);
  const cookie = (signUp.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { patient } = (await signUp.json()) as { patient: { id: string } };
  const ask = async (method: string, path: string, body?: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }) },
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  await ask('POST', '/fhir/R4', dangers(patient.id));
  // With the Patient and four dangers: a hundred.
  const stored = (await ask('POST', '/fhir/R4', transactionText(patient.id, 95))) as {
    entry: { response: { location: string } }[];
  };
  const observationIds = stored.entry.map(
    ({ response }) => /Observation\/([^/]+)/.exec(response.location)?.[1] ?? '',
  );
  const card = (await ask('GET', '/api/emergency-card')) as { url: string };
  const cardPath = new URL(card.url).pathname;
  return {
    cookie,
    patientId: patient.id,
    observationIds,
    observation: JSON.stringify(observation(patient.id, 1)),
    twenty: transactionText(patient.id, 20),
    cardPath,
    token: cardPath.slice('/e/'.length),
    entryIds: [],
  };
}

function dangers(patientId: string): string {
  const subject = { reference: `Patient/${patientId}` };
  const active = (system: string) => ({
    coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
  });
  const snomed = (code: string, text: string) => ({
    coding: [{ system: 'http://snomed.info/sct', code }],
    text,
  });
  const condition = (code: string, text: string) => ({
    resourceType: 'Condition',
    clinicalStatus: active('condition-clinical'),
    code: snomed(code, text),
    subject,
    recordedDate: '2026-01-05',
  });
  const medicine = (text: string, dose: string) => ({
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationCodeableConcept: { text },
    subject,
    effectiveDateTime: '2026-01-05',
    dosage: [{ text: dose }],
  });
  const resources = [
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: active('allergyintolerance-clinical'),
      criticality: 'high',
      code: snomed('764146007', 'Penicillin'),
      patient: subject,
      reaction: [{ manifestation: [snomed('39579001', 'Anaphylaxis')], severity: 'severe' }],
    },
    condition('46635009', 'Type 1 diabetes'),
    medicine('Warfarin', '5 mg in the evening'),
    medicine('Insulin glargine', '18 units at night'),
  ];
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      fullUrl: `urn:uuid:${randomUUID()}`,
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  });
}
