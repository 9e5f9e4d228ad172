// A person with a device that makes passkeys, in a real browser: added in the settings, used to sign in without typing,
// used in place of the password before a sensitive change, taken away.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, CDPSession } from 'playwright-core';
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
let device: CDPSession;
let authenticatorId: string;

before(async () => {
  browser = await launchBrowser();
  // Passkeys belong to a name: a bare address has none.
  server = await startServer({ hostName: 'localhost' });
  person = await signUp(server.url);
  visitor = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
  device = await visitor.context.newCDPSession(visitor.page);
  await device.send('WebAuthn.enable');
  ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

it('a passkey is added in the settings, and the page says what it is called', async () => {
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/home');
  await page.goto('/devices');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const sheet = page.getByRole('dialog', { name: 'Add a passkey' });
  const name = sheet.getByLabel('Name of the passkey');
  await name.fill('The blue key');
  await sheet.getByRole('button', { name: 'Add it now' }).click();
  await page.getByText('The blue key can sign you in now.').waitFor();
  await page.getByText('The blue key', { exact: true }).waitFor();
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
  const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0]?.isResidentCredential, true);
});

it('SES-01, WEB-14: nothing of the session or the record lies where a script could read it, signed in or signed out', async () => {
  const { page, context } = visitor;
  const [session] = await context.cookies();
  assert.deepEqual([session?.name, session?.httpOnly, session?.secure], ['__Host-session', true, true]);
  const kept = async (): Promise<string> =>
    page.evaluate(async () =>
      JSON.stringify([
        document.cookie,
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        (await indexedDB.databases()).map(({ name }) => name),
        await caches.keys(),
        location.href,
      ]),
    );
  const secrets = [session?.value ?? '', person.patientId, person.uhid, person.login, person.accountId];
  await page.goto('/devices');
  await page.getByText('The blue key', { exact: true }).waitFor();
  const signedIn = await kept();
  for (const secret of secrets) assert.ok(!signedIn.includes(secret), signedIn);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await page.waitForURL((url) => url.pathname === '/');
  const signedOut = await kept();
  for (const secret of secrets) assert.ok(!signedOut.includes(secret), signedOut);
  assert.deepEqual(await context.cookies(), []);
});

it('it signs in without anything typed, and who looked says with what', async () => {
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL('**/home');
  await page.goto('/who-looked');
  await page.locator('input[name=entry-kind][value=account]').check({ force: true });
  await page.getByText('Signed in with a passkey').first().waitFor();
});

it('a device that cannot check its owner is told so, and nothing is lost', async () => {
  const { page } = visitor;
  await page.goto('/devices');
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await server.pool.query(`update session set proved_at = proved_at - interval '11 minutes'`);
  await page.getByRole('button', { name: /^Take away/ }).click();
  const sheet = page.getByRole('dialog', { name: 'Your password once more' });
  await sheet.getByRole('button', { name: 'Use a passkey' }).click();
  await sheet.getByText('Not proved.').waitFor();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
});

it('it stands in for the password before a sensitive change, and is gone when it is taken away', async () => {
  const { page } = visitor;
  const sheet = page.getByRole('dialog', { name: 'Your password once more' });
  await sheet.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('The blue key cannot sign in any more.').waitFor();
  await page.getByText('None yet.').waitFor();
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('This passkey was not accepted. Use another, or your password.').waitFor();
});
