// The journey *patient reads* in a real browser: a long record by time, of which only what is near is drawn; by kind, by words, by year;
// an entry with its versions.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { postEntry, transactionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const entries = 3_000;
let server: TestServer;
let browser: Browser;
let asha: Person;
let visitor: Visitor;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  const subject = { reference: `Patient/${asha.patientId}` };
  // Twenty years, a test every few days.
  const tests = Array.from({ length: entries }, (_, i) =>
    postEntry({
      resourceType: 'Observation',
      status: 'final',
      code: { text: `Test ${i}` },
      subject,
      effectiveDateTime: new Date(Date.UTC(2026, 10, 20) - i * 2.4 * 86_400_000).toISOString().slice(0, 10),
      valueQuantity: { value: 4 + (i % 7) / 10, unit: 'mmol/L' },
    }),
  );
  for (let from = 0; from < entries; from += 500) {
    const stored = await asha.call('POST', '/fhir/R4', {
      body: transactionOf(...tests.slice(from, from + 500)),
    });
    assert.equal(stored.status, 200, stored.text.slice(0, 300));
  }
  const visit = await asha.create({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    type: [{ text: 'Pacemaker check' }],
    subject,
    period: { start: '2026-11-22T09:00:00+05:30' },
  });
  await asha.create({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'INR' },
    subject,
    effectiveDateTime: '2026-11-22',
    encounter: { reference: `Encounter/${visit.id}` },
    valueQuantity: { value: 2.9 },
  });
  const medicine = {
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationCodeableConcept: { text: 'Warfarin' },
    subject,
    effectiveDateTime: '2026-11-21',
    dosage: [{ text: '3 mg in the evening' }],
  };
  const { id } = await asha.create(medicine);
  const changed = { ...medicine, id, dosage: [{ text: '5 mg in the evening' }] };
  assert.equal((await asha.call('PUT', `/fhir/R4/MedicationStatement/${id}`, { body: changed })).status, 200);
  visitor = await newVisitor(browser, server.url, { viewport: { width: 390, height: 844 } });
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(asha.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/home');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
  );
}

const drawn = (page: Page): Promise<number> => page.locator('.timeline-entry').count();
const entryNamed = (page: Page, name: RegExp) => page.getByRole('link', { name });

it('the newest is there at once; of three thousand entries only the near ones are drawn', async () => {
  const { page } = visitor;
  await page.goto('/record');
  await page.getByRole('link', { name: 'Timeline' }).click();
  await entryNamed(page, /^Open Pacemaker check/).waitFor();
  await entryNamed(page, /^Open Test 0,/).waitFor();
  assert.ok((await drawn(page)) < 200);
  await page.getByText('1 entry of this visit').click();
  await page.getByRole('link', { name: 'INR', exact: true }).waitFor();
  await assertAccessible(page);
});

it('words of any length and script stay inside the page; what is cut is one step away; a day that is none or still to come says so', async () => {
  const hard = await signUp(server.url, { name: 'Hard Words' });
  const subject = { reference: `Patient/${hard.patientId}` };
  const observation = (code: object, more: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code,
    subject,
    ...more,
  });
  const stored = await hard.call('POST', '/fhir/R4', {
    body: transactionOf(
      ...[
        observation(
          { text: 'W'.repeat(300) },
          { effectiveDateTime: '2026-05-05', valueString: 'V'.repeat(900) },
        ),
        observation(
          { text: 'اختبار سكر الدم' },
          { effectiveDateTime: '2026-05-04', valueString: 'long '.repeat(300) },
        ),
        observation({ text: 'Of tomorrow' }, { effectiveDateTime: '2099-12-31', valueString: '<b>bold</b>' }),
        observation({ text: 'Of no day' }, { valueQuantity: { value: 5, comparator: '<', unit: 'mg/dL' } }),
        observation(
          {
            coding: [
              { system: 'http://loinc.org', code: '718-7', display: 'Hemoglobin [Mass/volume] in Blood' },
            ],
          },
          { effectiveDateTime: '1900', valueQuantity: { value: 12 } },
        ),
      ].map((one) => postEntry(one)),
    ),
  });
  assert.equal(stored.status, 200, stored.text);
  const other = await newVisitor(browser, server.url, {
    viewport: { width: 320, height: 720 },
    // Half of the time it is still yesterday there.
    timezoneId: 'Pacific/Pago_Pago',
  });
  await other.page.addInitScript(() => localStorage.setItem('language', 'hi'));
  await other.page.goto('/sign-in');
  await other.page.locator('input[name=login]').fill(hard.login);
  await other.page.locator('input[name=password]').fill(goodPassword);
  await other.page.locator('button[type=submit]').click();
  await other.page.waitForURL('**/home');
  await other.page.goto('/timeline');
  await other.page.getByText('यह दिन अभी आना है।').waitFor();
  await other.page.getByText('तारीख़ नहीं लिखी थी। जिस दिन आया, वहाँ रखा है।').waitFor();
  await other.page.getByText('<b>bold</b>').waitFor();
  await other.page.getByText('<5 mg/dL').waitFor();
  const width = await other.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 320, 'nothing scrolls sideways');
  await assertAccessible(other.page);
  await other.page.getByRole('link', { name: /^पूरा पढ़ें: اختبار/ }).click();
  await other.page.getByText('long '.repeat(100).trim()).first().waitFor();
  await other.page.goBack();
  await other.page.getByRole('combobox', { name: 'साल पर जाएँ' }).selectOption('1900');
  await other.page.getByRole('link', { name: /हीमोग्लोबिन, 1900/ }).click();
  await other.page.getByRole('heading', { name: 'हीमोग्लोबिन', level: 1 }).waitFor();
  await other.page.getByText('Hemoglobin [Mass/volume] in Blood').first().waitFor();
  await other.context.close();
});

