// Radiology's journey in a real browser: a hospital sends a CT by the number on a card, a folder with its report, has receipts and sees
// nothing of the record; what breaks on the way goes on.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { makeUhid } from '../../core/card/uhid.ts';
import { insertMember } from '../../server/storage/members.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, shows, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

let server: TestServer;
let browser: Browser;
let hospital: Visitor;
let asha: Person;
let uhid = '';
const images = 12;
const folder = mkdtempSync(join(tmpdir(), 'medallion-ct-'));
const series = join(folder, 'CT head');

before(async () => {
  mkdirSync(join(series, 'S1'), { recursive: true });
  const study = newUid();
  const one = newUid();
  for (let instance = 1; instance <= images; instance++)
    writeFileSync(
      join(series, 'S1', `I${instance}`),
      makeImage({
        study,
        series: one,
        instance,
        side: 64,
        patientName: 'Rao^Asha',
        spacing: '0.5',
        description: 'CT head',
      }),
    );
  writeFileSync(join(series, 'report.pdf'), `%PDF-1.7\n${'x'.repeat(4000)}`);
  writeFileSync(join(series, 'cut.dcm'), makeImage({ side: 64 }).subarray(0, 600));
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  const me = (await asha.get('/api/me')).json<{ patient: { uhid: string } }>();
  ({ uhid } = me.patient);
  const radiographer = await signUp(server.url, { name: 'Kiran Shetty' });
  await insertMember(
    server.pool,
    {
      memberId: randomUUID(),
      accountId: radiographer.accountId,
      organizationId: 'a-hospital',
      role: 'radiology',
      practitionerId: null,
      licence: null,
      licenceUntil: null,
    },
    Date.now(),
  );
  await provedTwice(server.pool, radiographer.accountId);
  hospital = await visitorOf(browser, server.url, radiographer, { viewport: { width: 1280, height: 800 } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What is drawn in the middle of the stage. */
async function shown(page: Page): Promise<Buffer> {
  const box = await page.locator('.stage').boundingBox();
  assert.ok(box);
  return page.screenshot({
    clip: { x: box.x + box.width / 2 - 40, y: box.y + box.height / 2 - 40, width: 80, height: 80 },
  });
}

/** Something else than before is drawn there: a frame is painted after what asked for it. */
const drawnAnew = (page: Page, before: Buffer): Promise<void> =>
  shows(async () => (await shown(page)).equals(before), false);

async function drag(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await page.locator('.stage').scrollIntoViewIfNeeded();
  const box = await page.locator('.stage').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + from[0], box.y + from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + to[0], box.y + to[1], { steps: 4 });
  await page.mouse.up();
}

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  );
}

it('a folder goes into a record by the number on the card: scans together, the report by itself, each with its outcome', async () => {
  const { page } = hospital;
  await page.goto('/home');
  await page.getByRole('link', { name: 'Send files' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Send files' }).waitFor();
  await assertAccessible(page);
  await page.getByLabel('Choose a folder').setInputFiles(series);
  await page.getByText('Write the health ID first').waitFor();
  await page.getByLabel('Health ID').fill(uhid);
  await page.getByLabel('Choose a folder').setInputFiles(series);
  await page.getByText(`${images + 1} in the record, 1 not.`).waitFor();
  await page.getByText('This scan is cut short').waitFor();
  await assertAccessible(page);
});

it('the receipt says that it came, with its digest and its entry of the log, and nothing of the record', async () => {
  const { page } = hospital;
  await page.getByRole('link', { name: /^Receipt of CT head/ }).click();
  await page.getByText(`Of its files ${images} are in the record and 1 are not.`).waitFor();
  await page.getByText('SHA-256 of what came').waitFor();
  await assertAccessible(page);
  const seen = await page.evaluate(async () => {
    const answers = await Promise.all(
      ['/fhir/R4/ImagingStudy', '/fhir/R4/DocumentReference', '/dicom-web/studies'].map((path) =>
        fetch(path).then((answer) => answer.text()),
      ),
    );
    return answers.join('\n');
  });
  assert.doesNotMatch(seen, /Rao/);
});

it('a number of nobody stops it, and nothing is sent', async () => {
  const { page } = hospital;
  await page.goto('/uploads');
  await page.getByLabel('Health ID').fill(makeUhid(randomBytes));
  await page.getByLabel('Choose files').setInputFiles(join(series, 'report.pdf'));
  await page.getByText('Nobody here has this number').waitFor();
  await page.getByRole('button', { name: 'Choose other files' }).click();
});

it('the patient sends pictures and papers of their own from a phone', async () => {
  const phone = await visitorOf(browser, server.url, asha, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = phone;
  await page.goto('/more');
  await page.getByRole('link', { name: 'Send files' }).click();
  await page.getByLabel('Choose files').setInputFiles([join(series, 'report.pdf')]);
  await page.getByText('1 file is in the record.').waitFor();
  await assertAccessible(page);
  phone.assertQuiet();
  await phone.close();
});

it('the patient opens the CT from the timeline on a phone: scrolls, changes the window, zooms, measures; each look is in the log', async () => {
  const phone = await visitorOf(browser, server.url, asha, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = phone;
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/timeline');
  await page
    .getByRole('link', { name: /^Open CT head/ })
    .first()
    .click();
  const look = page.getByRole('link', { name: 'Look at the images' });
  await look.waitFor();
  assert.ok(!fetched.some((path) => path.includes('stack-view')), 'what draws comes when it is needed');
  await look.click();
  await page.getByRole('heading', { level: 1, name: 'CT head' }).waitFor();
  await page.locator('.page-lead', { hasText: '3 May 2024' }).waitFor();
  const stage = page.locator('.stage');
  await page.locator(`.stage[data-drawn="${Math.floor((images - 1) / 2)}"]`).waitFor();
  await assertAccessible(page);
  const first = await shown(page);

  await page.getByLabel(`Image 6 of ${images}`).fill('8');
  await page.locator('.stage[data-drawn="8"]').waitFor();
  await stage.hover();
  await page.mouse.wheel(0, -200);
  await page.locator('.stage[data-drawn="3"]').waitFor();
  await drawnAnew(page, first);

  await page.getByRole('radio', { name: 'Brightness' }).check();
  const before = await shown(page);
  await page.getByRole('button', { name: 'Bone' }).click();
  await drawnAnew(page, before);
  await page.getByText('Window 1800').waitFor();
  await drag(page, [100, 100], [160, 140]);
  await page.getByText(/^Window (?!1800)/).waitFor();

  await page.getByRole('radio', { name: 'Measure' }).check();
  await drag(page, [120, 150], [220, 150]);
  const line = page.locator('.stage-measures text');
  await line.filter({ hasText: /mm$/ }).waitFor();
  const [length = ''] = await line.allTextContents();
  // 64 pixels of 0.5 mm over 358 pixels of the screen.
  assert.ok(Math.abs(Number.parseFloat(length) - (100 / 358) * 32) < 0.3, length);
  await page.getByRole('button', { name: 'Larger' }).click();
  assert.deepEqual(await line.allTextContents(), [length], 'as long, however large it is drawn');
  await page.getByRole('button', { name: 'As it was' }).click();
  await assertAccessible(page);

  const { rows } = await server.pool.query<{ looks: number }>(
    `select count(*)::int as looks from entry where patient_id = $1 and statement::json ->> 'event' = 'images'`,
    [asha.patientId],
  );
  const asked = fetched.filter((path) => path.startsWith('/dicom-web/')).length;
  assert.equal(rows[0]?.looks, asked, 'each request of images is one look');
  phone.assertQuiet();
  await phone.close();
});

it('no page complained, but for what was refused', () => {
  assert.deepEqual(
    hospital.complaints.filter((line) => !line.includes('status of 404')),
    [],
  );
});
