// What may kill is not lost when two records are joined: it is shown by the card, found by the check of medicines and read by whoever was
// let into the record that stays, as far as they were let in; and it is gone with the parting.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { program } from '../harness/program.ts';
import {
  ask,
  confirm,
  doctor,
  lastCode,
  letIn,
  nowMs,
  patient,
  sealed,
  server,
  whole,
} from './consent-world.ts';
import { act, join } from './merges-world.ts';

type Json = Record<string, unknown>;

let twin: Person;
const idOf = async (who: Person, resource: Json): Promise<string> => {
  const answer = await who.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, { body: resource });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
};
const active = (system: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}-clinical`, code: 'active' }],
});
const allergy = (of: Person, text: string, more: Json = {}): Json => ({
  resourceType: 'AllergyIntolerance',
  clinicalStatus: active('allergyintolerance'),
  patient: { reference: `Patient/${of.patientId}` },
  criticality: 'high',
  code: { text },
  ...more,
});
const condition = (of: Person, text: string): Json => ({
  resourceType: 'Condition',
  clinicalStatus: active('condition'),
  subject: { reference: `Patient/${of.patientId}` },
  code: { text },
});
const taken = (of: Person, text: string): Json => ({
  resourceType: 'MedicationStatement',
  status: 'active',
  subject: { reference: `Patient/${of.patientId}` },
  medicationCodeableConcept: { text },
});
const prescribed = (of: Person, text: string): Json => ({
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${of.patientId}` },
  medicationCodeableConcept: { text },
});
const observed = (of: Person, loinc: string, value: Json, more: Json = {}): Json => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
  subject: { reference: `Patient/${of.patientId}` },
  effectiveDateTime: '2025-03-02',
  valueCodeableConcept: value,
  ...more,
});
const blood = (of: Person, text: string, more: Json = {}): Json => observed(of, '882-1', { text }, more);
const donor = (of: Person, code: 'Y' | 'N'): Json =>
  observed(of, '75781-5', {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0316', code }],
    text: code,
  });
const livingWill = (of: Person): Json => ({
  resourceType: 'DocumentReference',
  status: 'current',
  subject: { reference: `Patient/${of.patientId}` },
  type: { coding: [{ system: 'http://loinc.org', code: '86533-7' }], text: 'Living will' },
  description: 'In the drawer at home',
  content: [{ attachment: { title: 'Living will' } }],
});
const report = (of: Person): Json => ({
  ...livingWill(of),
  type: { coding: [{ system: 'http://loinc.org', code: '11502-2' }], text: 'A report' },
  description: 'A report',
});
const undo = (who: Person, id: string): Promise<Answer> =>
  act(who, id, 'undo', { reason: 'They are two sisters after all.' });
const day = () => new Date(nowMs).toISOString().slice(0, 4);

beforeEach(async () => {
  twin = await signUp(server.url, { name: 'Twin Rao' });
});

