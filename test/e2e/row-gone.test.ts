// What was pressed in a row is said to be done also where the row is gone by then: in a real browser, because only there rows come and go.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const server = await startServer();
const browser = await launchBrowser();
after(async () => {
  await browser.close();
  await server.stop();
});

test('a doctor accepts one who asks: the row leaves the list, and it is said that they were told', async () => {
  const patient = await signUp(server.url, { name: 'Asha Rao' });
  const doctor = await signUpClinician(server.url, server.pool);
  const body = { to: doctor.accountId, words: 'My knee hurts since Monday.' };
  const asked = await patient.call('POST', '/api/doctor-requests', { body });
  assert.equal(asked.status, 201, asked.text);
  const visitor = await newVisitor(browser, server.url);
  const { page } = visitor;
  await page.goto('/sign-in');
  await page.evaluate(
    async (credentials) => {
      const headers = { 'content-type': 'application/json' };
      await fetch('/api/sessions', { method: 'POST', headers, body: JSON.stringify(credentials) });
    },
    { login: doctor.login, password: goodPassword },
  );
  await provedTwice(server.pool, doctor.accountId);
  await page.goto('/clinic');
  await page.getByRole('button', { name: /^Accept.*Asha Rao/ }).click();
  await page.getByText('Asha Rao was told that you accept.').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Accept.*Asha Rao/ }).count(), 0);
  visitor.assertQuiet();
});
