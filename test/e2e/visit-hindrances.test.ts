// What can come between a visit and the record: a danger that only the server knows, a pen for some parts, an answer that was lost, and
// somebody who wrote meanwhile. Each is shown where the visit is, nothing is written twice and nothing is written over.
import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, shows, visitorOf } from '../harness/browser.ts';
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
  browser = await launchBrowser();
  doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  ({ page } = await visitorOf(browser, server.url, doctor, {
    viewport: { width: 1280, height: 900 },
  }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  patient = await signUp(server.url, { name: 'Asha Rao' });
});

async function lend(scope: object | 'whole', to: Clinician = doctor): Promise<void> {
  const body = { patient: patient.uhid, scope, purpose: 'TREAT', duration: 'P7D' };
  const asked = await to.call('POST', '/api/access-requests', { body });
  assert.equal(asked.status, 201, asked.text);
  const { id } = asked.json<{ id: string }>();
  const answer = await to.call('POST', `/api/access-requests/${id}/confirm`, {
    body: { code: codes.at(-1) },
  });
  assert.equal(answer.status, 201, answer.text);
}
const openVisit = async (): Promise<void> => {
  await page.goto(`/clinic/patients/${patient.patientId}/visit`);
  await page.getByLabel('Symptoms').waitFor();
};
const prescribe = async (line: string): Promise<void> => {
  const add = page.getByRole('combobox', { name: 'Add a medicine' });
  await add.fill(line);
  await add.press('Enter');
};
const sign = () => page.getByRole('button', { name: 'Sign visit' }).click();
const signed = () => page.getByRole('heading', { level: 1, name: /^Signed, \d/ }).waitFor();
const total = async (type: string): Promise<number> =>
  (await patient.get(`/fhir/R4/${type}?_summary=count`)).json<{ total: number }>().total;
const allergyTo = (text: string) => ({
  resourceType: 'AllergyIntolerance',
  patient: { reference: `Patient/${patient.patientId}` },
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
  },
  code: { text },
});

it('a danger that only the server knows refuses the signature, is shown at its medicine, and is kept with a reason', async () => {
  await patient.create(allergyTo('Penicillin'));
  await lend({ write: true });
  // The page is given a record that lacks the allergy, as when it holds less than the server reads.
  await page.route('**/$everything*', async (route) => {
    const answer = await route.fetch();
    const bundle = (await answer.json()) as { entry?: { resource: { resourceType: string } }[] };
    const entry = bundle.entry?.filter(({ resource }) => resource.resourceType !== 'AllergyIntolerance');
    await route.fulfill({ response: answer, json: { ...bundle, entry } });
  });
  await openVisit();
  await prescribe('amoxicillin 500 mg tds 5 days');
  await page.getByText('500 mg, 3 times a day').waitFor();
  assert.equal(await page.getByText('An allergy to a penicillin is recorded').count(), 0);
  await sign();
  await page.getByText('Not sent: the record speaks against a medicine.').waitFor();
  await page.getByText(/^An allergy to a penicillin is recorded, and this is a penicillin\./).waitFor();
  await page.getByText('Found by the server, in more of the record than you see.').waitFor();
  assert.deepEqual([await total('Encounter'), await total('MedicationRequest')], [0, 0], 'all or nothing');
  await page.getByRole('button', { name: '1 check to settle before signing' }).waitFor();
  await page.getByRole('button', { name: /^Keep, give a reason: Amoxicillin/ }).click();
  await page.getByLabel('Why it must be Amoxicillin all the same').fill('Tolerated twice since then');
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await sign();
  await signed();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  const stored = (await patient.get('/fhir/R4/MedicationRequest')).text;
  assert.match(stored, /Tolerated twice since then/);
  assert.match(stored, /allergy-penicillins/);
});

it('what is pressed twice signs once, and nothing is left waiting', async () => {
  await lend({ write: true });
  await openVisit();
  await page.getByLabel('Symptoms').fill('Cough for two days');
  await page.getByText(/^Draft saved/).waitFor();
  const failed: string[] = [];
  page.on('pageerror', ({ message }) => failed.push(message));
  // Both before the page is drawn anew.
  await page.evaluate(() => {
    for (let press = 0; press < 2; press += 1)
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true }));
  });
  await signed();
  assert.deepEqual(failed, []);
  assert.equal(await page.getByText('1 signed visit waits to be sent').count(), 0);
  assert.equal(await total('Encounter'), 1);
});

it('a record of which only parts are open is opened with those parts', async () => {
  await patient.create(allergyTo('Latex'));
  await patient.create({
    resourceType: 'MedicationStatement',
    status: 'active',
    subject: { reference: `Patient/${patient.patientId}` },
    medicationCodeableConcept: { text: 'Warfarin' },
  });
  await lend({ categories: ['medicines'] });
  await page.goto(`/clinic/patients/${patient.patientId}`);
  await page.getByRole('region', { name: 'Medicines', exact: true }).getByText('Warfarin').waitFor();
  assert.equal(await page.getByText('Latex').count(), 0);
  assert.equal(await page.getByText('This record is not open to you.').count(), 0);
});

