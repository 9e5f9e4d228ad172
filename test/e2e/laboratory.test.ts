// Laboratory: a clinician orders a test in a visit and names the laboratory, the patient sends another; an order is taken on, its sample, its values, its signature; the clinician acknowledges the critical result; the patient reads it,
// sees it over time, and enters a measurement of their own. Pictures of radiology have their own journey.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { give } from '../access/world.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { Laboratory } from '../harness/laboratory.ts';
import { openLaboratory, order } from '../harness/laboratory.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let patient: Person;
let doctor: Person;
let lab: Laboratory;
/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = process.env['PICTURES'];

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
  patient = await signUp(server.url, { name: 'Asha Rao' });
  doctor = await signUpClinician(server.url, server.pool);
  lab = await openLaboratory(server);
  const change = { startsAtMs: Date.now() - 1000 };
  await give(server, patient.patientId, doctor, { kind: 'grant' }, change);
  await give(server, patient.patientId, doctor, { kind: 'edit' }, change);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function sound(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`),
    [],
  );
  for (const width of [320, 390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.equal(over, 0, `${name} at ${width}`);
    if (pictures !== undefined)
      await page.screenshot({ path: `${pictures}/${name}-${width}.png`, fullPage: true });
  }
}

it('a doctor orders two tests in a visit: one goes to a laboratory, of the other the patient chooses', async () => {
  const { page } = await visitorOf(browser, server.url, doctor);
  await page.goto(`/clinic/patients/${patient.patientId}/visit`);
  const tests = page.getByRole('combobox', { name: 'Order a test' });
  await tests.fill('Salts and kidneys');
  await tests.press('Enter');
  await tests.fill('Chest X-ray');
  await tests.press('Enter');
  await page
    .getByRole('button', { name: 'The patient chooses where: name a laboratory for Salts and kidneys' })
    .click();
  const laboratory = page.getByRole('combobox', { name: 'Laboratory for Salts and kidneys' });
  await laboratory.fill('Kaveri');
  await page.getByRole('option', { name: /Kaveri Diagnostics/ }).click();
  await page.getByRole('button', { name: /Goes to Kaveri Diagnostics/ }).waitFor();
  await sound(page, 'visit');
  await page.getByRole('button', { name: 'Sign visit' }).click();
  await page.getByRole('heading', { name: /Signed/ }).waitFor();
});

it('the patient chooses where the other is done, changes it, and cancels it', async () => {
  const other = await openLaboratory(server, 'radiology', 'Tungabhadra Imaging');
  const { page } = await visitorOf(browser, server.url, patient);
  await page.goto('/orders');
  await page.getByText('Sent to Kaveri Diagnostics').waitFor();
  await sound(page, 'orders');
  await page.getByRole('button', { name: /^Choose a laboratory for Chest X-ray/ }).click();
  await page.getByLabel(/Search by a word/).fill('Tunga');
  await page.getByRole('radio', { name: /Tungabhadra Imaging/ }).check();
  await sound(page, 'send');
  await page.getByRole('button', { name: 'Send it to Tungabhadra Imaging' }).click();
  await page.getByText('Sent to Tungabhadra Imaging').waitFor();
  const number =
    (await page.locator('.order-row', { hasText: 'Chest X-ray' }).locator('.order-code').textContent()) ?? '';
  const { page: there } = await visitorOf(browser, server.url, other.person);
  await there.goto('/laboratory');
  await there.getByRole('textbox', { name: 'Order number or health ID' }).fill(number);
  await there.getByRole('button', { name: 'Find', exact: true }).click();
  await there
    .getByRole('region', { name: 'Found' })
    .getByRole('link', { name: /Chest X-ray/ })
    .waitFor();
  await page.getByRole('button', { name: /^Cancel Chest X-ray/ }).click();
  await page.getByLabel('Why?').fill('Had one last week');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByText('Reason: Had one last week').waitFor();
  await there.goto('/laboratory');
  await there.getByText('Cancelled', { exact: true }).waitFor();
});

it('the doctor calls a test off in the chart, with a reason that its person and the laboratory read', async () => {
  const id = await order(doctor, patient.patientId, lab.id, { code: { text: 'Uric acid' } });
  const { page } = await visitorOf(browser, server.url, doctor);
  await page.goto(`/clinic/patients/${patient.patientId}`);
  const tests = page.getByRole('region', { name: 'Tests ordered' });
  await tests.getByText('Uric acid').waitFor();
  const paper = tests.getByRole('link', { name: /^On paper: Uric acid/ });
  assert.match(
    (await paper.getAttribute('href')) ?? '',
    new RegExp(`^/api/orders\\.pdf\\?of=${id}&.*patient=`),
  );
  await sound(page, 'chart-orders');
  await tests.getByRole('button', { name: /^Cancel Uric acid/ }).click();
  await page.getByLabel('Why?').fill('Ordered for somebody else');
  await sound(page, 'chart-cancel');
  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await tests.getByText(/^Done and cancelled/).click();
  await tests.getByText('Reason: Ordered for somebody else').waitFor();
  const { page: own } = await visitorOf(browser, server.url, patient);
  await own.goto('/orders');
  await own.getByText('Reason: Ordered for somebody else').waitFor();
  const { page: there } = await visitorOf(browser, server.url, lab.person);
  await there.goto('/laboratory');
  await there
    .locator('.lab-over', { hasText: 'Uric acid' })
    .getByText('Cancelled', { exact: true })
    .waitFor();
});

it('a laboratory signs what it found', async () => {
  const { page } = await visitorOf(browser, server.url, lab.person);
  await page.goto('/laboratory');
  await page.getByRole('link', { name: /Salts and kidneys/ }).waitFor();
  await sound(page, 'worklist');
  await page.getByRole('link', { name: /Salts and kidneys/ }).click();
  await page.getByText('Asha Rao').waitFor();
  await page.getByRole('button', { name: 'Take this order on' }).click();
  await page.getByLabel(/What was taken/).fill('Venous blood');
  await page.getByRole('button', { name: 'The sample was taken now' }).click();
  await page.getByText(/^Taken /).waitFor();
  await page.getByLabel('Panel').selectOption('electrolytes');
  await page.getByRole('textbox', { name: /^Potassium \(/ }).fill('69');
  await page.getByRole('button', { name: 'Check before signing' }).click();
  await page
    .getByText(/between|cannot be|range/i)
    .first()
    .waitFor();
  await page.getByRole('textbox', { name: /^Potassium \(/ }).fill('6.9');
  await page.getByRole('textbox', { name: /^Sodium \(/ }).fill('140');
  await page.getByText(/Our own range and method for Sodium/).click();
  await page.getByLabel(/^Sodium: usual from/).fill('136');
  await page.getByLabel(/^Sodium: usual to/).fill('144');
  await page.getByLabel(/^Sodium: method/).fill('Flame photometry');
  await page.getByRole('button', { name: 'Check before signing' }).click();
  await page.getByText('Dangerously high').waitFor();
  await page.getByText(/136 to 144.*Range of Kaveri Diagnostics.*Flame photometry/).waitFor();
  await sound(page, 'order');
  await page.getByRole('button', { name: 'Sign the report' }).click();
  await page.getByText('The clinician was told that a critical result waits').waitFor();
});

it('the clinician who ordered it acknowledges it', async () => {
  const { page } = await visitorOf(browser, server.url, doctor);
  await page.goto('/clinic');
  await page
    .getByRole('region', { name: 'Your tasks' })
    .getByText(/^1 critical result, due \d/)
    .waitFor();
  await page.goto('/clinic/results');
  await page.getByRole('button', { name: 'Open Salts and kidneys of Asha Rao' }).click();
  await page.getByText('Dangerously high').waitFor();
  await sound(page, 'task');
  await page.getByLabel(/What you did about it/).fill('Called her in.');
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  await page.getByText('No result waits for you.').waitFor();
});

it('the patient reads it, enters a measurement, and sees it over time', async () => {
  const { page } = await visitorOf(browser, server.url, patient);
  await page.goto('/results');
  await page.getByText('Dangerously high').waitFor();
  await page.getByText(/Flame photometry/).waitFor();
  await sound(page, 'results');
  await page.getByLabel('after some days').check();
  await page.getByRole('button', { name: 'Save this choice' }).click();
  await page.getByText('Saved. It is in your log.').waitFor();
  await page.goto('/today');
  await page.getByLabel('Upper value').fill('80');
  await page.getByLabel('Lower value').fill('120');
  await page.getByRole('button', { name: 'Save the measurement' }).click();
  await page.getByText('The upper value is higher than the lower one.').waitFor();
  await page.getByLabel('Upper value').fill('148');
  await page.getByLabel('Lower value').fill('92');
  await page.getByRole('button', { name: 'Save the measurement' }).click();
  await page.getByText('Saved. It is in your record.').waitFor();
  await sound(page, 'own');
  await page.getByRole('link', { name: 'See it over time' }).click();
  await page.getByRole('img', { name: /148\/92/ }).waitFor();
  await sound(page, 'trends');
  await page.getByText('Table', { exact: true }).click();
  await page.getByRole('cell', { name: '148/92' }).waitFor();
  await page.getByRole('cell', { name: 'You said' }).waitFor();
});