describe('the emergency page of the record that stays', () => {
  const card = async (of: Person): Promise<string> => {
    await of.call('POST', '/api/emergency-card');
    return new URL((await of.get('/api/emergency-card')).json<{ url: string }>().url).pathname;
  };
  const scan = async (path: string, language = 'en'): Promise<string> => {
    const { status, text } = await newClient(server.url).get(`${path}?l=${language}`);
    assert.equal(status, 200, text);
    return text;
  };
  const dangers = (page: string): string => /<section class="danger.*?<\/section>/su.exec(page)?.[0] ?? '';

  it('shows allergies, medicines, conditions and implants of the joined record, marked so, with their source; and none after parting', async () => {
    await idOf(patient, allergy(patient, 'Latex'));
    await idOf(twin, allergy(twin, 'Penicillin'));
    await idOf(twin, taken(twin, 'Warfarin'));
    await idOf(twin, condition(twin, 'Epilepsy'));
    const path = await card(patient);
    const before = await scan(path);
    assert.ok(before.includes('Latex') && !before.includes('Penicillin'));
    const { id, first } = await join(patient, twin);
    const page = await scan(path);
    assert.match(dangers(page), /Penicillin allergy/);
    assert.match(dangers(page), /Takes warfarin/);
    assert.match(dangers(page), /From the record joined on [^<]*20\d\d/);
    assert.match(page, /Epilepsy/);
    assert.ok(gzipSync(page).length <= 14 * 1024, 'the first round trip');
    assert.match(page, new RegExp(`Twin Rao said[^<]*From the record joined on [^<]*${day()}`, 'u'));
    const latex = /<li>\s*<h3>Latex allergy.*?<\/li>/su.exec(page)?.[0] ?? '';
    assert.ok(latex !== '' && !latex.includes('joined'), 'their own is not marked');
    assert.match(await scan(path, 'hi'), /जोड़े गए रिकॉर्ड/);
    assert.equal((await undo(first, id)).status, 200);
    const parted = await scan(path);
    assert.ok(!parted.includes('Penicillin') && !parted.includes('Warfarin') && !parted.includes('joined'));
    assert.deepEqual(dangers(parted), dangers(before));
  });

  it('shows both blood groups where they differ, chosen by nobody: page, card and the text without network; undone by the parting', async () => {
    await idOf(patient, blood(patient, 'A+'));
    await idOf(twin, blood(twin, 'O-'));
    const path = await card(patient);
    assert.equal(
      (await patient.call('PUT', '/api/emergency-card', { body: { plainTextCode: true } })).status,
      200,
    );
    const face = async () =>
      (await patient.get('/api/emergency-card')).json<{ face: { blood: Json; offlineText: string } }>().face;
    assert.equal((await face()).blood['text'], 'A+');
    const { id, first } = await join(patient, twin);
    const page = await scan(path);
    const section = /<section aria-labelledby="blood-group">.*?<\/section>/su.exec(page)?.[0] ?? '';
    assert.match(section, /A positive[\s\S]*Two different groups are recorded[\s\S]*O negative/);
    assert.match(section, /From the record joined on/);
    assert.deepEqual((await face()).blood, { differ: 'A+, O−' });
    assert.match((await face()).offlineText, /BLOOD: A positive, O negative - RECORDS DIFFER/);
    assert.equal((await undo(first, id)).status, 200);
    assert.equal((await face()).blood['text'], 'A+');
    assert.ok(!(await scan(path)).includes('O negative'));
  });

  it('says a group that stands in one record only, and the same one once', async () => {
    await idOf(twin, blood(twin, 'B+'));
    const path = await card(patient);
    await join(patient, twin);
    assert.match(await scan(path), /B positive/);
    await idOf(patient, blood(patient, 'B+'));
    const page = await scan(path);
    assert.equal(page.split('B positive').length, 2);
    assert.ok(!page.includes('Two different groups'));
  });

  it('keeps to what the holder of the joined record lets a card show of it', async () => {
    await idOf(twin, blood(twin, 'O-'));
    const paths = [await card(patient), await card(twin)];
    await twin.call('PUT', '/api/emergency-card', { body: { tiers: { 'blood-group': 'none' } } });
    await join(patient, twin);
    for (const path of paths) assert.ok(!(await scan(path)).includes('O negative'));
  });

  it('shows advance directives, wishes about organs and whom to call of both, and where one says otherwise', async () => {
    await idOf(patient, donor(patient, 'Y'));
    await idOf(twin, donor(twin, 'N'));
    await idOf(twin, livingWill(twin));
    const called = await twin.call('PUT', `/fhir/R4/Patient/${twin.patientId}`, {
      headers: { 'if-match': 'W/"1"' },
      body: {
        ...(await twin.get(`/fhir/R4/Patient/${twin.patientId}`)).json<Json>(),
        contact: [
          {
            relationship: [
              {
                coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'C' }],
                text: 'Aunt',
              },
            ],
            name: { text: 'Latha Rao' },
            telecom: [{ system: 'phone', value: '+91 90000 55555' }],
          },
        ],
      },
    });
    assert.equal(called.status, 200, called.text);
    const path = await card(patient);
    const tiers = { 'organ-donor': 'first' };
    for (const who of [patient, twin]) await who.call('PUT', '/api/emergency-card', { body: { tiers } });
    const { id, first } = await join(patient, twin);
    const page = await scan(path);
    assert.match(page, /Living will[\s\S]*In the drawer at home/);
    assert.match(page, /Latha Rao[\s\S]*Aunt, from the joined record/i);
    const wish = /Organ donor<\/dt>.*?<\/dd>/su.exec(page)?.[0] ?? '';
    assert.match(wish, /Yes[\s\S]*say different things[\s\S]*No/);
    const { contacts } = (await patient.get('/api/emergency-card')).json<{
      face: { contacts: { name: string; relation: string }[] };
    }>().face;
    assert.equal(contacts[0]?.relation, 'Aunt, from the joined record');
    assert.equal((await undo(first, id)).status, 200);
    const parted = await scan(path);
    assert.ok(!parted.includes('Latha') && !parted.includes('drawer'));
  });

  it('follows each change of the joined record from the next scan on, as it does of its own', async () => {
    const path = await card(patient);
    await join(patient, twin);
    assert.ok(!(await scan(path)).includes('Penicillin'));
    await idOf(twin, allergy(twin, 'Penicillin'));
    assert.match(await scan(path), /Penicillin/);
  });

  it('shows nothing that the holder of either record keeps off a card, and says that there may be more', async () => {
    const hidden = await idOf(twin, allergy(twin, 'Penicillin'));
    await idOf(twin, allergy(twin, 'Latex'));
    await idOf(twin, condition(twin, 'Schizophrenia'));
    const paths = [await card(patient), await card(twin)];
    const settle = async (who: Person, settings: Json) => {
      const answer = await who.call('PUT', '/api/emergency-card', { body: settings });
      assert.equal(answer.status, 200, answer.text);
    };
    await settle(twin, { hidden: [hidden] });
    await join(patient, twin);
    const scans = async () => (await Promise.all(paths.map((path) => scan(path)))).join('\n');
    const first = await scans();
    assert.ok(first.includes('Latex') && !first.includes('Penicillin') && !first.includes('Schizophrenia'));
    await settle(twin, { tiers: { allergies: 'none' } });
    const kept = await scans();
    assert.ok(!kept.includes('Latex'), 'withheld there');
    assert.match(kept, /Dangers are not shown here/);
    await settle(twin, { tiers: { allergies: 'first' }, hidden: [] });
    assert.match(await scans(), /Penicillin/);
    await settle(patient, { tiers: { allergies: 'none' } });
    assert.ok(!(await scans()).includes('Penicillin'), 'withheld here');
  });

  it('overrules a "none known" of the record that stays', async () => {
    await idOf(
      patient,
      allergy(patient, 'No known allergy', {
        criticality: undefined,
        code: {
          coding: [{ system: 'http://snomed.info/sct', code: '716186003', display: 'No known allergy' }],
        },
      }),
    );
    await idOf(twin, allergy(twin, 'Penicillin'));
    const path = await card(patient);
    await join(patient, twin);
    assert.match(dangers(await scan(path)), /Penicillin allergy/);
  });

  it('is a look in both chains, and prints the same lines on the card and in the text without network', async () => {
    await idOf(twin, allergy(twin, 'Penicillin'));
    const path = await card(patient);
    await join(patient, twin);
    assert.equal(
      (await patient.call('PUT', '/api/emergency-card', { body: { plainTextCode: true } })).status,
      200,
    );
    const count = async (): Promise<number> =>
      (
        await server.pool.query<{ n: number }>(
          `select count(*)::int as n from entry where patient_id = $1 and statement::json ->> 'event' = 'scan'`,
          [twin.patientId],
        )
      ).rows[0]?.n ?? 0;
    assert.equal(await count(), 0);
    await scan(path);
    assert.equal(await count(), 1);
    const { face } = (await patient.get('/api/emergency-card')).json<{
      face: { dangers: { noun: string; reason: string }[]; offlineText: string };
    }>();
    assert.equal(face.dangers[0]?.noun, 'Penicillin');
    assert.match(face.dangers[0]?.reason ?? '', /joined record/i);
    assert.match(face.offlineText, /PENICILLIN/i);
  });
});