it('a pen for some parts offers those parts alone, says so, and writes nothing else', async () => {
  await lend({ write: true, categories: ['visits', 'medicines'] });
  await openVisit();
  await page.getByText(/^You may write into .* only\.$/).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Add a diagnosis' }).count(), 0);
  await page.getByLabel('Symptoms').fill('Cough for two days');
  await prescribe('paracetamol 500 mg tds 3 days');
  await sign();
  await signed();
  assert.deepEqual(
    await Promise.all(['Encounter', 'MedicationRequest', 'Condition', 'Observation'].map(total)),
    [1, 1, 0, 0],
  );
  // Past the page: the server holds the same line.
  const condition = await doctor.call('POST', '/fhir/R4/Condition', {
    body: {
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient.patientId}` },
      code: { text: 'Bronchitis' },
    },
  });
  assert.equal(condition.status, 403, condition.text);
  assert.equal(await total('Condition'), 0);
});

it('a pen without the part of visits signs none, and says so before anything is typed', async () => {
  await lend({ write: true, categories: ['medicines'] });
  await page.goto(`/clinic/patients/${patient.patientId}/visit`);
  await page.getByText(/^You may write into .* only\.$/).waitFor();
  await prescribe('paracetamol 500 mg tds 3 days');
  await page.getByText(/^Draft saved/).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Sign visit' }).count(), 0);
  assert.equal(await total('Encounter'), 0);
});

it('an answer that was lost is not a second visit: what arrived is found again', async () => {
  await lend({ write: true });
  await openVisit();
  await page.getByLabel('Symptoms').fill('Headache since morning');
  await prescribe('paracetamol 500 mg tds 3 days');
  let posts = 0;
  await page.route('**/fhir/R4', async (route) => {
    posts += 1;
    // It reaches the server; its answer does not reach the page.
    await route.fetch();
    await route.abort('connectionreset');
  });
  await sign();
  await page.getByRole('heading', { level: 1, name: 'Signed, waits to be sent' }).waitFor();
  assert.equal(posts, 1);
  assert.equal(await total('Encounter'), 1, 'it had arrived');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.getByRole('button', { name: 'Send now: Asha Rao' }).click();
  await signed();
  assert.deepEqual(
    await Promise.all(['Encounter', 'MedicationRequest', 'Composition'].map(total)),
    [1, 1, 1],
  );
});

it('another visit begins once the record has come anew, and what is typed then stays', async () => {
  await lend({ write: true });
  await openVisit();
  await page.getByLabel('Symptoms').fill('Headache since morning');
  await page.getByText(/^Draft saved/).waitFor();
  const came = Promise.withResolvers<void>();
  let sent = false;
  await page.route('**/fhir/R4', async (route) => {
    sent = true;
    await route.continue();
  });
  await page.route('**/$everything*', async (route) => {
    if (sent) await came.promise;
    await route.continue();
  });
  await sign();
  await signed();
  await page.getByRole('button', { name: 'Write another visit' }).click();
  const typed = page.getByLabel('Symptoms').fill('And one thing more');
  await Promise.race([typed, page.getByText('Loading the record').waitFor()]);
  came.resolve();
  await typed;
  await page.getByText(/^Draft saved/).waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await shows(() => page.getByLabel('Symptoms').inputValue(), 'And one thing more');
});

it('what another wrote meanwhile is shown before sending, and stands as they wrote it afterwards', async () => {
  await lend({ write: true });
  const colleague = await signUpClinician(server.url, server.pool, { name: 'Dr Anil Sharma' });
  await lend({ write: true }, colleague);
  const condition = {
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient.patientId}` },
    code: { text: 'Asthma' },
  };
  const made = await colleague.call('POST', '/fhir/R4/Condition', { body: condition });
  assert.equal(made.status, 201, made.text);
  const { id } = made.json<{ id: string }>();
  await openVisit();
  await page.getByLabel('Symptoms').fill('Short of breath at night');
  await page.getByText(/^Draft saved/).waitFor();
  const changed = await colleague.call('PUT', `/fhir/R4/Condition/${id}`, {
    body: { ...condition, id, code: { text: 'Asthma, severe' } },
  });
  assert.equal(changed.status, 200, changed.text);
  await sign();
  await page.getByText('Not sent: the record has changed since you began.').waitFor();
  await page.getByText(/New or changed: Asthma, severe/).waitFor();
  assert.equal(await total('Encounter'), 0);
  await page.getByRole('button', { name: 'I have read it' }).click();
  await sign();
  await signed();
  const stands = (await patient.get(`/fhir/R4/Condition/${id}`)).json<{
    code: { text: string };
    meta: { versionId: string };
  }>();
  assert.deepEqual([stands.code.text, stands.meta.versionId], ['Asthma, severe', '2']);
});
