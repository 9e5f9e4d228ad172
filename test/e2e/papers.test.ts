// Papers on the screen: a PDF page by page, zoomed, heard and searched as text; a picture; a text. What is locked, damaged or means harm
// has a sentence and a download, runs nothing, asks nobody and holds nothing up.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { PDF_ASSETS } from '../../web/papers/pdf-assets.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { endless, locked, makePdf, withProgram } from '../harness/pdf.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { assertSound, begin, follow } from '../harness/sound-page.ts';
import { upload } from '../harness/tus.ts';

let server: TestServer;
let browser: Browser;
let asha: Person;
let phone: Visitor;
let page: Page;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  phone = await visitorOf(browser, server.url, asha, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  ({ page } = phone);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function keep(bytes: Buffer, title: string): Promise<string> {
  const [file] = (await upload(asha, bytes, { title })).files;
  assert.equal(file?.outcome, 'stored', title);
  return `/papers/${file.resource?.split('/')[1] ?? ''}`;
}

const drawn = (number: number) => page.locator(`.pdf-sheet[data-page="${number}"][data-drawn]`);

/** The darkest and the lightest of what is drawn of a page. */
async function shades(number: number): Promise<{ darkest: number; lightest: number }> {
  const png = await drawn(number).locator('canvas').screenshot();
  const { channels } = await sharp(png).greyscale().stats();
  return { darkest: channels[0]?.min ?? 255, lightest: channels[0]?.max ?? 0 };
}

it('a PDF of many pages: seen, scrolled page by page, zoomed, its words there to be chosen and heard; one look in the log', async () => {
  const pages = Array.from({ length: 40 }, (_, at) => `Letter of Asha, sheet ${at + 1}`);
  const path = await keep(makePdf({ pages }), 'Discharge letter');
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/home');
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.ok(!fetched.some((one) => one.includes('pdf')), 'the reader comes when it is needed');
  await page.goto(path);
  await drawn(1).waitFor();
  const ink = await shades(1);
  assert.ok(ink.darkest < 60 && ink.lightest > 240, JSON.stringify(ink));
  assert.ok(
    fetched.some((one) => one.endsWith('/fonts/LiberationSans-Regular.ttf')),
    'letters from here',
  );
  await page.getByText('Page 1 of 40', { exact: true }).waitFor();
  await page.getByRole('group', { name: 'Page 1 of 40' }).getByText('Letter of Asha, sheet 1').waitFor();
  assert.ok((await page.locator('.pdf-sheet').count()) <= 8, 'only what is seen is drawn');

  await page.getByRole('button', { name: 'Next page: Discharge letter' }).click();
  await page.getByText('Page 2 of 40', { exact: true }).waitFor();
  await page.getByRole('slider').fill('33');
  await drawn(33).waitFor();
  await page.getByText('Letter of Asha, sheet 33').waitFor();
  // What was left behind is let go.
  await page.locator('.pdf-sheet[data-page="1"]').waitFor({ state: 'detached' });

  await page.getByRole('region', { name: 'Pages of Discharge letter' }).focus();
  await page.keyboard.press('ArrowLeft');
  await drawn(32).waitFor();
  const before_ = Number(await drawn(32).getAttribute('data-drawn'));
  await page.keyboard.press('+');
  await page.getByRole('button', { name: 'Larger: Discharge letter' }).click();
  const large = page.locator(`.pdf-sheet[data-page="32"][data-drawn="${Math.round(before_ * 1.25 * 1.25)}"]`);
  await large.waitFor();
  assert.ok((await large.locator('canvas').evaluate((one: HTMLCanvasElement) => one.width)) > before_);
  await page.getByRole('button', { name: 'As wide as the frame: Discharge letter' }).click();
  await page.locator(`.pdf-sheet[data-page="32"][data-drawn="${before_}"]`).waitFor();

  const { rows } = await server.pool.query<{ looks: number }>(
    `select count(*)::int as looks from entry where patient_id = $1 and statement::json ->> 'event' = 'file'`,
    [asha.patientId],
  );
  assert.equal(rows[0]?.looks, 1, 'however much is scrolled');
  phone.assertQuiet();
});

it('the parts of the reader lie under the number of its version, since browsers keep them for a year', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../node_modules/pdfjs-dist/package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  assert.equal(PDF_ASSETS, `/assets/pdf-${version}/`);
});