describe('the check of medicines in the record that stays', () => {
  const prescribe = (who: { call: Person['call'] }, text: string) =>
    who.call('POST', '/fhir/R4/MedicationRequest', { body: prescribed(patient, text) });
  const pen = async (scope: object = { write: true }) => {
    const { id } = await ask({ ...whole, scope });
    assert.equal((await confirm(id, lastCode())).status, 201);
  };

  it('refuses what an allergy or a medicine of the joined record speaks against, and says where that stands', async () => {
    await idOf(twin, allergy(twin, 'Penicillin'));
    await idOf(twin, taken(twin, 'Warfarin'));
    await pen();
    const { id, first } = await join(patient, twin);
    const refused = await prescribe(doctor, 'Amoxicillin 500 mg');
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.text, /In the record joined on \d{4}-\d\d-\d\d/);
    const thinner = await prescribe(doctor, 'Fluconazole 150 mg');
    assert.equal(thinner.status, 422, thinner.text);
    const refusedToo = await prescribe(await program(server), 'Amoxicillin 500 mg');
    assert.equal(refusedToo.status, 422, refusedToo.text);
    assert.equal((await undo(first, id)).status, 200);
    assert.equal((await prescribe(doctor, 'Amoxicillin 500 mg')).status, 201);
  });

  it('keeps an entry for the owner, and refuses nobody, where the clinician was not let into that part', async () => {
    await idOf(twin, allergy(twin, 'Penicillin'));
    await pen({ write: true, categories: ['medicines'] });
    await join(patient, twin);
    const stored = await prescribe(doctor, 'Amoxicillin 500 mg');
    assert.equal(stored.status, 201, stored.text);
    assert.ok(!stored.text.includes('enicillin'));
    const issues = (await patient.get(`/fhir/R4/DetectedIssue?patient=${patient.patientId}`)).json<{
      entry: { resource: { detail: string; implicated: Json[] } }[];
    }>();
    const [issue] = issues.entry;
    assert.match(issue?.resource.detail ?? '', /In the record joined on/);
    assert.equal(issue?.resource.implicated[1]?.['reference'], undefined, 'no address into the other record');
  });
});

