// Every page of a person with a rich record, on the narrowest screen: nothing scrolls sideways, nothing is cut, nothing is wrong for
// those who hear the page, see little or use a keyboard; light and dark, English and Hindi.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { demoAccessCode, demoPassword } from '../../demo/logins.ts';
import { runDemo } from '../../demo/run.ts';
import { readConfig } from '../../server/config.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import { freshDatabase } from '../harness/database.ts';
import { entryPages, openPages, signedInPages } from '../harness/page-walks.ts';
import { freePort } from '../harness/free-port.ts';
import { assertSound, begin, follow } from '../harness/sound-page.ts';

const narrow = { viewport: { width: 320, height: 640 } };

const looks = [
  { language: 'hi', colorScheme: 'dark' },
  { language: 'en', colorScheme: 'light' },
] as const;

describe('every page', async () => {
  const database = await freshDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-pages-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
  };
  const running = await runDemo(readConfig(environment, { demo: true }), () => undefined);
  const browser = await launchBrowser();
  after(async () => {
    await browser.close();
    await running.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const stranger = await newVisitor(browser, url, narrow);
  await stranger.page.goto('/');
  const asha = await newVisitor(browser, url, narrow);
  await asha.page.goto('/sign-in');
  await asha.page.getByLabel('Phone number or e-mail').fill('patient@demo');
  await asha.page.getByRole('textbox', { name: 'Password' }).fill(demoPassword);
  await asha.page.getByRole('button', { name: 'Sign in' }).click();
  await asha.page.waitForURL('**/home');
  const card = await asha.page.evaluate(async () => {
    const answer = await fetch('/api/emergency-card');
    return ((await answer.json()) as { url: string }).url;
  });
  const emergency = new URL(card).pathname;

  // Light with the one language and dark with the other: they cost each other nothing.
  for (const { language, colorScheme } of looks) {
    test(`in ${language}, ${colorScheme}`, async (context) => {
      for (const { page } of [stranger, asha]) await begin(page, language, colorScheme);
      for (const path of openPages)
        await context.test(`for everybody: ${path}`, async () => {
          await follow(stranger.page, path);
          await assertSound(stranger.page, path);
        });
      for (const path of signedInPages)
        await context.test(`signed in: ${path}`, async () => {
          await follow(asha.page, path);
          await assertSound(asha.page, path);
        });
    });
  }

  test('signed in: change, history and proof of one entry', async () => {
    const { page } = asha;
    await follow(page, '/record/medicines');
    const links = await page
      .locator('main a')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    for (const part of Object.keys(entryPages)) {
      const path = links.find((link) => link.includes(part));
      assert.ok(path, part);
      await follow(page, path);
      await assertSound(page, path);
    }
  });

  test('the emergency page, with and without the code, and a card that shows nothing', async () => {
    const passer = await newVisitor(browser, url, narrow);
    const { page } = passer;
    for (const path of [emergency, `/e/${'0'.repeat(32)}`]) {
      for (const { language, colorScheme } of looks) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${path}?l=${language}`);
        await assertSound(page, `${path} in ${language}, ${colorScheme}`);
      }
    }
    await page.goto(emergency);
    await page.getByLabel('Emergency code').fill(demoAccessCode);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.locator('.mode').waitFor();
    await assertSound(page, 'opened with the code');
    await passer.close();
  });

  test('by keyboard: the skip link comes first and leads past the navigation; where one is, is always seen', async () => {
    for (const [{ page }, path] of [
      [stranger, '/'],
      [stranger, '/sign-up'],
      [asha, '/home'],
      [asha, '/record/medicines'],
      [asha, '/record/allergies/add'],
    ] as const) {
      await page.goto(path);
      await page.locator('main h1').waitFor();
      await page.keyboard.press('Tab');
      const skip = page.getByRole('link', { name: 'Skip to content' });
      assert.ok(await skip.evaluate((link) => link === document.activeElement), path);
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'content', path);
      assert.deepEqual(await unseenFocus(page), [], path);
    }
  });

  test('no page complained, and none asked another host', () => {
    asha.assertQuiet();
    stranger.assertQuiet();
  });
});

/** Goes through the page by Tab and names each place where the focus is not seen, or lies under something else. */
async function unseenFocus(page: Page): Promise<string[]> {
  const unseen: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return 'end';
      // A radio or tick may be drawn by its label.
      const drawn = [element, element.closest('label'), element.parentElement, element.nextElementSibling];
      const isMarked = drawn.some((one) => {
        if (one === null) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
      });
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const there = document.elementFromPoint(
        box.left + Math.min(box.width / 2, 24),
        box.top + box.height / 2,
      );
      const isCovered =
        there === null ||
        (!(element.closest('label') ?? element).contains(there) && !there.contains(element));
      const name = `${element.tagName} “${element.innerText?.slice(0, 40)}” ${element.id}`;
      return isMarked ? (isCovered ? `covered: ${name}` : '') : `not marked: ${name}`;
    });
    if (found === 'end') break;
    if (found !== '') unseen.push(found);
  }
  return unseen;
}
