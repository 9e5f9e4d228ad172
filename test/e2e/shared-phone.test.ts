// One phone, several people: each signs in for themself, and nothing of the one before is left to the next, in pages, in what the browser
// keeps, or behind its way back.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let phone: Visitor;
let asha: Person;
let ravi: Person;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  ravi = await signUp(server.url, { name: 'Ravi Shenoy' });
  for (const [person, words] of [
    [asha, 'Canary of Asha'],
    [ravi, 'Canary of Ravi'],
  ] as const)
    await person.create({
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${person.patientId}` },
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      code: { text: words },
    });
  phone = await newVisitor(browser, server.url, { viewport: { width: 390, height: 844 } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signIn(person: Person): Promise<void> {
  const { page } = phone;
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/home');
}

/** What a script, the page and the tab know. */
async function known(): Promise<string> {
  return phone.page.evaluate(() =>
    JSON.stringify([
      document.documentElement.innerText,
      document.title,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
    ]),
  );
}

async function assertNothingOf(person: Person, words: string): Promise<void> {
  const all = await known();
  for (const secret of [words, person.patientId, person.uhid, person.login, person.accountId])
    assert.ok(!all.includes(secret), `${secret} is still here: ${all.slice(0, 400)}`);
}

const cookie = async (): Promise<string> => {
  const [session] = await phone.context.cookies();
  return `${session?.name}=${session?.value}`;
};
const statusOf = async (value: string): Promise<number> =>
  (await fetch(`${server.url}/api/me`, { headers: { cookie: value } })).status;

it('Asha looks at her record, and lets somebody else sign in', async () => {
  const { page } = phone;
  await page.goto('/sign-in');
  await signIn(asha);
  await page.goto('/record/allergies');
  await page.getByText('Canary of Asha').first().waitFor();
  await page.goto('/more');
  const hers = await cookie();
  await page.getByRole('button', { name: 'Somebody else signs in' }).click();
  await page.waitForURL('**/sign-in');
  await page.locator('input[name=login]').waitFor();
  assert.equal(await statusOf(hers), 401, 'her session is over, not only hidden');
  await assertNothingOf(asha, 'Canary of Asha');
});

it('Ravi sees his own record, and the way back shows nothing of hers', async () => {
  const { page } = phone;
  await signIn(ravi);
  await page.goto('/record/allergies');
  await page.getByText('Canary of Ravi').first().waitFor();
  await assertNothingOf(asha, 'Canary of Asha');
  for (let steps = 0; steps < 6; steps++) {
    if ((await page.goBack().catch(() => null)) === null) break;
    await page.locator('h1').first().waitFor();
    await assertNothingOf(asha, 'Canary of Asha');
  }
});

it('Asha signs in over his open session: it ends, and her pages have nothing of his', async () => {
  const { page } = phone;
  await page.goto('/home');
  const his = await cookie();
  await page.goto('/sign-in');
  await page.locator('input[name=login]').waitFor();
  // Where no page of a record is open, which might ask for something of somebody meanwhile.
  await page.evaluate(() => sessionStorage.setItem('acting-for', 'somebody'));
  await signIn(asha);
  assert.equal(await statusOf(his), 401);
  assert.equal(await page.evaluate(() => sessionStorage.getItem('acting-for')), null);
  await page.goto('/record/allergies');
  await page.getByText('Canary of Asha').first().waitFor();
  await assertNothingOf(ravi, 'Canary of Ravi');
  phone.assertQuiet();
});