it('what a PDF wants to run is not run, and what it wants to ask is not asked', async () => {
  const path = await keep(withProgram('Opened and quiet', 'http://evil.example'), 'With a program');
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(path);
  await page.getByText('Opened and quiet').waitFor();
  await drawn(1).waitFor();
  assert.equal(await page.evaluate(() => (globalThis as { ran?: number }).ran), undefined);
  assert.deepEqual(dialogs, []);
  assert.equal(page.context().pages().length, 1);
  assert.equal(new URL(page.url()).pathname, path);
  phone.assertQuiet();
});

it('what is locked or damaged has its sentence and a download', async () => {
  for (const [bytes, title, sentence] of [
    [locked(), 'Locked', 'It is locked with a password.'],
    [Buffer.from(`%PDF-1.7\n${'x'.repeat(4000)}`), 'Damaged', 'This PDF is damaged.'],
    [makePdf({ pages: ['half'] }).subarray(0, 60), 'Cut short', 'This PDF is damaged.'],
  ] as const) {
    await page.goto(await keep(bytes, title));
    await page.getByText(sentence).waitFor();
    const [taken] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: `Take the file: ${title}` }).click(),
    ]);
    assert.equal(taken.suggestedFilename(), title);
  }
  phone.assertQuiet();
});

it('a file that says it is endless, or as large as a town, is drawn within bounds', async () => {
  await page.goto(await keep(makePdf({ pages: ['one', 'two'], says: 1_000_000 }), 'It lies'));
  await drawn(1).waitFor();
  await page.getByText('Page 1 of 2', { exact: true }).waitFor();
  await page.goto(await keep(endless(), 'Endless'));
  await drawn(1).waitFor();
  await page.getByText('Page 1 of 1000000', { exact: true }).waitFor();
  await page.getByText('The first 2000 pages are shown.').waitFor();
  await page.getByRole('slider').fill('2000');
  await drawn(2000).waitFor();
  for (const [size, title] of [
    [[1_000_000, 1_000_000], 'A town'],
    [[200, 1_000_000], 'A strip'],
    [[1_000_000, 10], 'A line'],
  ] as const) {
    await page.goto(await keep(makePdf({ pages: [title], size: [...size] }), title));
    await drawn(1).waitFor();
    const pixels = await drawn(1)
      .locator('canvas')
      .evaluate((one: HTMLCanvasElement) => one.width * one.height);
    assert.ok(pixels > 0 && pixels <= 6_000_000, `${title}: ${pixels}`);
    for (let times = 0; times < 8; times++) await page.keyboard.press('+');
    const height = await drawn(1).evaluate((one) => one.clientHeight);
    assert.ok(height <= 390 * 5 * 12, `${title}: ${height}`);
  }
  phone.assertQuiet();
});

it('a picture is shown and made larger; a text is read as text, also one that stands in the entry itself', async () => {
  const photo = await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#7aa' } })
    .jpeg()
    .toBuffer();
  await page.goto(await keep(photo, 'Prescription'));
  const picture = page.getByRole('img', { name: 'Prescription' });
  await picture.waitFor();
  const width = await picture.evaluate((one) => one.clientWidth);
  await page.getByRole('button', { name: 'Larger: Prescription' }).click();
  await page.waitForFunction(
    (was) => (document.querySelector('.paper-picture')?.clientWidth ?? 0) > was * 1.2,
    width,
  );
  const { id } = await asha.create({
    resourceType: 'DocumentReference',
    status: 'current',
    subject: { reference: `Patient/${asha.patientId}` },
    description: 'A note',
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from('Seen today. <script>globalThis.ran = 1</script> ठीक है').toString('base64'),
        },
      },
    ],
  });
  await page.goto(`/papers/${id}`);
  await page.getByText('Seen today. <script>globalThis.ran = 1</script> ठीक है').waitFor();
  assert.equal(await page.evaluate(() => (globalThis as { ran?: number }).ran), undefined);
  phone.assertQuiet();
});

it('each is sound on the narrowest screen, in Hindi and in the dark too', async () => {
  const paths = [
    await keep(makePdf({ pages: ['one', 'two'] }), 'Letter'),
    await keep(locked(), 'Shut'),
    await keep(
      await sharp({ create: { width: 80, height: 60, channels: 3, background: '#7aa' } })
        .png()
        .toBuffer(),
      'Photo',
    ),
  ];
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [language, scheme] of [
    ['en', 'light'],
    ['hi', 'dark'],
  ] as const) {
    await begin(page, language, scheme);
    for (const path of paths) {
      await follow(page, path);
      await page.locator('.pdf-sheet[data-drawn], .band, .paper-picture').first().waitFor();
      await assertSound(page, `${path} in ${language}`);
    }
  }
});