it('a year is jumped to; what was left is let go of, and is there again on the way back', async () => {
  const { page } = visitor;
  await page.getByRole('combobox', { name: 'Go to a year' }).selectOption('2012');
  await entryNamed(page, /^Open Test \d+, \d+ Dec 2012$/)
    .first()
    .waitFor();
  assert.ok((await drawn(page)) < 300);
  await entryNamed(page, /^Open Pacemaker check/).waitFor({ state: 'detached' });
  await page.evaluate(() => scrollTo(0, 0));
  await entryNamed(page, /^Open Pacemaker check/).waitFor();
  // What was shown so far is doubled: from the year that was gone to, that is everything.
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.getByRole('button', { name: /^Show earlier: \w+ 201[12] and before$/ }).click();
  await page.getByRole('heading', { name: '2007', level: 2 }).waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await entryNamed(page, new RegExp(`^Open Test ${entries - 1},`)).waitFor();
  assert.ok((await drawn(page)) < 300);
});

it('a phone shows the newest entries and ends there; more is asked for, and still there after an entry was opened', async () => {
  const { page } = visitor;
  await page.goto('/timeline');
  await entryNamed(page, /^Open Test 0,/).waitFor();
  const earlier = page.getByRole('button', { name: /^Show earlier: / });
  const wordsBefore = await earlier.textContent();
  assert.ok((await page.getByRole('heading', { level: 2 }).count()) < 4);
  await earlier.click();
  assert.match(page.url(), /\?most=120$/);
  await page.waitForFunction(
    (before) => ![...document.querySelectorAll('button')].some((one) => one.textContent === before),
    wordsBefore,
  );
  const wordsAfter = await earlier.textContent();
  await page.evaluate(() => scrollTo(0, 0));
  await entryNamed(page, /^Open Test 0,/).click();
  await page.getByRole('heading', { name: 'Test 0', level: 1 }).waitFor();
  await page.goBack();
  await entryNamed(page, /^Open Test 0,/).waitFor();
  assert.equal(await earlier.textContent(), wordsAfter);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('heading', { name: '2007', level: 2 }).waitFor({ state: 'attached' });
  assert.equal(await earlier.count(), 0, 'a wide screen has a list of years beside it');
  await page.setViewportSize({ width: 390, height: 844 });
});

it('filters and words leave what was asked for', async () => {
  const { page } = visitor;
  await page.evaluate(() => scrollTo(0, 0));
  await page.getByRole('radio', { name: 'Visits' }).check();
  await entryNamed(page, /^Open Pacemaker check/).waitFor();
  await page.getByText('1 entry', { exact: true }).waitFor();
  assert.equal(await drawn(page), 1);
  assert.equal(await page.getByLabel('Search the record').isVisible(), false, 'a phone begins with entries');
  await page.getByText('Search and filter').click();
  await page.getByRole('combobox', { name: 'Who wrote it' }).selectOption('Doctors and nurses');
  await page.getByText('Nothing of this kind is recorded.').waitFor();
  assert.match(page.url(), /kind=visits&by=professional$/);
  await page.getByRole('combobox', { name: 'Who wrote it' }).selectOption('I or my family');
  await entryNamed(page, /^Open Pacemaker check/).waitFor();
  await page.getByRole('combobox', { name: 'Who wrote it' }).selectOption('Everybody');
  await page.getByRole('radio', { name: 'All', exact: true }).check();
  await page.getByLabel('Search the record').fill('warfarin evening');
  await page.getByText('1 entry found').waitFor();
  await entryNamed(page, /^Open Warfarin/).waitFor();
  assert.ok(!page.url().includes('warfarin'), 'what is searched for is in no address');
  await page.getByLabel('Search the record').fill('nothing like it');
  await page.getByText('Nothing in this record says “nothing like it”.').waitFor();
  await page.getByLabel('Search the record').fill('warfarin');
  await entryNamed(page, /^Open Warfarin/).click();
});

it('an entry opens with its versions and what changed in each', async () => {
  const { page } = visitor;
  await page.getByRole('heading', { name: 'Warfarin', level: 1 }).waitFor();
  await page.getByText('Details: 5 mg in the evening').waitFor();
  await page.getByText('was 3 mg in the evening').waitFor();
  await page.getByText(/^Version 1, /).waitFor();
  await assertAccessible(page);
  await page.getByText('As it is stored (FHIR)').click();
  await page.getByText('"resourceType": "MedicationStatement"').waitFor();
  await page.getByRole('link', { name: 'Its versions as blocks of the log' }).click();
  await page.waitForURL('**/verify/blocks/MedicationStatement/*');
});