describe('a clinician who was let into the record that stays', () => {
  const found = async (who: { get: Person['get'] }, type: string): Promise<string[]> =>
    (
      ((await who.get(`/fhir/R4/${type}?patient=${patient.patientId}`)).json()['entry'] as
        { resource: { id: string } }[] | undefined) ?? []
    ).map(({ resource }) => resource.id);

  it('reads what may kill in the joined record, nothing else of it and nothing sealed, each look in its chain', async () => {
    const own = await idOf(patient, allergy(patient, 'Latex'));
    const dangerous = await idOf(twin, allergy(twin, 'Penicillin'));
    const secret = await idOf(twin, allergy(twin, 'Sulfa', sealed));
    const other = await idOf(twin, {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'A measurement' },
      subject: { reference: `Patient/${twin.patientId}` },
    });
    await letIn();
    const { id, first } = await join(patient, twin);
    assert.deepEqual((await found(doctor, 'AllergyIntolerance')).toSorted(), [own, dangerous].toSorted());
    assert.deepEqual(await found(doctor, 'Observation'), []);
    const status = async (path: string) => (await doctor.get(`/fhir/R4/${path}`)).status;
    assert.equal(await status(`AllergyIntolerance/${dangerous}`), 200);
    assert.equal(await status(`AllergyIntolerance/${secret}`), 404);
    assert.equal(await status(`Observation/${other}`), 404);
    assert.equal(await status(`Patient/${twin.patientId}`), 404);
    assert.equal(
      (await doctor.call('POST', '/fhir/R4/AllergyIntolerance', { body: allergy(twin, 'Nuts') })).status,
      403,
      'nothing is written there',
    );
    for (const path of ['handovers?', 'corrections?beside=entries&'])
      assert.equal((await doctor.get(`/api/${path}patient=${twin.patientId}`)).status, 404, path);
    assert.match((await twin.get('/api/entries')).text, /"basis":"joined-safety"/);
    assert.equal((await undo(first, id)).status, 200);
    assert.deepEqual(await found(doctor, 'AllergyIntolerance'), [own]);
    assert.equal(await status(`AllergyIntolerance/${dangerous}`), 404);
  });

  it('reads blood group, directives and wishes of the joined record and no other measurement or paper; by search, read, $summary and $everything', async () => {
    const groups = [await idOf(patient, blood(patient, 'A+')), await idOf(twin, blood(twin, 'O-'))];
    const secret = await idOf(twin, blood(twin, 'B+', sealed));
    const paper = await idOf(twin, livingWill(twin));
    const others = [
      await idOf(twin, report(twin)),
      await idOf(twin, observed(twin, '718-7', { text: '12 g/dl' })),
    ];
    await letIn();
    const { id, first } = await join(patient, twin);
    assert.deepEqual((await found(doctor, 'Observation')).toSorted(), groups.toSorted());
    assert.deepEqual(await found(doctor, 'DocumentReference'), [paper]);
    const status = async (path: string) => (await doctor.get(`/fhir/R4/${path}`)).status;
    assert.equal(await status(`Observation/${groups[1] ?? ''}`), 200);
    assert.equal(await status(`Observation/${groups[1] ?? ''}/_history/1`), 200);
    assert.equal(await status(`DocumentReference/${paper}`), 200);
    assert.equal(await status(`Observation/${secret}`), 404);
    assert.equal(await status(`DocumentReference/${others[0] ?? ''}`), 404);
    assert.equal(await status(`Observation/${others[1] ?? ''}`), 404);
    for (const operation of ['summary', 'everything']) {
      const { text } = await doctor.get(`/fhir/R4/Patient/${patient.patientId}/$${operation}`);
      for (const one of [...groups, paper]) assert.ok(text.includes(one), `${operation} ${one}`);
      for (const one of [...others, secret]) assert.ok(!text.includes(one), `${operation} ${one}`);
      if (operation === 'summary')
        assert.match(text, /Two different blood groups are recorded[^"]*O-[^"]*in the record joined on 20/);
    }
    assert.match((await twin.get('/api/entries')).text, /"basis":"joined-safety"/);
    assert.equal((await undo(first, id)).status, 200);
    assert.deepEqual(await found(doctor, 'Observation'), [groups[0]]);
    assert.equal(await status(`Observation/${groups[1] ?? ''}`), 404);
  });

  it('only in the parts that their grant covers; and nobody else at all', async () => {
    const dangerous = await idOf(twin, allergy(twin, 'Penicillin'));
    const medicine = await idOf(twin, taken(twin, 'Warfarin'));
    await letIn({ ...whole, scope: { categories: ['medicines'] } });
    await join(patient, twin);
    assert.deepEqual(await found(doctor, 'MedicationStatement'), [medicine]);
    assert.deepEqual(await found(doctor, 'AllergyIntolerance'), []);
    const stranger = await signUp(server.url);
    assert.equal((await stranger.get(`/fhir/R4/AllergyIntolerance/${dangerous}`)).status, 404);
  });

  it('finds it in $summary and $everything, and reads in the Patient since when', async () => {
    const dangerous = await idOf(twin, allergy(twin, 'Penicillin'));
    const note = await idOf(twin, {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'A measurement' },
      subject: { reference: `Patient/${twin.patientId}` },
    });
    await letIn();
    const { id, first } = await join(patient, twin);
    for (const who of [doctor, patient]) {
      const read = async (operation: string) =>
        (await who.get(`/fhir/R4/Patient/${patient.patientId}/$${operation}`)).text;
      assert.match(await read('summary'), new RegExp(dangerous));
      const everything = await read('everything');
      assert.match(everything, new RegExp(dangerous));
      assert.ok(!everything.includes(note));
    }
    const { link } = (await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).json<{ link: Json[] }>();
    assert.equal(link[0]?.['type'], 'replaces');
    assert.match(JSON.stringify(link[0]), /"valueDateTime":"20/);
    assert.equal((await undo(first, id)).status, 200);
    assert.ok(!(await doctor.get(`/fhir/R4/Patient/${patient.patientId}/$summary`)).text.includes(dangerous));
    assert.equal((await doctor.get(`/fhir/R4/Patient/${patient.patientId}`)).json()['link'], undefined);
  });
});
