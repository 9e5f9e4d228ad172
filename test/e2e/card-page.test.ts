// A holder at their card in a real browser: what they choose is what a stranger sees, a new card ends the old one,
// a scan is told at once, and each page is sound for those who do not see it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let person: Person;
let holder: Visitor;
let page: Page;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  person = await signUp(server.url);
  await person.create({
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${person.patientId}` },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    criticality: 'high',
    category: ['medication'],
    code: { text: 'Penicillin' },
    reaction: [{ manifestation: [{ text: 'Anaphylaxis' }] }],
  });
  await person.create({
    resourceType: 'Condition',
    subject: { reference: `Patient/${person.patientId}` },
    code: { text: 'Depression' },
  });
  holder = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
  page = holder.page;
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/home');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The page behind the card as a stranger gets it. */
async function scan(path: string): Promise<{ status: number; text: string }> {
  const answer = await newClient(server.url).get(path);
  return { status: answer.status, text: answer.text };
}

async function cardPath(): Promise<string> {
  const { url } = (await person.get('/api/emergency-card')).json<{ url: string }>();
  return new URL(url).pathname;
}

async function open(path: string, heading: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
}

describe('the card page', () => {
  it('what is set to nobody is not on the emergency page, and Undo brings it back', async () => {
    const path = await cardPath();
    assert.match((await scan(path)).text, /Penicillin/);
    await open('/card', 'Your card');
    await page.locator('input[name=placement-allergies][value=none]').check();
    await page.getByText('Allergies: nobody who scans sees it.').waitFor();
    assert.doesNotMatch((await scan(path)).text, /Penicillin|Anaphylaxis/);
    await page.getByText('Dangers are not shown on this card').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.health-card-danger strong', { hasText: 'Penicillin' }).waitFor();
    assert.match((await scan(path)).text, /Penicillin/);
    holder.assertQuiet();
  });

  it('a private matter is off the card until it is ticked', async () => {
    const path = await cardPath();
    assert.doesNotMatch((await scan(path)).text, /Depression/);
    await open('/card', 'Your card');
    const stored = page.waitForResponse((answer) => answer.request().method() === 'PUT');
    await page.getByLabel('Show on the card: Depression').check();
    assert.equal((await stored).status(), 200);
    assert.match((await scan(path)).text, /Depression/);
  });

  it('an easy emergency code is refused with its reason and keeps the focus; a good one is set', async () => {
    await open('/card', 'Your card');
    await page.getByRole('button', { name: 'Set a code' }).click();
    const field = page.locator('input[name=access-code]');
    await field.fill('123456');
    await page.getByRole('button', { name: 'Set this code' }).click();
    await page.getByText('That code is too easy to guess. Choose another.').waitFor();
    await page.locator('input[name=access-code]:focus').waitFor();
    await field.fill('48 29 13');
    await page.getByRole('button', { name: 'Set this code' }).click();
    await page.getByText('10 wrong tries are left, then it locks.').waitFor();
  });

  it('a new card has a new code, and the old link shows no data from then on', async () => {
    const former = await cardPath();
    await open('/card', 'Your card');
    await page.getByRole('button', { name: 'New card' }).click();
    const sheet = page.getByRole('dialog', { name: 'Get a new card with a new code?' });
    await sheet.getByRole('button', { name: 'Keep the card' }).click();
    await sheet.waitFor({ state: 'detached' });
    assert.equal((await scan(former)).status, 200, 'closing the question changes nothing');
    await page.getByRole('button', { name: 'New card' }).click();
    await sheet.getByRole('button', { name: 'Get a new card' }).click();
    await page.getByText('Card 2, issued').waitFor();
    const dead = await scan(former);
    assert.equal(dead.status, 404);
    assert.doesNotMatch(dead.text, /Penicillin|Asha|Rao/);
    assert.notEqual(await cardPath(), former);
    assert.match((await scan(await cardPath())).text, /Penicillin/);
  });
});

describe('who looked and notices', () => {
  it('a scan is an unread notice, stands in who looked, and is answered by "That was me"', async () => {
    for (const notice of (await person.get('/api/notices')).json<{ notices: { id: string }[] }>().notices) {
      await person.call('POST', `/api/notices/${notice.id}/read`);
    }
    await open('/notices', 'Notices');
    assert.equal(await page.locator('.bell-count').count(), 0);
    await scan(await cardPath());
    // Whoever comes back to the page is told at once, and otherwise within half a minute.
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    await page.locator('.bell-count', { hasText: '1' }).waitFor();
    await page.getByRole('heading', { level: 2, name: 'New Your card was scanned' }).waitFor();
    await open('/who-looked', 'Who looked');
    await page.getByRole('heading', { level: 3, name: 'Somebody with your card' }).first().waitFor();
    await page.getByText('Saw: the emergency page', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'That was me' }).first().click();
    await page.locator('.bell-count').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'That was me' }).waitFor({ state: 'detached' });
    await page.getByText('Saw: the emergency page', { exact: true }).first().waitFor();
  });

  it('a lost card is reported from the scan that frightened, and the page offers a new one', async () => {
    const former = await cardPath();
    await open('/who-looked', 'Who looked');
    await page.getByRole('button', { name: 'I lost my card' }).first().click();
    await page.getByRole('button', { name: 'Report as lost' }).click();
    await page.getByText('is reported lost. It shows nothing now.').waitFor();
    assert.equal((await scan(former)).status, 404);
    await open('/card', 'Your card');
    await page.getByRole('button', { name: 'Get a new card' }).click();
    await page.getByText('Card 3, issued').waitFor();
    assert.equal((await scan(await cardPath())).status, 200);
  });
});

describe('every page of the holder', () => {
  const pages = ['/home', '/card', '/who-looked', '/notices', '/settings'];
  for (const [width, colorScheme, language] of [
    [1280, 'light', 'en'],
    [320, 'dark', 'hi'],
  ] as const) {
    it(`is whole at ${width} px, ${colorScheme}, ${language}: one h1, nothing sideways, no complaint, axe clean`, async () => {
      const own = await newVisitor(browser, server.url, {
        viewport: { width, height: 800 },
        colorScheme,
        storageState: await holder.context.storageState(),
      });
      // A blank page, such as the one axe finishes on, has no storage.
      await own.context.addInitScript(`try { localStorage.setItem('language', '${language}') } catch {}`);
      const look = own.page;
      for (const path of pages) {
        await look.goto(path);
        await look.locator('h1').waitFor({ state: 'attached' });
        await look.waitForLoadState('networkidle');
        assert.equal(await look.locator('h1').count(), 1, path);
        assert.equal(await look.locator('html').getAttribute('lang'), language, path);
        const sideways = await look.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(sideways, 0, `${path} scrolls sideways`);
        const { violations } = await new AxeBuilder({ page: look })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        assert.deepEqual(
          violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
          ),
          [],
          path,
        );
      }
      own.assertQuiet();
      await own.close();
    });
  }
});
