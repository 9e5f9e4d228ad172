// A form in a real browser: what is filled in stands in the record as measurements, each in its place.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let asha: Person;
let visitor: Visitor;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
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

it('what a person fills in becomes entries of their record', async () => {
  const { page } = visitor;
  await page.goto('/forms');
  await page.getByRole('link', { name: 'General measurements' }).click();
  await page.getByLabel('Weight').fill('61.50');
  await page.getByLabel('Height').fill('158');
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
    [],
  );
  const answered = page.waitForResponse(
    (response) => response.url().includes('/api/forms/general') && response.request().method() === 'POST',
  );
  await page.getByRole('button', { name: 'Save' }).click();
  assert.equal((await answered).status(), 201);
  await page.goto('/timeline');
  await page.getByRole('link', { name: /^Open (Body weight|Weight)/ }).waitFor();
  await page.getByRole('link', { name: /^Open (Body mass index|BMI)/ }).waitFor();
});
