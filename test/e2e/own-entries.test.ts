// The journey *own entries* in a real browser: times of a medicine, the reminder, taken and taken back, left out with a reason, the weeks; a
// paper photographed page by page that opens in the viewer.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { passDoses } from '../../server/fhir/doses/pass.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor, shows } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { until } from '../harness/servers.ts';
import { assertSound, begin, follow } from '../harness/sound-page.ts';

let server: TestServer;
let browser: Browser;
let asha: Person;
let visitor: Visitor;
let page: Page;
const dayMs = 86_400_000;
/** Noon in UTC for server and page alike: whatever the hour is here, no midnight and no dose of this day comes in between. */
const aheadMs = dayMs / 2 - (Date.now() % dayMs);
const nowMs = (): number => Date.now() + aheadMs;

before(async () => {
  browser = await launchBrowser();
  server = await startServer({ sources: { now: nowMs } });
  asha = await signUp(server.url, { name: 'Asha Rao' });
  await asha.create({
    resourceType: 'MedicationStatement',
    status: 'active',
    medicationCodeableConcept: { text: 'Metformin' },
    subject: { reference: `Patient/${asha.patientId}` },
    dosage: [{ text: '500 mg with food' }],
  });
  visitor = await newVisitor(browser, server.url, {
    viewport: { width: 390, height: 844 },
    timezoneId: 'UTC',
  });
  await visitor.context.clock.install({ time: nowMs() });
  page = visitor.page;
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

const reminders = async (): Promise<number> =>
  (await server.pool.query(`select from notice where patient_id = $1 and kind = 'dose'`, [asha.patientId]))
    .rowCount ?? 0;

/** This minute, on the clock of this page. */
const thisMinute = (): string => new Date(nowMs()).toISOString().slice(11, 16);

it('sets times of a medicine, and its doses stand on the page of today', async () => {
  await follow(page, '/today');
  await page.getByText('No medicine has times of day yet.').waitFor();
  await page.getByRole('link', { name: 'Reminders and past weeks' }).click();
  await page.getByRole('button', { name: 'Set times: Metformin' }).click();
  await page.getByLabel('Time 1', { exact: true }).fill('00:00');
  await page.getByRole('button', { name: 'Another time' }).click();
  await page.getByLabel('Time 2', { exact: true }).fill('23:59');
  await page.getByRole('button', { name: 'Save these times' }).click();
  await page.getByText('00:00, 23:59 · every day').waitFor();
  await page.getByRole('link', { name: 'Medicines today' }).click();
  const last = page.locator('.dose', { hasText: '23:59' });
  await last.getByText('500 mg with food').waitFor();
  // What was before the times were set is not asked for.
  assert.equal(await page.locator('.dose').count(), 1);
});

it('ticks a dose, takes it back, leaves it out with a reason; the page keeps all of it', async () => {
  const dose = page.locator('.dose', { hasText: '23:59' });
  await dose.getByRole('button', { name: 'Taken: Metformin, 23:59' }).click();
  await dose.getByText(/^Taken, \d\d:\d\d$/).waitFor();
  await page.reload();
  await dose.getByText(/^Taken, \d\d:\d\d$/).waitFor();
  await dose.getByRole('button', { name: 'Undo: Metformin, 23:59' }).click();
  await dose.getByRole('button', { name: 'Leave out: Metformin, 23:59' }).click();
  await dose.getByLabel(/Why was Metformin/).fill('Felt sick');
  await dose.getByRole('button', { name: 'Save: left out at 23:59' }).click();
  await dose.getByText('Left out: Felt sick').waitFor();
  const kept = await asha.get(`/fhir/R4/MedicationAdministration?patient=${asha.patientId}`);
  const { entry } = kept.json<{ entry: { resource: { status: string; statusReason: object[] } }[] }>();
  assert.equal(entry[0]?.resource.status, 'not-done');
  assert.deepEqual(entry[0].resource.statusReason, [{ text: 'Felt sick' }]);
});

it('counts the weeks, drawn and as a table', async () => {
  await page.getByRole('link', { name: 'Reminders and past weeks' }).click();
  await page.getByText('0 of 1 taken, 1 left out').waitFor();
  await page.getByRole('button', { name: 'As a table' }).click();
  const row = page.locator('tbody tr').first().locator('td');
  await shows(async () => (await row.allInnerTexts()).map(Number), [1, 0, 1, 0]);
});

it('keeps quiet hours and zone, and a reminder says nothing of what it is about', async () => {
  await page.getByLabel('Where the times hold').selectOption('UTC');
  await page.getByLabel('Quiet hours').check();
  await page.getByRole('button', { name: 'Save how you are reminded' }).click();
  await page.getByText('Saved. It holds from now on.').waitFor();
  await page.reload();
  await shows(() => page.getByLabel('Quiet hours').isChecked(), true);
  await page.getByLabel('Quiet hours').uncheck();
  await page.getByRole('button', { name: 'Save how you are reminded' }).click();
  await page.getByText('Saved. It holds from now on.').waitFor();
  // A dose of this minute.
  await server.pool.query(
    `update dose_plan set times = array[$1], from_time = '2020-01-01T00:00' where until_time is null`,
    [thisMinute()],
  );
  await server.pool.query(
    `update dose_clock set settled = '2020-01-01T00:00', next_at = to_timestamp($1::float8 / 1000)`,
    [nowMs() - 1000],
  );
  // The server looks as well, every half minute: whoever comes first tells it, once.
  await passDoses(server.deps);
  await until(async () => (await reminders()) > 0);
  await passDoses(server.deps);
  assert.equal(await reminders(), 1);
  await follow(page, '/notices');
  await page.getByRole('heading', { name: 'There is something to do now' }).waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes('Metformin'));
  await page.getByRole('link', { name: 'See today’s doses' }).click();
  await page.reload();
  await page.getByText('To take now').waitFor();
});

it('photographs a paper of two pages, which become one document that opens in the viewer', async () => {
  const picture = (background: string) =>
    sharp({ create: { width: 600, height: 800, channels: 3, background } })
      .jpeg()
      .toBuffer();
  await page.getByRole('link', { name: 'A paper or photo, by the camera' }).click();
  const camera = page.locator('#paper-camera');
  assert.equal(await camera.getAttribute('capture'), 'environment');
  assert.equal(await camera.getAttribute('accept'), 'image/*');
  for (const shade of ['#ddd', '#777']) {
    const buffer = await picture(shade);
    // Every picture of a camera has the same name.
    await camera.setInputFiles({ name: 'image.jpg', mimeType: 'image/jpeg', buffer });
  }
  await page.getByAltText('Page 2').waitFor();
  await page.getByRole('button', { name: 'Put it into the record' }).click();
  await page.getByText('Give it a name.').first().waitFor();
  await page.getByLabel('What it is called').fill('Discharge letter');
  await page.getByLabel('What it is', { exact: true }).selectOption('discharge-summary');
  await page.getByRole('button', { name: 'Put it into the record' }).click();
  await page.getByRole('link', { name: 'Look at it' }).click();
  await page.getByRole('heading', { name: 'Discharge letter' }).waitFor();
  await page.getByAltText('Discharge letter 2/2').waitFor();
  const widths = await page.locator('.paper-picture').evaluateAll(async (all) => {
    await Promise.all(all.map((one) => (one as HTMLImageElement).decode()));
    return all.map((one) => (one as HTMLImageElement).naturalWidth);
  });
  assert.deepEqual(widths, [600, 600]);
  const { entry } = (await asha.get(`/fhir/R4/DocumentReference?patient=${asha.patientId}`)).json<{
    entry: { resource: { content: object[]; meta: { tag: { code: string }[] } } }[];
  }>();
  assert.equal(entry.length, 1);
  assert.equal(entry[0]?.resource.content.length, 2);
  assert.ok(entry[0].resource.meta.tag.some(({ code }) => code === 'patient'));
});

for (const [language, scheme] of [
  ['hi', 'dark'],
  ['en', 'light'],
] as const)
  it(`is sound on the narrowest screen, ${language}, ${scheme}`, async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await begin(page, language, scheme);
    for (const path of ['/today', '/today/reminders', '/uploads/paper']) {
      await follow(page, path);
      await assertSound(page, `${path} ${language}`);
    }
    visitor.assertQuiet();
  });
