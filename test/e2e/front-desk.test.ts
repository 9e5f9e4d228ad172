// The front desk's journey in a real browser: somebody without a phone is enrolled, card and sheet are printed, and later the person takes the
// record over with the code, a relative takes over another, and the desk has nothing of either any more.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { insertMember } from '../../server/storage/members.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

let server: TestServer;
let browser: Browser;
let desk: Visitor;
let person: Visitor;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  const clerk = await signUp(server.url, { name: 'Roshni Naik' });
  desk = await newVisitor(browser, server.url, { viewport: { width: 1280, height: 800 } });
  person = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
  await signIn(desk.page, clerk);
  await insertMember(
    server.pool,
    {
      memberId: randomUUID(),
      accountId: clerk.accountId,
      organizationId: 'a-hospital',
      role: 'desk',
      practitionerId: null,
      licence: null,
      licenceUntil: null,
    },
    Date.now(),
  );
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signIn(page: Page, who: Person): Promise<void> {
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(who.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/home');
  await provedTwice(server.pool, who.accountId);
}

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
  );
}

const sheet = { uhid: '', code: '' };

async function enrol(name: string, year: string): Promise<void> {
  const { page } = desk;
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Year').fill(year);
  await page.getByRole('button', { name: 'Enrol', exact: true }).click();
  const printed = page.locator('.claim-sheet');
  await printed.getByText('Code to take the record over').waitFor();
  const [uhid = '', code = ''] = await printed.locator('dd').allInnerTexts();
  Object.assign(sheet, { uhid, code });
}

it('somebody without a phone is enrolled: a card and a sheet with a code are printed', async () => {
  const { page } = desk;
  await page.goto('/home');
  await page.getByRole('link', { name: 'Front desk' }).click();
  await page.getByRole('heading', { level: 1, name: 'Front desk' }).waitFor();
  await assertAccessible(page);
  await enrol('Tsering Wangchuk', '1958');
  await assertAccessible(page);
  const href = (await page.getByRole('link', { name: 'Print the card' }).getAttribute('href')) ?? '';
  const printed = await page.evaluate(async (path) => {
    const answer = await fetch(path);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return [answer.status, String.fromCharCode(...bytes.slice(0, 5))];
  }, href);
  assert.deepEqual(printed, [200, '%PDF-']);
  await page.getByText(sheet.uhid).last().waitFor();
});

it('somebody very much like one who is here is said, without saying who', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'Next person' }).click();
  await page.getByLabel('Name').fill('Tsering Wangchuk');
  await page.getByLabel('Year').fill('1958');
  await page.getByRole('button', { name: 'Enrol', exact: true }).click();
  await page.getByText('Somebody very much like this is here already').waitFor();
  await assertAccessible(page);
});

it('the person takes the record over with the code, and a sign-in of their own', async () => {
  const { page } = person;
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Take over your record' }).click();
  await page.getByLabel('Health ID').fill(sheet.uhid);
  await page.getByLabel('Code on the sheet').fill(sheet.code.toLowerCase());
  await page.locator('input[name=login]').fill('tsering@example.org');
  await page.getByRole('textbox', { name: 'Password' }).fill(goodPassword);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Make it mine' }).click();
  await page.waitForURL('**/home');
  await page.getByText('Tsering Wangchuk').first().waitFor();
  await page.goto('/who-looked');
  await page.getByText('Roshni Naik').first().waitFor();
});

it('a relative looks after another, and the desk has nothing of either any more', async () => {
  await desk.page.reload();
  await enrol('Xavier Fernandes', '1931');
  const { page } = person;
  await page.goto('/family');
  await page.getByRole('button', { name: 'Take over with a code' }).click();
  const form = page.getByRole('dialog', { name: 'A record from a front desk' });
  await form.getByLabel('Health ID').fill(sheet.uhid);
  await form.getByLabel('Code on the sheet').fill(sheet.code);
  await assertAccessible(page);
  await form.getByRole('button', { name: 'Look after this record' }).click();
  await page.getByRole('button', { name: 'Act for Xavier Fernandes' }).waitFor();

  await desk.page.reload();
  await desk.page.getByText('Nobody.').waitFor();
  assert.deepEqual(
    desk.complaints.filter((line) => !line.includes('status of 409')),
    [],
  );
  person.assertQuiet();
});
