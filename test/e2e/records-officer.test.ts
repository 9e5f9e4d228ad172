// A person asks that an entry be put right; the records officer opens it, writes a new version with the reason, and the person sees it. Then two
// records of one person are joined by two officers and both owners, and parted again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { insertMember } from '../../server/storage/members.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const codes: string[] = [];
let server: TestServer;
let browser: Browser;
let patient: Person;
let twin: Person;
let officers: [Person, Person];
let entry = '';

before(async () => {
  browser = await launchBrowser();
  server = await startServer({
    sources: {
      messenger: {
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
      },
    },
  });
  patient = await signUp(server.url, { name: 'Asha Rao' });
  twin = await signUp(server.url, { name: 'Asha R' });
  officers = [await officer('Omar Khan'), await officer('Nafisa Dalal')];
  const doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  const asked = await doctor.call('POST', '/api/access-requests', {
    body: { patient: patient.uhid, scope: { write: true }, purpose: 'TREAT', duration: 'PT30M' },
  });
  const { id } = asked.json<{ id: string }>();
  await doctor.call('POST', `/api/access-requests/${id}/confirm`, { body: { code: codes.at(-1) } });
  const written = await doctor.call('POST', '/fhir/R4/Condition', {
    body: { ...conditionOf(patient.patientId, 'Asthma'), code: { text: 'Asthma' } },
  });
  assert.equal(written.status, 201, written.text);
  entry = `Condition/${written.json<{ id: string }>().id}`;
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function officer(name: string): Promise<Person> {
  const person = await signUp(server.url, { name });
  const at = { organizationId: 'a-hospital', role: 'records' } as const;
  const member = { memberId: randomUUID(), accountId: person.accountId, ...at };
  await insertMember(
    server.pool,
    { ...member, practitionerId: null, licence: null, licenceUntil: null },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

async function pageOf(person: Person, width = 390): Promise<Page> {
  const { page } = await visitorOf(browser, server.url, person, { viewport: { width, height: 844 } });
  return page;
}

async function assertFit(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.equal(wide, false, 'nothing scrolls sideways');
}

it('the person asks from the entry itself, and reads by when it is answered', async () => {
  const page = await pageOf(patient);
  await page.goto(`/timeline/${entry}`);
  await page.getByRole('button', { name: 'Ask to put it right' }).click();
  await page.getByLabel('What is wrong').fill('I never had asthma, it was a cold.');
  await page.getByLabel('What it should say').fill('A cold, over since.');
  await page.getByRole('button', { name: 'Send the request' }).click();
  await page.getByText(/You asked on/).waitFor();
  await page.getByText(/answers? by/).waitFor();
  await assertFit(page);
});

it('the officer opens the entry, changes one value and gives the reason; the old version stays', async () => {
  const page = await pageOf(officers[0], 1280);
  await page.goto('/office');
  await page.getByText('I never had asthma, it was a cold.').waitFor();
  await assertFit(page);
  await page.getByRole('link', { name: /^Open the entry/ }).click();
  await page.getByLabel('What it is, in words').fill('Common cold');
  await page.getByLabel('The reason').fill('The note of that day says so.');
  await assertFit(page);
  await page.getByRole('button', { name: 'Write the new version' }).click();
  await page.getByText(/^Put right\./).waitFor();
  const own = await pageOf(patient);
  await own.goto(`/timeline/${entry}`);
  await own.getByRole('heading', { level: 1, name: 'Common cold' }).waitFor();
  await own.getByText(/^Put right: version 2/).waitFor();
});

it('two officers and both owners join two records; either side parts them again', async () => {
  const first = await pageOf(officers[0], 1280);
  await first.goto('/office');
  await first.getByLabel('Number of the record that stays').fill(patient.uhid);
  await first.getByLabel('Number of the other record').fill(twin.uhid);
  await first.getByLabel('The reason').fill('She signed up twice, she says.');
  await first.getByRole('button', { name: 'Propose to join them' }).click();
  await first.getByText(/^Waits for: another officer/).waitFor();
  const second = await pageOf(officers[1]);
  await second.goto('/office');
  await second.getByRole('button', { name: /^I looked at both/ }).click();
  await second.getByText(/^Waits for: the owner of the record that stays/).waitFor();
  await assertFit(second);
  for (const person of [twin, patient]) {
    const own = await pageOf(person);
    await own.goto('/joined');
    await own.getByText('The reason: She signed up twice, she says.').waitFor();
    await assertFit(own);
    await own.getByRole('button', { name: /^Yes, both are mine/ }).click();
    await own.getByText(person === patient ? /^Joined$/ : 'You said yes.').waitFor();
  }
  assert.equal((await patient.get(`/fhir/R4/Patient/${twin.patientId}`)).status, 200);
  const own = await pageOf(twin);
  await own.goto('/joined');
  await own.getByRole('button', { name: /^Part them again/ }).click();
  await own.getByLabel('The reason').fill('I want to keep them apart.');
  await own.getByRole('dialog').getByRole('button', { name: 'Part them again' }).click();
  await own.getByText('Parted again').waitFor();
  assert.equal((await patient.get(`/fhir/R4/Patient/${twin.patientId}`)).status, 404);
});
