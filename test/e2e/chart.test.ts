// The chart of a person, as a clinician opens it: who it is and what can kill them first, each entry with its value and its state, measures
// gathered with what they were before, and the way on to writing.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const codes: string[] = [];
let server: TestServer;
let browser: Browser;
let doctor: Clinician;
let patient: Person;
let page: Page;

const clinical = (code: string) => ({
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }],
  },
});
const haemoglobinA1c = (day: string, value: number, flag: string) => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
    },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }], text: 'HbA1c' },
  effectiveDateTime: day,
  valueQuantity: { value, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  referenceRange: [{ high: { value: 6.5, unit: '%' } }],
  interpretation: [
    {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: flag }],
    },
  ],
});

before(async () => {
  server = await startServer({
    sources: {
      messenger: {
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
      },
    },
  });
  patient = await signUp(server.url, { name: 'Asha Rao' });
  const subject = { reference: `Patient/${patient.patientId}` };
  const stands = (await patient.get(`/fhir/R4/Patient/${patient.patientId}`)).json<object>();
  const named = await patient.call('PUT', `/fhir/R4/Patient/${patient.patientId}`, {
    body: { ...stands, birthDate: '1980-02-01', gender: 'female' },
  });
  assert.equal(named.status, 200, named.text);
  await patient.create({
    resourceType: 'MedicationStatement',
    status: 'active',
    subject,
    medicationCodeableConcept: { text: 'Warfarin' },
    dosage: [{ text: '5 mg in the evening' }],
  });
  await patient.create({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject,
    authoredOn: '2026-09-12',
    medicationCodeableConcept: { text: 'Bisoprolol' },
    dosageInstruction: [{ text: '2.5 mg in the morning' }],
  });
  await patient.create({
    resourceType: 'Condition',
    subject,
    code: { text: 'Gout' },
    ...clinical('resolved'),
  });
  await patient.create({
    resourceType: 'Condition',
    subject,
    code: { text: 'Asthma' },
    ...clinical('active'),
  });
  for (const [day, value, flag] of [
    ['2026-01-10', 7.9, 'H'],
    ['2026-05-11', 7.4, 'H'],
    ['2026-09-12', 6.1, 'N'],
  ] as const)
    await patient.create({ ...haemoglobinA1c(day, value, flag), subject });
  browser = await launchBrowser();
  doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  const body = { patient: patient.uhid, scope: 'whole', purpose: 'TREAT', duration: 'P7D' };
  const asked = await doctor.call('POST', '/api/access-requests', { body });
  assert.equal(asked.status, 201, asked.text);
  const { id } = asked.json<{ id: string }>();
  const answer = await doctor.call('POST', `/api/access-requests/${id}/confirm`, {
    body: { code: codes.at(-1) },
  });
  assert.equal(answer.status, 201, answer.text);
  ({ page } = await visitorOf(browser, server.url, doctor, { viewport: { width: 1280, height: 900 } }));
  await page.goto(`/clinic/patients/${patient.patientId}`);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function assertAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  );
}
const part = (name: string) => page.getByRole('region', { name, exact: true });

it('says who it is, what can kill them, and that nobody recorded allergies', async () => {
  await page.getByText(/^\d+ years, born 1.Feb.1980, female, /).waitFor();
  await part('Danger').getByText('Warfarin 5 mg in the evening').waitFor();
  await page.getByText('Allergies are not recorded.').waitFor();
});

it('says of each medicine how it is taken, and of what is over that it is over, after what stands', async () => {
  await part('Medicines').getByText('5 mg in the evening').waitFor();
  const conditions = part('Conditions').getByRole('listitem');
  assert.match(await conditions.nth(0).innerText(), /^Asthma/);
  assert.match(await conditions.nth(1).innerText(), /^Gout[^]*Over/);
});

it('gathers the values of one measure: the newest with its reading, what it was before, and all of them', async () => {
  const row = part('Test results').getByRole('listitem').filter({ hasText: 'HbA1c' });
  assert.equal(await row.count(), 1);
  await row.getByText('6.1 %').first().waitFor();
  await row.getByText(/^Before: 7.4 \(11.May.2026\), 7.9 \(10.Jan.2026\)/).waitFor();
  await row.getByRole('img', { name: /^HbA1c: 7.9 %/ }).waitFor();
  await row.getByRole('button', { name: 'All 3 values of HbA1c' }).click();
  await row.getByRole('row').nth(3).waitFor();
  assert.equal(await row.getByRole('row').count(), 4);
  await assertAccessible();
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  }
});

it('on a phone the patients are one press away, and who looked is under More', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  const bar = page.locator('.nav-bar');
  assert.equal(await bar.getByRole('link', { name: 'Patients' }).getAttribute('aria-current'), 'page');
  assert.equal(await bar.getByRole('link', { name: 'Who looked' }).count(), 0);
  await bar.getByRole('link', { name: 'More' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Who looked' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Asha Rao' }).waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
});

it('leads to each part, and asks to write without the health ID being typed again', async () => {
  const parts = page.getByRole('navigation', { name: 'Parts of this record' });
  await parts.getByRole('link', { name: 'Medicines 2' }).click();
  await page.waitForFunction(() => document.querySelector(':target h2')?.textContent === 'Medicines');
  await page.getByRole('button', { name: 'Ask to write' }).click();
  const code = page.getByLabel('Type the code they tell you');
  await code.waitFor();
  await code.fill(codes.at(-1) ?? '');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByLabel('Symptoms').waitFor();
  await page.getByRole('link', { name: 'Chart', exact: true }).click();
  await page.getByRole('link', { name: 'Write the visit' }).waitFor();
});

it('prescribes again with one press what is taken, and shows beside the visit what was measured', async () => {
  await page.getByRole('link', { name: 'Write the visit' }).click();
  await part('Measured').getByText('HbA1c 6.1 %').waitFor();
  await part('Takes now').getByRole('button', { name: 'Prescribe again: Bisoprolol' }).click();
  await page.getByText('2.5 mg, in the morning').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Prescribe again: Bisoprolol' }).count(), 0);
  await page.getByRole('button', { name: 'Sign visit' }).click();
  await page.getByRole('heading', { level: 1, name: /^Signed, / }).waitFor();
  const stored = (await patient.get('/fhir/R4/MedicationRequest')).text;
  assert.match(stored, /"priorPrescription":\{"reference":"MedicationRequest\//);
  await page.goto(`/clinic/patients/${patient.patientId}`);
  await part('Medicines').getByText('Prescribed again since').waitFor();
  assert.equal(await part('Medicines').getByText('Prescribed again since').count(), 1);
});
