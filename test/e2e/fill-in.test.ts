// A person fills in what matters, changes it, takes it back and follows its history, in a real browser on a phone.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { recordPages as hindi } from '../../web/i18n/hi/record-pages.ts';
import { launchBrowser, newVisitor, shows } from '../harness/browser.ts';
import type { Visitor } from '../harness/browser.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { Person } from '../harness/client.ts';
import { startServer } from '../harness/server.ts';
import type { TestServer } from '../harness/server.ts';

const phone = { viewport: { width: 360, height: 740 } };

let server: TestServer;
let browser: Browser;
let visitor: Visitor;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => visitor.close());

interface Stored {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { readonly versionId: string };
  readonly [element: string]: unknown;
}

/** Every current resource of the signed-in person, as the FHIR API gives it. */
async function storedRecord(page: Page): Promise<readonly Stored[]> {
  const me = (await (await page.request.get('/api/me')).json()) as { patient: { id: string } };
  const answer = await page.request.get(`/fhir/R4/Patient/${me.patient.id}/$everything`);
  const bundle = (await answer.json()) as { entry: readonly { resource: Stored }[] };
  return bundle.entry.map((entry) => entry.resource);
}

async function storedOfType(page: Page, type: string): Promise<readonly Stored[]> {
  return (await storedRecord(page)).filter((one) => one.resourceType === type);
}

async function signInAs(person: Person, page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/home');
}

/** A new person at their record, whose account was made without the browser. */
async function someone(): Promise<{ person: Person; page: Page }> {
  const person = await signUp(server.url);
  visitor = await newVisitor(browser, server.url, phone);
  await signInAs(person, visitor.page);
  return { person, page: visitor.page };
}

const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });
const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Types the beginning of a name and takes the first entry of the list. */
async function chooseFromList(field: Locator, typed: string): Promise<void> {
  await field.pressSequentially(typed);
  await field.page().getByRole('option').first().waitFor();
  await field.press('ArrowDown');
  await field.press('Enter');
}

async function assertSound(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(
      (one) => `${where}: ${one.id} at ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`,
    ),
    [],
  );
  const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'));
  assert.ok(overflow <= 0, `${where} scrolls sideways by ${overflow} px`);
  assert.equal(await page.locator('h1').count(), 1, `${where} has one h1`);
}

