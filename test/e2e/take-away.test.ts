// A person takes their record away and destroys it, in a real browser: the file holds by the stand-alone verifier, a legal hold says its
// reason, the password is asked once more, and the receipt proves the erasure after everything is gone.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { formatUhid } from '../../core/card/uhid.ts';
import { holdRecord } from '../../server/admin/erase.ts';
import type { Stores } from '../../server/stores.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Created, Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { runVerifier, temporaryFolder } from '../harness/verifier.ts';

let server: TestServer;
let browser: Browser;
let person: Person;
let visitor: Visitor;
let asthma: Created;
let aheadMs = 0;
const folder = temporaryFolder();

before(async () => {
  browser = await launchBrowser();
  server = await startServer({ sources: { now: () => Date.now() + aheadMs } });
  person = await signUp(server.url);
  asthma = await person.create({
    ...conditionOf(person.patientId, 'Asthma'),
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
    },
  });
  visitor = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
});
after(async () => {
  folder.remove();
  await browser?.close();
  await server?.stop();
});

const vkey = async (): Promise<string> => (await newClient(server.url).get('/log/vkey')).text.trim();

async function assertAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: visitor.page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
}

/** What the browser saves while `act` runs, as a file of this name. */
async function saved(act: () => Promise<void>, name: string): Promise<string> {
  const [download] = await Promise.all([visitor.page.waitForEvent('download'), act()]);
  await download.saveAs(folder.path(name));
  return folder.path(name);
}

it('the record leaves as a file that the stand-alone verifier accepts; the print opens beside', async () => {
  const { page } = visitor;
  await page.goto('/sign-in?next=/settings');
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/settings');
  const record = await saved(
    () => page.getByRole('button', { name: 'Export my record' }).click(),
    'record.json',
  );
  await page.getByText('Your record is saved as a file on this device.').waitFor();
  const checked = await runVerifier(server.url, '--no-state', '--key', await vkey(), '--record', record);
  assert.deepEqual([checked.exitCode, checked.codes], [0, []]);
  const print = await page.getByRole('link', { name: 'Print my record' }).getAttribute('href');
  assert.equal(print, '/api/record.pdf?language=en');
  await assertAccessible();
});

it('a legal hold refuses and says its reason in the page', async () => {
  const { page } = visitor;
  const stores = { deps: server.deps, sequencer: server.sequencer } as unknown as Stores;
  const hold = { uhid: person.uhid, reason: 'District court, case 41/2026.' };
  await holdRecord(stores, { ...hold, lift: false });
  await page.goto(`/record/conditions/history/Condition/${asthma.id}`);
  await page.getByRole('button', { name: 'Erase Asthma for good' }).click();
  const sheet = page.getByRole('dialog', { name: 'Erase Asthma for good?' });
  const word = sheet.getByLabel('Write the words to go on');
  const act = sheet.locator('button[type=submit]');
  await word.fill('erase it');
  assert.match((await act.textContent()) ?? '', /Write the words above first/);
  await word.fill('erase for good');
  await act.click();
  await sheet.getByText('Nothing was erased: a legal hold is on this record.').waitFor();
  await sheet.getByText('The reason given: District court, case 41/2026.').waitFor();
  await assertAccessible();
  await holdRecord(stores, { ...hold, lift: true });
});

it('an entry goes only after the password is given once more; its receipt holds', async () => {
  const { page } = visitor;
  aheadMs += 11 * 60_000;
  const act = page.getByRole('dialog', { name: 'Erase Asthma for good?' }).locator('button[type=submit]');
  await act.click();
  const proof = page.getByRole('dialog', { name: 'Your password once more' });
  await proof.locator('input[name=password], input[type=password]').first().fill(goodPassword);
  const receipt = await saved(() => proof.getByRole('button', { name: 'Go on' }).click(), 'receipt.json');
  await page.getByText('It is gone.').waitFor();
  const checked = await runVerifier(server.url, '--no-state', '--key', await vkey(), '--record', receipt);
  assert.deepEqual([checked.exitCode, checked.codes], [0, []]);
  await page.getByRole('dialog', { name: 'Erased for good' }).getByRole('button', { name: 'Done' }).click();
  await page.waitForURL('**/record/conditions');
  assert.equal((await person.get(`/fhir/R4/Condition/${asthma.id}`)).status, 404);
});

it('everything goes after the health ID is typed; the receipt is all that is left, and it holds', async () => {
  const { page } = visitor;
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Erase my whole record' }).click();
  const sheet = page.getByRole('dialog', { name: 'Erase your whole record for good?' });
  await sheet.getByLabel('Write your health ID').fill(formatUhid(person.uhid));
  const receipt = await saved(() => sheet.locator('button[type=submit]').click(), 'whole.json');
  await page.getByText('It is gone.').waitFor();
  const checked = await runVerifier(server.url, '--no-state', '--key', await vkey(), '--record', receipt);
  assert.deepEqual([checked.exitCode, checked.codes], [0, []]);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  const again = await newClient(server.url).call('POST', '/api/sessions', {
    body: { login: person.login, password: goodPassword },
  });
  assert.equal(again.status, 401);
});
