// The guardian's journey in a real browser: a child's record is begun, another guardian is invited and says yes, acts for the child on
// every page, is named in the list of looks, and what one of two wants waits for the other.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let mother: Visitor;
let father: Visitor;
let fathers: Person;

const phone = { viewport: { width: 360, height: 740 } };

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  const mothers = await signUp(server.url, { name: 'Anita Rao' });
  fathers = await signUp(server.url, { name: 'Ravi Rao' });
  mother = await newVisitor(browser, server.url, phone);
  father = await newVisitor(browser, server.url, { viewport: { width: 1280, height: 800 } });
  await signIn(mother.page, mothers);
  await signIn(father.page, fathers);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/home');
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

it('a mother begins the record of her child, and acts for them on every page', async () => {
  const { page } = mother;
  await page.goto('/family');
  await page.getByRole('button', { name: 'Add a child' }).click();
  const sheet = page.getByRole('dialog', { name: 'A record for a child' });
  await sheet.getByLabel('Name of the child').fill('Arjun Rao');
  await sheet.getByLabel('Day').fill('31');
  await sheet.getByLabel('Month').selectOption('5');
  await sheet.getByLabel('Year').fill('2017');
  await sheet.getByRole('button', { name: 'Begin the record' }).click();
  await page.getByRole('button', { name: 'Act for Arjun Rao' }).click();
  await page.waitForURL('**/home');
  const banner = page.locator('.acting-other');
  for (const path of ['/home', '/record', '/card', '/who-looked', '/family']) {
    await page.goto(path);
    await banner.getByText(/For Arjun Rao, age \d+/).waitFor();
    await banner.getByText('You are Anita Rao.').waitFor();
  }
  await assertAccessible(page);
});

it('another guardian is one only after saying yes', async () => {
  const { page } = mother;
  await page.getByRole('button', { name: 'Invite a guardian' }).click();
  const sheet = page.getByRole('dialog', { name: 'Invite a guardian' });
  await sheet.getByLabel('Their e-mail address or phone number').fill(fathers.login);
  await sheet.getByLabel('They are').selectOption('FTH');
  await sheet.getByText('everything, with the card and other guardians').click();
  await sheet.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByText('Invited: Father', { exact: false }).waitFor();
  const link = await page.locator('.family-link').getByText('/family/invitation/').innerText();

  await father.page.goto(new URL(link).pathname);
  await father.page.getByText('of Arjun Rao, asked by Anita Rao').waitFor();
  await father.page.getByRole('button', { name: 'Accept', exact: true }).click();
  await father.page.waitForURL('**/family');
  await father.page.getByRole('button', { name: 'Act for Arjun Rao' }).click();
  await father.page.waitForURL('**/home');
  await father.page.locator('.acting-other').getByText('You are Ravi Rao.').waitFor();
});

it('the list of looks says who looked for whom', async () => {
  const { page } = mother;
  await page.goto('/who-looked');
  await page.getByText('Ravi Rao for Arjun Rao').first().waitFor();
});

it('what one of two guardians wants waits for the other', async () => {
  const { page } = father;
  await page.goto('/family');
  await page.getByRole('button', { name: /^End.*Anita Rao/ }).click();
  await page.getByText('You want this. It waits for the others.').waitFor();
  await mother.page.goto('/family');
  await mother.page.getByText('Ravi Rao wants to end a guardianship.').waitFor();
  await mother.page.getByRole('button', { name: 'Refuse', exact: true }).click();
  await mother.page.getByText('Ravi Rao wants to end a guardianship.').waitFor({ state: 'detached' });
  await assertAccessible(mother.page);
});

it('back to oneself leads to the own record', async () => {
  const { page } = mother;
  await page.getByRole('button', { name: 'Back to you' }).click();
  await page.waitForURL('**/home');
  await page.getByText('Anita Rao, yourself').waitFor();
  await page.getByRole('link', { name: 'Switch' }).waitFor();
  mother.assertQuiet();
  father.assertQuiet();
});
