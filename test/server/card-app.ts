// The application with a person whose record is worth scanning, for the tests of cards. What professionals wrote goes in by
// the same door as every write, under the tag that only the server sets.
import { randomBytes, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import type { AuthorCode } from '../../server/storage/prepare-version.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import { findResource } from '../../server/storage/resource-store.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';
import type { IdentityApp, SignedUp } from './identity-app.ts';
import { freshAddress, startIdentityApp } from './identity-app.ts';

export interface CardApp extends IdentityApp {
  /** Scans as a stranger from an address of their own. */
  scan(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  /** Posts a code as the page's form does. */
  tryCode(path: string, code: string, ip?: string): Promise<LightMyRequestResponse>;
  /** Path of the holder's valid card: `/e/<token>`. */
  cardPath(person: SignedUp): Promise<string>;
  write(patientId: string, author: AuthorCode, ...resources: JsonObject[]): Promise<void>;
  changePatient(patientId: string, change: JsonObject): Promise<void>;
  entries(patientId: string, event?: string): Promise<Statement[]>;
  notices(patientId: string): Promise<{ kind: string; detail: Record<string, unknown>; entry_id: string }[]>;
  count(sql: string, values?: unknown[]): Promise<number>;
}

interface Statement {
  entryId: string;
  event: string;
  outcome: string;
  basis: string;
  who: Record<string, unknown>;
  shown?: { count: number; digest: string };
  detail?: Record<string, unknown>;
  agent?: string;
}

export async function startCardApp(environment: Record<string, string> = {}): Promise<CardApp> {
  const base = await startIdentityApp(environment);
  const sources = {
    now: () => base.clock.nowMs,
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
  };
  const write: CardApp['write'] = async (patientId, author, ...resources) => {
    const versions = resources.map((resource) =>
      prepareVersion(
        {
          patientId,
          resourceType: typeof resource.resourceType === 'string' ? resource.resourceType : '',
          resourceId: typeof resource.id === 'string' ? resource.id : randomUUID(),
          version: 1,
          resource: resource as Resource,
          author,
          who: { role: 'professional' },
          basis: 'test',
        },
        sources,
      ),
    );
    await writeBatch(base.pool, { versions });
  };
  return {
    ...base,
    scan: (path, headers = {}) => base.call('GET', path, { ip: freshAddress(), headers }),
    tryCode: (path, code, ip = freshAddress()) =>
      base.app.inject({
        method: 'POST',
        url: path,
        remoteAddress: ip,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ code }).toString(),
      }),
    async cardPath(person) {
      const answer = await base.call('GET', '/api/emergency-card', { token: person.token });
      return new URL(answer.json<{ url: string }>().url).pathname;
    },
    write,
    async changePatient(patientId, change) {
      const found = await findResource(base.pool, 'Patient', patientId);
      if (!found) throw new Error('no such patient');
      const version = prepareVersion(
        {
          patientId,
          resourceType: 'Patient',
          resourceId: patientId,
          version: found.version + 1,
          resource: { ...(JSON.parse(found.content) as Resource), ...change },
          author: 'patient',
          who: { role: 'patient' },
          basis: 'test',
        },
        sources,
      );
      await writeBatch(base.pool, { versions: [version] });
    },
    async entries(patientId, event) {
      const { rows } = await base.pool.query<{ entry_id: string; statement: string }>(
        'select entry_id, statement from entry where patient_id = $1 order by entry_id',
        [patientId],
      );
      const statements = rows.map((row) => ({
        ...(JSON.parse(row.statement) as Statement),
        entryId: row.entry_id,
      }));
      return event === undefined ? statements : statements.filter((one) => one.event === event);
    },
    async notices(patientId) {
      const { rows } = await base.pool.query(
        'select kind, detail, entry_id from notice where patient_id = $1 order by notice_id',
        [patientId],
      );
      return rows;
    },
    async count(sql, values = []) {
      const { rows } = await base.pool.query<{ count: string }>(sql, values);
      return Number(rows[0]?.count);
    },
  };
}

