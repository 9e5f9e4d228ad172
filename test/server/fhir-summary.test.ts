// Patient/$summary through the FHIR door: a valid International Patient Summary whatever is recorded, three silences kept apart,
// nothing that leads out of the document, digits as they were sent, one entry for each look.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseJson } from '../../core/fhir/json.ts';
import { shippedProfile } from '../../core/fhir/profiles/shipped.ts';
import { validateProfile } from '../../core/fhir/profiles/validate-profile.ts';
import { shippedTerminology } from '../../core/fhir/terminology/shipped.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { importFolder } from '../../server/admin/import.ts';
import type { Answer, Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { importDirectory } from '../harness/directory.ts';
import { program } from '../harness/program.ts';
import type { OutcomeBody } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { testWithSharedData } from '../shared-data.ts';

const ips = 'http://hl7.org/fhir/uv/ips/StructureDefinition/';
const loinc = 'http://loinc.org';
const snomed = 'http://snomed.info/sct';

interface Section {
  title: string;
  code: { coding: { code: string }[] };
  text: { div: string };
  entry?: { reference: string }[];
  emptyReason?: { coding: { code: string }[] };
}
interface Document {
  identifier: { value: string };
  meta: { security: { code: string }[] };
  entry: { fullUrl: string; resource: JsonObject & { resourceType: string; section?: Section[] } }[];
}

const sectionOf = (document: Document, code: string): Section | undefined =>
  document.entry[0]?.resource.section?.find((one) => one.code.coding[0]?.code === code);
const silence = (document: Document, code: string): string | undefined =>
  sectionOf(document, code)?.emptyReason?.coding[0]?.code;

const observationProfile = (resource: JsonObject): string => {
  const category = JSON.stringify(resource['category'] ?? '');
  if (category.includes('laboratory')) return 'Observation-results-laboratory-pathology-uv-ips';
  return category.includes('imaging') ? 'Observation-results-radiology-uv-ips' : '';
};

/** Sound R4, what the profile of the Bundle and of every resource wants, closed in itself, and every entry reached. */
function requireSummary(answer: Answer): Document {
  assert.equal(answer.status, 200, answer.text);
  const bundle = parseJson(answer.text) as JsonObject;
  const sources = { findProfile: shippedProfile, terminology: shippedTerminology };
  assert.deepEqual(validateResource(bundle), []);
  const profile = shippedProfile(`${ips}Bundle-uv-ips`);
  assert.ok(profile);
  assert.deepEqual(validateProfile(bundle, profile, sources), []);
  const document = answer.json<Document>();
  const [composition, patient] = document.entry;
  assert.equal(composition?.resource.resourceType, 'Composition');
  assert.equal(patient?.resource.resourceType, 'Patient');
  const byKey = new Map<string, string>();
  for (const { fullUrl, resource } of document.entry) {
    byKey.set(fullUrl, fullUrl);
    if (typeof resource['id'] === 'string') byKey.set(`${resource.resourceType}/${resource['id']}`, fullUrl);
    const type = resource.resourceType;
    const own = shippedProfile(
      ips + (type === 'Observation' ? observationProfile(resource) : `${type}-uv-ips`),
    );
    if (own)
      assert.deepEqual(validateProfile(parseJson(JSON.stringify(resource)) as JsonObject, own, sources), []);
  }
  const reached = new Set([composition.fullUrl]);
  for (const url of reached) {
    const text = JSON.stringify(document.entry.find(({ fullUrl }) => fullUrl === url)?.resource);
    for (const [, reference = ''] of text.matchAll(/"reference":"([^"#][^"]*)"/g)) {
      const target = byKey.get(reference);
      assert.ok(target, `${reference} leads out of the document`);
      reached.add(target);
    }
  }
  assert.equal(reached.size, document.entry.length);
  return document;
}

describe('the patient summary', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
    await importDirectory(server.deps, [
      { resourceType: 'Practitioner', id: 'doctor-one', name: [{ text: 'Dr Iyer' }] },
      { resourceType: 'Organization', id: 'lab-one', name: 'City Laboratory' },
      {
        resourceType: 'PractitionerRole',
        id: 'role-one',
        practitioner: { reference: 'Practitioner/doctor-one' },
        organization: { reference: 'Organization/lab-one' },
      },
      { resourceType: 'Medication', id: 'medicine-one', code: { text: 'Warfarin 5 mg tablet' } },
    ]);
  });
  after(() => server.stop());

  const summary = (client: Client, patientId: string, query = ''): Promise<Answer> =>
    client.get(`/fhir/R4/Patient/${patientId}/$summary${query}`);
  const coded = (system: string, code: string, text?: string) => ({
    coding: [{ system, code }],
    ...(text === undefined ? {} : { text }),
  });
  const clinical = (kind: string) =>
    coded(`http://terminology.hl7.org/CodeSystem/${kind}-clinical`, 'active');

  test('a person of whom nothing is recorded has a summary that says so', async () => {
    const empty = await signUp(server.url);
    const document = requireSummary(await summary(empty, empty.patientId));
    for (const code of ['48765-2', '11450-4', '10160-0'])
      assert.equal(silence(document, code), 'unavailable');
    assert.equal(document.entry[0]?.resource.section?.length, 3);
    assert.deepEqual(document.entry[1]?.resource['_birthDate'], {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
      ],
    });
  });

  test('what somebody asked and denied is nil known, in the old codes and the new', async () => {
    const person = await signUp(server.url);
    const subject = { reference: `Patient/${person.patientId}` };
    await person.create({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: clinical('allergyintolerance'),
      code: coded(snomed, '716186003'),
      patient: subject,
    });
    await person.create({
      resourceType: 'Condition',
      clinicalStatus: clinical('condition'),
      code: coded('http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips', 'no-known-problems'),
      subject,
    });
    await person.create({
      resourceType: 'MedicationStatement',
      status: 'active',
      medicationCodeableConcept: coded(snomed, '787481004'),
      subject,
    });
    const answer = await summary(person, person.patientId);
    const document = requireSummary(answer);
    for (const code of ['48765-2', '11450-4', '10160-0']) assert.equal(silence(document, code), 'nilknown');
    assert.ok(!answer.text.includes('absent-unknown-uv-ips'));
  });

  test('what the reader may not see is withheld, whether or not there is anything', async () => {
    const partner = await program(server, 'system/Patient.r system/Condition.r');
    const document = requireSummary(await summary(partner, asha.patientId));
    assert.equal(silence(document, '48765-2'), 'withheld');
    assert.equal(silence(document, '10160-0'), 'withheld');
    assert.equal(silence(document, '11450-4'), 'unavailable');
  });

  test('current things stand in their sections, the past apart, what is over or wrong in none', async () => {
    const person = await signUp(server.url);
    const subject = { reference: `Patient/${person.patientId}` };
    const condition = (text: string, status: string, more: object = {}) =>
      person.create({
        resourceType: 'Condition',
        clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', status),
        code: { text },
        subject,
        ...more,
      });
    await condition('Asthma <b>"&</b>', 'active');
    await condition('Broken arm', 'resolved');
    await condition('Typing error', 'active', {
      clinicalStatus: undefined,
      verificationStatus: coded(
        'http://terminology.hl7.org/CodeSystem/condition-ver-status',
        'entered-in-error',
      ),
    });
    await person.create({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      medicationReference: { reference: 'Medication/medicine-one' },
      subject,
      requester: { reference: 'PractitionerRole/role-one' },
    });
    await person.create({
      resourceType: 'MedicationRequest',
      status: 'stopped',
      intent: 'order',
      medicationCodeableConcept: { text: 'Old medicine' },
      subject,
    });
    const encounter = await person.create({
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      subject,
    });
    const glucose = (value: string, day: string, more = ''): string =>
      `{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],` +
      `"code":{"coding":[{"system":"${loinc}","code":"2339-0"}],"text":"Glucose"},"subject":{"reference":"Patient/${person.patientId}"},"effectiveDateTime":"${day}",` +
      `"encounter":{"reference":"Encounter/${encounter.id}","display":"Visit"},"valueQuantity":{"value":${value},"unit":"mmol/L"}${more}}`;
    for (const body of [
      glucose('5.10', '2024-01-01'),
      glucose('6.20', '2024-02-01', ',"performer":[{"reference":"Organization/lab-one"}]'),
    ])
      assert.equal((await person.call('POST', '/fhir/R4/Observation', { body })).status, 201);
    const answer = await summary(person, person.patientId);
    const document = requireSummary(answer);
    assert.match(
      sectionOf(document, '11450-4')?.text.div ?? '',
      /<li>Asthma &lt;b&gt;&quot;&amp;&lt;\/b&gt;<\/li>/,
    );
    assert.match(sectionOf(document, '11348-0')?.text.div ?? '', /Broken arm/);
    assert.match(sectionOf(document, '10160-0')?.text.div ?? '', /Warfarin 5 mg tablet/);
    assert.equal(sectionOf(document, '10160-0')?.entry?.length, 1);
    assert.match(sectionOf(document, '30954-2')?.text.div ?? '', /Glucose: 6\.20 mmol\/L \(2024-02-01\)/);
    assert.equal(sectionOf(document, '30954-2')?.entry?.length, 1);
    assert.ok(answer.text.includes('"value":6.20'));
    assert.ok(answer.text.includes('"display":"Visit","type":"Encounter"'));
    assert.ok(!answer.text.includes(encounter.id));
    assert.deepEqual(
      document.entry
        .map(({ resource }) => resource.resourceType)
        .filter((type) => /^(?:Prac|Org|Medication$)/.test(type))
        .sort(),
      ['Medication', 'Organization', 'Practitioner', 'PractitionerRole'],
    );
    for (const gone of ['Typing error', 'Old medicine']) assert.ok(!answer.text.includes(gone), gone);
  });

  test('the document is as confidential as the most confidential thing in it', async () => {
    const person = await signUp(server.url);
    const plain = requireSummary(await summary(person, person.patientId));
    assert.equal(plain.meta.security[0]?.code, 'N');
    await person.create({
      resourceType: 'Condition',
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
      clinicalStatus: clinical('condition'),
      code: { text: 'x' },
      subject: { reference: `Patient/${person.patientId}` },
    });
    const document = requireSummary(await summary(person, person.patientId));
    assert.equal(document.meta.security[0]?.code, 'R');
    assert.equal(document.entry[0]?.resource['confidentiality'], 'R');
  });

  test('by POST and by identifier it is the same summary', async () => {
    const byPost = await asha.call('POST', `/fhir/R4/Patient/${asha.patientId}/$summary`, {
      body: {
        resourceType: 'Parameters',
        parameter: [{ name: 'profile', valueCanonical: `${ips}Bundle-uv-ips` }],
      },
    });
    requireSummary(byPost);
    const found = await asha.get(
      `/fhir/R4/Patient/$summary?identifier=${encodeURIComponent(`urn:medallion:uhid|${asha.uhid}`)}`,
    );
    assert.equal(requireSummary(found).entry[1]?.resource['id'], asha.patientId);
  });

  test('each look is one entry; nobody else’s summary is answered, and the refusal is recorded too', async () => {
    const stranger = await signUp(server.url);
    const looks = async (outcome: string): Promise<number> => {
      const { rows } = await server.pool.query(`select statement from entry where patient_id = $1`, [
        asha.patientId,
      ]);
      return (rows as { statement: string }[])
        .map(({ statement }) => JSON.parse(statement) as { event: string; outcome: string })
        .filter((one) => one.outcome === outcome && (one.event === 'summary' || one.event === 'read')).length;
    };
    const before = [await looks('done'), await looks('refused')];
    requireSummary(await summary(asha, asha.patientId));
    const refused = await summary(stranger, asha.patientId);
    const absent = await summary(stranger, 'nobody');
    assert.equal(refused.status, 404);
    assert.equal(refused.text, absent.text);
    const byNumber = await stranger.get(
      `/fhir/R4/Patient/$summary?identifier=${encodeURIComponent(`urn:medallion:uhid|${asha.uhid}`)}`,
    );
    assert.equal(byNumber.text, absent.text);
    assert.deepEqual(
      [await looks('done'), await looks('refused')],
      [(before[0] ?? 0) + 1, (before[1] ?? 0) + 2],
    );
  });

  for (const [rule, path, status] of [
    ['no person named', 'Patient/$summary', 400],
    ['an identifier without its system', 'Patient/$summary?identifier=12', 400],
    ['an unknown identifier', 'Patient/$summary?identifier=a%7Cb', 404],
    ['another profile', 'Patient/x/$summary?profile=http://x', 422],
    ['an unknown parameter', 'Patient/x/$summary?_type=Condition', 400],
    ['an id that is none', 'Patient/a_b/$summary', 404],
  ] as const)
    test(`refused: ${rule}`, async () => {
      const answer = await asha.get(`/fhir/R4/${path}`);
      assert.equal(answer.status, status, answer.text);
      assert.ok(answer.json<OutcomeBody>().issue.length > 0);
    });

  test('nobody is answered without signing in', async () => {
    assert.equal((await summary(newClient(server.url), asha.patientId)).status, 401);
  });

  testWithSharedData('every Synthea person has a valid summary', async (folder) => {
    assert.equal(
      await importFolder(
        { deps: server.deps, sequencer: server.sequencer } as never,
        join(folder, 'synthea'),
        () => undefined,
      ),
      0,
    );
    const partner = await program(server);
    const { rows } = await server.pool.query(
      `select resource_id as id from resource where resource_type = 'Patient' and content like '%synthetichealth%'`,
    );
    assert.ok(rows.length >= 36 && rows.length <= readdirSync(join(folder, 'synthea')).length);
    let entries = 0;
    for (const { id } of rows as { id: string }[])
      entries += requireSummary(await summary(partner, id)).entry.length;
    assert.ok(entries > 36 * 20, `${entries}`);
  });
});