function penicillin(person: Person): Record<string, unknown> {
  return {
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${person.patientId}` },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: { text: 'Penicillin' },
  };
}

describe('the guided flow', () => {
  it('asks one thing a screen, stores each answer as one goes on, and leaves what is skipped not recorded', async () => {
    visitor = await newVisitor(browser, server.url, phone);
    const { page } = visitor;
    await page.goto('/sign-up');
    await page.getByLabel('Your full name').fill('Asha Rao');
    await page.getByLabel('Phone number or e-mail').fill('asha.fills.in@example.org');
    await page.getByLabel('Choose a password').fill(goodPassword);
    await press(page, 'Make my account');

    await heading(page, 'Who are you?').waitFor();
    await assertSound(page, 'who');
    await page.getByLabel('Day').fill('30');
    await page.getByLabel('Month').selectOption('February');
    await page.getByLabel('Year').fill('1980');
    await press(page, 'Save who I am');
    await page.getByText('One answer needs another look').waitFor();
    await assertSound(page, 'who, with an impossible day');
    await page.getByLabel('Day').fill('1');
    await page.locator('#identity-sex').getByText('Female').click();
    await page.getByLabel('Languages you speak').selectOption('Kannada');
    await press(page, 'Save who I am');

    await heading(page, 'Where can you be reached?').waitFor();
    assert.equal(
      (await storedOfType(page, 'Patient'))[0]?.['birthDate'],
      '1980-02-01',
      'stored before the next question is answered',
    );
    await page.getByRole('link', { name: 'Not now' }).click();

    await heading(page, 'Your photo for the card').waitFor();
    await page.locator('#photo-file').setInputFiles({
      name: 'holiday.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('PK\u0003\u0004 this is a zip'),
    });
    await press(page, 'Use this photo');
    await page.getByText('This is not a JPEG, PNG or WebP picture.').waitFor();
    await assertSound(page, 'photo, refused');
    await page.getByRole('link', { name: 'Not now' }).click();

    await heading(page, 'Are you allergic to anything?').waitFor();
    await chooseFromList(page.getByRole('combobox', { name: 'What do you react to?' }), 'peni');
    await page.getByText('Anaphylaxis', { exact: true }).click();
    await page.getByText('My life was in danger.').click();
    await press(page, 'Save this allergy');
    await page.getByRole('button', { name: 'Remove Penicillin' }).waitFor();
    await assertSound(page, 'allergies, with one');
    await press(page, 'Go on');

    await heading(page, 'Do you have a long-term illness?').waitFor();
    await press(page, 'I have no long-term illness');
    await page.getByText('No known long-term illness').waitFor();
    await press(page, 'Go on');

    await heading(page, 'Which medicines do you take?').waitFor();
    await chooseFromList(page.getByRole('combobox', { name: 'Which medicine?' }), 'warf');
    await page.getByLabel('How much').fill('2,5');
    await page.getByLabel('Of what').selectOption('mg');
    await page.getByLabel('How often').selectOption('once a day');
    await press(page, 'Save this medicine');
    await page.getByText('Warfarin 2.5\u00a0mg, once a day').waitFor();
    // Back and forth again: what was answered is shown, not asked twice.
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByText('No known long-term illness').waitFor();
    await press(page, 'Go on');
    await heading(page, 'Which medicines do you take?').waitFor();
    await press(page, 'Go on');

    for (const question of ['Is there an implant in your body?', 'Do you have a disability?']) {
      await heading(page, question).waitFor();
      await assertSound(page, question);
      await page.getByRole('link', { name: 'Not now' }).click();
    }
    await heading(page, 'What is your blood group?').waitFor();
    await page.getByText('O−', { exact: true }).click();
    await page.getByText('I think so').click();
    await press(page, 'Save my blood group');
    await heading(page, 'How heavy and how tall are you?').waitFor();
    await page.getByLabel('Weight').fill('61.5');
    await page.getByLabel('Height').fill('165');
    await page.getByText('Body mass index 22.6, normal weight.').waitFor();
    await press(page, 'Save weight and height');

    await heading(page, 'Who should be called?').waitFor();
    const first = page.getByRole('group', { name: 'Who is called first' });
    await first.getByLabel('Name').fill('Ravi Rao');
    await chooseFromList(first.getByRole('combobox', { name: 'Who they are to you' }), 'husb');
    await first.getByLabel('Phone number').fill('+91 90000 41123');
    const second = page.getByRole('group', { name: 'Who is called next' });
    await second.getByLabel('Name').fill('Meera Iyer');
    await press(page, 'Save these people');
    await page.getByRole('link', { name: 'Write the phone number of this person.' }).click();
    assert.equal(
      await page.locator('input:focus').getAttribute('id'),
      await second.getByLabel('Phone number').getAttribute('id'),
      'the summary leads to the field',
    );
    await second.getByLabel('Phone number').fill('+91 90000 41124');
    await press(page, 'Save these people');
    for (const question of [
      'Which doctor and hospital do you prefer?',
      'Would you give your organs?',
      'Which vaccinations have you had?',
    ]) {
      await heading(page, question).waitFor();
      await page.getByRole('link', { name: 'Not now' }).click();
    }
    await heading(page, 'Do you want to keep a document here?').waitFor();
    await page.locator('#documents-file').setInputFiles({
      name: 'report.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4 a small report'),
    });
    await page.getByLabel('What is it?').selectOption('Laboratory report');
    await press(page, 'Save this document');
    await page.getByRole('button', { name: 'Remove report' }).waitFor();
    await press(page, 'Finish and see my card');
    await page.waitForURL('**/home');

    const record = await storedRecord(page);
    const types = record.map((one) => one.resourceType).sort();
    assert.deepEqual(types, [
      'AllergyIntolerance',
      'Condition',
      'DocumentReference',
      'MedicationStatement',
      'Observation',
      'Observation',
      'Observation',
      'Patient',
    ]);
    const text = JSON.stringify(record);
    for (const code of ['764146007', 'no-known-problems', 'B01AA03', '278148006', '11502-2', 'HUSB'])
      assert.ok(text.includes(code), `${code} is stored`);
    // The one complaint is the browser's own word for the refused photo.
    assert.deepEqual(
      visitor.complaints.filter((one) => !one.includes('422')),
      [],
    );
    assert.deepEqual(visitor.strangers, []);
  });
});

describe('the record', () => {
  it('shows each section as recorded, none known or not recorded, and each entry with source and proof', async () => {
    const { person, page } = await someone();
    await person.create(penicillin(person));
    await page.goto('/record/conditions');
    await press(page, 'I have no long-term illness');
    await page.getByText('Saved: No known long-term illness.').waitFor();
    await page.goto('/record');
    const section = (name: string): Locator => page.getByRole('region', { name, exact: true });
    await section('Allergies').getByText('Penicillin').waitFor();
    await section('Allergies').getByText('Not checked by a doctor.').waitFor();
    const proof = section('Allergies').getByRole('link', { name: /In the log|Saved, not yet in the log/ });
    assert.match((await proof.getAttribute('href')) ?? '', /^\/verify\/AllergyIntolerance\/[^/]+$/);
    await section('Conditions').getByText('No known long-term illness').waitFor();
    await section('Medicines').getByText('Not recorded.').waitFor();
    await assertSound(page, 'record');
    visitor.assertQuiet();
  });

  it('none known is a coded statement, and taking it back makes the section not recorded', async () => {
    const { page } = await someone();
    await page.goto('/record/allergies');
    await press(page, 'I have no known allergies');
    await page.getByText('No known allergies', { exact: true }).waitFor();
    const [said] = await storedOfType(page, 'AllergyIntolerance');
    assert.ok(JSON.stringify(said).includes('"no-known-allergies"'));
    await press(page, 'Take this back');
    await page.getByText('Not recorded.').waitFor();
    assert.equal((await storedOfType(page, 'AllergyIntolerance')).length, 1, 'nothing is deleted');
  });

  it('an entry removed is gone from the record, comes back by undo, and its history tells all of it', async () => {
    const { person, page } = await someone();
    const { id } = await person.create(penicillin(person));
    await page.goto('/record/allergies');
    await page.getByRole('link', { name: 'Change Penicillin' }).click();
    await page.getByText('It was a nuisance.').click();
    await press(page, 'Save this allergy');
    await page.getByText('Saved: Penicillin.').waitFor();
    await page.getByText('Mild', { exact: true }).waitFor();

    await press(page, 'Remove Penicillin');
    await page.getByText('It was a mistake').click();
    await assertSound(page, 'removal');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove Penicillin' }).click();
    await page.getByText('Not recorded.').waitFor();
    const removed = page.locator('.toast').filter({ hasText: 'Removed: Penicillin.' });
    await removed.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone. It is as it was.').waitFor();
    await page.getByText('Mild', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'History of Penicillin' }).click();
    await heading(page, 'History of Penicillin').waitFor();
    const steps = await page.locator('main h2').allTextContents();
    assert.deepEqual(steps.slice(0, 4), ['Put back', 'Removed as a mistake', 'Changed', 'Entered']);
    await page.getByText('How bad: “Mild”').first().waitFor();
    await assertSound(page, 'history');
    const versions = await person.get(`/fhir/R4/AllergyIntolerance/${id}/_history`);
    assert.equal(versions.json<{ total: number }>().total, 4, 'each step is one version');
    visitor.assertQuiet();
  });

  it('what somebody else stored first is shown and not overwritten, and what was typed stays', async () => {
    const { person, page } = await someone();
    const { id, etag } = await person.create({ ...penicillin(person), note: [{ text: 'old' }] });
    await page.goto(`/record/allergies/change/AllergyIntolerance/${id}`);
    await page.getByLabel('Anything else to know').fill('typed here');
    const other = await person.call('PUT', `/fhir/R4/AllergyIntolerance/${id}`, {
      body: { ...penicillin(person), id, note: [{ text: 'changed elsewhere' }] },
      headers: { 'if-match': etag },
    });
    assert.equal(other.status, 200, other.text);
    await press(page, 'Save this allergy');
    const band = page.locator('.error-band');
    await band.getByText('Somebody changed this first.').waitFor();
    await band.getByText('changed elsewhere').waitFor();
    await shows(() => page.getByLabel('Anything else to know').inputValue(), 'typed here');
    assert.ok(JSON.stringify(await storedOfType(page, 'AllergyIntolerance')).includes('changed elsewhere'));
    await press(page, 'Take what is stored');
    await shows(() => page.getByLabel('Anything else to know').inputValue(), 'changed elsewhere');
  });

  it('asks before unsaved words are left, and forgets them only when told to', async () => {
    const { page } = await someone();
    await page.goto('/record/medicines/add');
    await page.getByLabel('Which medicine?').fill('Half a wor');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
    await press(page, 'Stay and save');
    await shows(() => page.getByLabel('Which medicine?').inputValue(), 'Half a wor');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await press(page, 'Leave it');
    await heading(page, 'Medicines').waitFor();
    const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    assert.ok(!kept.includes('Half a wor'), 'nothing typed is kept in the browser');
  });

  it('without a connection nothing typed is lost, and the page says so', async () => {
    const { page } = await someone();
    await page.goto('/record/conditions/add');
    await page.getByLabel('Which illness?').fill('Rare illness');
    await visitor.context.setOffline(true);
    await press(page, 'Save this illness');
    await page.locator('.error-band').getByText('There is no connection.').waitFor();
    await shows(() => page.getByLabel('Which illness?').inputValue(), 'Rare illness');
    await visitor.context.setOffline(false);
    await press(page, 'Save this illness');
    await heading(page, 'Conditions').waitFor();
    await page.getByText('Rare illness', { exact: true }).waitFor();
  });

  it('speaks Hindi and fits 320 px, with a medicine under both its names', async () => {
    const { person, page } = await someone();
    await person.create({
      resourceType: 'MedicationStatement',
      status: 'active',
      subject: { reference: `Patient/${person.patientId}` },
      medicationCodeableConcept: { text: 'Warfarin' },
    });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.evaluate(() => localStorage.setItem('language', 'hi'));
    await page.goto('/record');
    await heading(page, hindi['record.title']).waitFor();
    await page.getByText('वारफ़रिन (Warfarin)').waitFor();
    await assertSound(page, 'record in Hindi');
    await page.goto('/begin/contacts');
    await heading(page, hindi['begin.title.contacts']).waitFor();
    await assertSound(page, 'contacts in Hindi');
    visitor.assertQuiet();
  });
});
