// The administrator's journey in a real browser: an organisation is made, a doctor invited and there, the licence looked at, a first write,
// and once suspended the next one is refused. An auditor reads all of it and changes nothing.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

let server: TestServer;
let browser: Browser;
let operator: Visitor;
let doctor: Visitor;
let doctors: Person;
let patient: Person;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  const operators = await signUp(server.url, { name: 'Joseph Lobo' });
  await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
    operators.accountId,
  ]);
  doctors = await signUp(server.url, { name: 'Meera Iyer' });
  patient = await signUp(server.url, { name: 'Asha Rao' });
  operator = await deviceOf(operators, { width: 1280, height: 800 });
  doctor = await deviceOf(doctors, { width: 390, height: 800 });
  await operator.page.goto('/home');
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** In a session that was proved twice, as those who work with records need it. */
async function deviceOf(person: Person, viewport: { width: number; height: number }): Promise<Visitor> {
  await provedTwice(server.pool, person.accountId);
  return visitorOf(browser, server.url, person, { viewport });
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

it('an organisation is made', async () => {
  const { page } = operator;
  await page.getByRole('link', { name: 'Organisations' }).click();
  await page.getByRole('button', { name: 'New organisation' }).click();
  const sheet = page.getByRole('dialog', { name: 'A new organisation' });
  await sheet.getByLabel('Name of the organisation').fill('Kaveri General Hospital');
  await sheet.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Kaveri General Hospital' }).waitFor();
  await page.getByText('Nobody works here yet.').waitFor();
  await assertAccessible(page);
});

it('a doctor is invited, and is there once they said so', async () => {
  const { page } = operator;
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const sheet = page.getByRole('dialog', { name: 'Invite somebody to work here' });
  await sheet.getByLabel('Their e-mail address').fill(doctors.login);
  await sheet.getByLabel('Role').selectOption('doctor');
  await assertAccessible(page);
  await sheet.getByRole('button', { name: 'Send the invitation' }).click();
  // No mail leaves a server of a test: the link is to be handed over.
  const link = await sheet.getByText('/places/invitation/').innerText();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.getByText(doctors.login).waitFor();

  await doctor.page.goto(new URL(link).pathname);
  await doctor.page.getByText('Kaveri General Hospital, as Doctor').waitFor();
  await assertAccessible(doctor.page);
  await doctor.page.getByRole('button', { name: 'Accept' }).click();
  await doctor.page.waitForURL('**/places');
});

it('the licence counts when the administrator has looked', async () => {
  const { page } = doctor;
  await page.getByLabel('Number of the licence').fill('KMC 41001');
  await page.getByLabel('Given by').fill('Karnataka Medical Council');
  await page.getByLabel('Day').fill('31');
  await page.getByLabel('Month').selectOption('12');
  await page.getByLabel('Year').fill('2999');
  await page.getByRole('button', { name: 'Write it down' }).click();
  await page.getByText('This licence waits for a look').waitFor();
  await assertAccessible(page);
  assert.equal(await firstWrite(), 403);

  await operator.page.reload();
  await operator.page.getByText('KMC 41001, Karnataka Medical Council').waitFor();
  await assertAccessible(operator.page);
  await operator.page.getByRole('button', { name: 'The licence of Meera Iyer is right' }).click();
  await operator.page.getByText('Meera Iyer can work.').waitFor();
});

/** As the doctor's own browser would send it. */
async function firstWrite(): Promise<number> {
  return doctor.page.evaluate(async (patientId) => {
    const answer = await fetch('/fhir/R4/Observation', {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'Pulse' },
        subject: { reference: `Patient/${patientId}` },
        valueString: 'even',
      }),
    });
    return answer.status;
  }, patient.patientId);
}

it('the doctor writes with the patient’s pen, and suspended does not on the next request', async () => {
  const given = await patient.call('POST', '/api/grants', {
    body: { to: doctors.accountId, scope: { write: true }, purpose: 'TREAT', duration: 'P7D' },
  });
  assert.equal(given.status, 201, given.text);
  assert.equal(await firstWrite(), 201);
  const { page } = operator;
  await page.getByRole('button', { name: 'Change Meera Iyer' }).click();
  const sheet = page.getByRole('dialog', { name: 'Meera Iyer' });
  await assertAccessible(page);
  await sheet.getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Suspended', { exact: false }).first().waitFor();
  await sheet.waitFor({ state: 'detached' });
  assert.equal(await firstWrite(), 403);
});

it('all of it stands in the list of what administrators did', async () => {
  const { page } = operator;
  await page.goto('/admin/acts');
  for (const line of [
    'Meera Iyer was suspended as Doctor',
    'The licence of Meera Iyer was found right',
    'Meera Iyer began to work here as Doctor',
    'Somebody was invited as Doctor',
    'The organisation was made',
  ])
    await page.getByText(line).waitFor();
  await assertAccessible(page);
  // A refused write is an answer, which Chromium writes down like a failure.
  assert.deepEqual(
    doctor.complaints.filter((line) => !line.includes('status of 403')),
    [],
  );
  operator.assertQuiet();
});
