// Somebody is found: the card is scanned, a verified clinician opens the record in an emergency, the person is alerted and questions
// it, the organisation reviews it, an auditor sees the count.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { MemberRole } from '../../server/storage/members.ts';
import { insertMember } from '../../server/storage/members.ts';
import { importDirectory } from '../harness/directory.ts';
import { launchBrowser, newVisitor, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

let server: TestServer;
let browser: Browser;
let patient: Person;
let doctor: Person;
const hospital = 'a-hospital';
const note = 'Fell from the steps, awake, holds her left side.';
const reason = 'Unconscious after a fall, on warfarin?';

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  await importDirectory(server.deps, [
    { resourceType: 'Organization', id: hospital, name: 'Kaveri General Hospital' },
  ]);
  doctor = await signUpClinician(server.url, server.pool, {
    name: 'Dr Kavya Shenoy',
    organizationId: hospital,
  });
  patient = await signUp(server.url, { name: 'Asha Rao' });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function pageOf(person: Person): Promise<Page> {
  const { page } = await visitorOf(browser, server.url, person, { viewport: { width: 360, height: 740 } });
  return page;
}

async function staff(role: MemberRole): Promise<Person> {
  const person = await signUp(server.url, { name: `A ${role}` });
  const member = { memberId: randomUUID(), accountId: person.accountId, organizationId: hospital, role };
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
}

it('whoever finds her scans the card and sees what matters, without signing in', async () => {
  const made = (await patient.get('/api/emergency-card')).json<{ url: string }>();
  const { page } = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
  await page.goto(new URL(made.url).pathname);
  await page.getByText('Asha Rao').first().waitFor();
});

it('leaves a note for the hospital with the code of the card, on a page without script', async () => {
  await patient.call('PUT', '/api/emergency-card/code', { body: { code: '482915' } });
  const { url } = (await patient.get('/api/emergency-card')).json<{ url: string }>();
  const { page } = await newVisitor(browser, server.url, {
    viewport: { width: 360, height: 740 },
    javaScriptEnabled: false,
  });
  await page.goto(new URL(url).pathname);
  await page.getByRole('link', { name: 'Leave a note for the hospital' }).click();
  await page.getByLabel('What happened, what was done').fill(note);
  await page.getByLabel('Pulse (/min)').fill('54');
  await page.getByLabel('Where they are being taken').selectOption('Kaveri General Hospital');
  await page.getByLabel('Emergency code').fill('482915');
  await page.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('heading', { name: 'The note was left.' }).waitFor();
});

it('the desk of that hospital sees that somebody is coming, and nothing of the record', async () => {
  const page = await pageOf(await staff('desk'));
  await page.goto('/desk');
  await page.getByText(`Card ends ${patient.uhid.slice(-4)}`, { exact: true }).waitFor();
  await page.getByText('Not verified: left with the code of the card.').waitFor();
  const shown = await page.locator('main').innerText();
  assert.ok(!shown.includes('Asha') && !shown.includes(note));
  await assertAccessible(page);
});

it('a verified clinician there opens the record before they arrive, with a reason, and the person is alerted at once', async () => {
  const page = await pageOf(doctor);
  await page.goto('/clinic');
  await page.getByText(`Card ends ${patient.uhid.slice(-4)}`, { exact: true }).waitFor();
  await assertAccessible(page);
  await page.getByRole('link', { name: /^Open in an emergency: card ends/ }).click();
  await page.getByText('The person on the way to you').waitFor();
  await page.getByLabel('Why it cannot wait').fill(reason);
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Open it, and tell them' }).click();
  await page.getByRole('heading', { level: 1, name: 'Asha Rao' }).waitFor();
  await page.getByText(/^Opened in an emergency, until/).waitFor();
  await page.getByText(note).first().waitFor();
  await page.getByText('Not verified: left with the code of the card.').waitFor();
  const own = await pageOf(patient);
  await own.goto('/notices');
  await own.getByRole('heading', { name: /Dr Kavya Shenoy opened your record/ }).waitFor();
  await own.goto('/who-looked');
  await own.getByText(reason).waitFor();
  await assertAccessible(own);
  await own.getByRole('button', { name: /^Question it/ }).click();
  await own.getByText('You questioned it.').waitFor();
});

it('the organisation reviews it, the person reads what was found, and an auditor sees a count without a name', async () => {
  const officer = await pageOf(await staff('records'));
  await officer.goto('/oversight');
  await officer.getByText('The person questions it.').waitFor();
  await officer.getByRole('button', { name: /^Answer about/ }).click();
  await officer.getByLabel('It was justified').check();
  await officer
    .getByLabel('In words that the person will read')
    .fill('Brought in by ambulance, not able to speak.');
  await officer.getByRole('button', { name: 'Save the answer' }).click();
  await officer.getByText('Brought in by ambulance, not able to speak.').waitFor();
  const own = await pageOf(patient);
  await own.goto('/who-looked');
  await own.getByText(/Brought in by ambulance, not able to speak/).waitFor();
  const auditor = await pageOf(await staff('auditor'));
  await auditor.goto('/oversight');
  await auditor.getByText('Emergency access by organisation').waitFor();
  await auditor.getByText('Kaveri General Hospital').waitFor();
  assert.ok(!(await auditor.locator('main').innerText()).includes('Asha'));
  await assertAccessible(auditor);
});