const snomed = (code: string, text: string): JsonObject => ({
  coding: [{ system: 'http://snomed.info/sct', code, display: text }],
  text,
});
const loinc = (code: string): JsonObject => ({ coding: [{ system: 'http://loinc.org', code }] });
const of = (patientId: string): JsonObject => ({ reference: `Patient/${patientId}` });

/** Asha Rao as in the pictures: four dangers, two people to call, facts of every kind of source. */
export async function fillAsha(
  app: CardApp,
  patientId: string,
  phones = ['+919000041122', '+919000041123'],
): Promise<void> {
  await app.changePatient(patientId, {
    birthDate: '1980-02-01',
    gender: 'female',
    name: [
      { text: 'Asha Rao', given: ['Asha'], family: 'Rao' },
      {
        text: 'आशा राव',
        _text: {
          extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/language', valueCode: 'hi' }],
        },
      },
    ],
    communication: [
      { language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'kn' }], text: 'Kannada' }, preferred: true },
      { language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }], text: 'English' } },
      { language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'hi' }], text: 'Hindi' } },
    ],
    contact: [
      emergencyContact('Ravi Rao', 'HUSB', 'Husband', phones[0] ?? ''),
      emergencyContact('Lata Rao', 'MTHINLAW', 'Mother-in-law', phones[1] ?? ''),
    ],
  });
  const subject = of(patientId);
  const iyer = { display: 'Dr Meera Iyer' };
  await app.write(
    patientId,
    'professional',
    {
      resourceType: 'AllergyIntolerance',
      patient: subject,
      code: snomed('91936005', 'Penicillin'),
      criticality: 'high',
      category: ['medication'],
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      reaction: [
        { manifestation: [snomed('39579001', 'Anaphylaxis')], severity: 'severe', onset: '2019-05-02' },
      ],
      recordedDate: '2026-11-18',
      asserter: iyer,
    },
    {
      resourceType: 'MedicationStatement',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: 'Warfarin' },
      dateAsserted: '2026-11-18',
      informationSource: iyer,
      dosage: [{ text: 'Once a day, evening', doseAndRate: [{ doseQuantity: { value: 5, unit: 'mg' } }] }],
    },
    {
      resourceType: 'MedicationStatement',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: 'Insulin glargine' },
      dateAsserted: '2026-11-03',
      informationSource: { display: 'Dr Leela Thomas' },
      dosage: [{ text: '18 units at night' }],
    },
    {
      resourceType: 'Condition',
      subject,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code: snomed('46635009', 'Type 1 diabetes'),
      onsetDateTime: '1996',
      recordedDate: '2026-11-03',
      asserter: { display: 'Dr Leela Thomas' },
    },
    {
      resourceType: 'DeviceUseStatement',
      status: 'active',
      subject,
      device: { display: 'Pacemaker' },
      timingDateTime: '2021-06-14',
      recordedOn: '2021-06-14',
      contained: [{ resourceType: 'Device', id: 'device', type: snomed('14106009', 'Cardiac pacemaker') }],
      source: { display: 'Kaveri General Hospital' },
    },
  );
  await app.write(patientId, 'organization', {
    resourceType: 'Observation',
    status: 'final',
    subject,
    code: loinc('882-1'),
    valueCodeableConcept: snomed('278149003', 'Blood group A Rh(D) positive'),
    effectiveDateTime: '2024-05-02',
    performer: [{ display: 'Kaveri Diagnostics' }],
  });
  await app.write(
    patientId,
    'patient',
    {
      resourceType: 'MedicationStatement',
      status: 'active',
      subject,
      medicationCodeableConcept: { text: 'Iron tablets' },
      dateAsserted: '2026-08-09',
      dosage: [{ text: 'Most days' }],
    },
    {
      resourceType: 'Observation',
      status: 'final',
      subject,
      code: loinc('29463-7'),
      valueQuantity: { value: 61, unit: 'kg', code: 'kg', system: 'http://unitsofmeasure.org' },
      effectiveDateTime: '2026-11-18',
    },
  );
}

function emergencyContact(name: string, code: string, relation: string, phone: string): JsonObject {
  return {
    relationship: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C' }] },
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code }], text: relation },
    ],
    name: { text: name },
    telecom: [{ system: 'phone', value: phone }],
  };
}
