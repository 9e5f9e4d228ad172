// Somebody who works with records signs in for the first time: gets no further than adding a second factor, adds an authenticator app,
// keeps the codes for a lost phone, and is asked for the app from then on.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { fromBase32 } from '../../core/sign-in/base32.ts';
import { hotp, stepAt } from '../../core/sign-in/totp.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let person: Person;
let visitor: Visitor;
let secret: Uint8Array;
let recoveryCode = '';
let nowMs = Date.now();

before(async () => {
  browser = await launchBrowser();
  server = await startServer({ sources: { now: () => nowMs } });
  person = await signUp(server.url, { name: 'Roshni Naik' });
  await server.pool.query(
    `insert into organization_member (member_id, account_id, organization_id, role, started_at)
     values (gen_random_uuid(), $1, 'a-hospital', 'desk', now())`,
    [person.accountId],
  );
  visitor = await newVisitor(browser, server.url, { viewport: { width: 390, height: 844 } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function assertAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: visitor.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  );
}

async function givePassword(): Promise<void> {
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

it('every page leads to where a factor is added', async () => {
  const { page } = visitor;
  await givePassword();
  await page.getByRole('heading', { name: 'Add a second factor' }).waitFor();
  for (const path of ['/home', '/clinic', '/settings']) {
    await page.goto(path);
    await page.waitForURL('**/second-factor');
  }
  await assertAccessible();
});

it('an app is added by its code, and ten codes are kept for the day the phone is lost', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Add an app' }).click();
  const sheet = page.getByRole('dialog', { name: 'Add an authenticator app' });
  await sheet.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  const text = await sheet.locator('.totp-text .mono').innerText();
  secret = fromBase32(text) ?? new Uint8Array();
  assert.equal(secret.length, 20);
  await assertAccessible();
  await sheet.getByLabel('Six digits from the app').fill('000000');
  await sheet.getByRole('button', { name: 'Add this app' }).click();
  await sheet.getByText('These are not the digits of now.').waitFor();
  await sheet.getByLabel('Six digits from the app').fill(hotp(secret, stepAt(nowMs)));
  await sheet.getByRole('button', { name: 'Add this app' }).click();
  const codes = page.getByRole('dialog', { name: 'Ten codes for the day your phone is lost' });
  await codes.getByRole('listitem').first().waitFor();
  const listed = await codes.getByRole('listitem').allInnerTexts();
  assert.equal(listed.length, 10);
  recoveryCode = listed[0] ?? '';
  await assertAccessible();
  await codes.getByRole('button', { name: 'I keep them in a safe place' }).click();
  await page.getByRole('button', { name: 'Go on to Medallion' }).click();
  await page.waitForURL('**/home');
});

it('from then on the app is asked for, or one of the codes', async () => {
  const { page } = visitor;
  nowMs += 30_000;
  await visitor.context.clearCookies();
  await givePassword();
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  await assertAccessible();
  await page.getByLabel('Code from your authenticator app').fill(hotp(secret, stepAt(nowMs)));
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL('**/home');
  await page.goto('/devices');
  await page.getByText('10 are left, for the day your phone is lost.').waitFor();

  await visitor.context.clearCookies();
  await givePassword();
  await page.getByRole('button', { name: 'Recovery code' }).click();
  await page.locator('input[name=recovery-code]').fill(recoveryCode);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL('**/home');
  await page.goto('/devices');
  await page.getByText('9 are left, for the day your phone is lost.').waitFor();
  await assertAccessible();
});

it('taking the app away is refused to whose work needs it', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Take the app away' }).click();
  await page
    .getByText('Your work needs a second factor. Add another before you take this one away.')
    .waitFor();
});
