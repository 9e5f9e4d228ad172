// A doctor asks a patient, types the code, reads, writes within the half hour, writes for longer by a new code, is refused when it is over,
// and sends the late entry. Somebody without a phone shows card and code, and a colleague confirms it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, shows, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { insertMember } from '../../server/storage/members.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { cameraThatSees } from '../harness/fake-camera.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

const accessCode = '482915';
let nowMs = Date.now();
const codes: string[] = [];
let server: TestServer;
let browser: Browser;
let patient: Person;
let witness: Person;
const folder = mkdtempSync(join(tmpdir(), 'medallion-doctor-'));
let page: Page;

before(async () => {
  server = await startServer({
    sources: {
      now: () => nowMs,
      messenger: {
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
      },
    },
  });
  patient = await signUp(server.url, { name: 'Asha Rao' });
  await patient.create({
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${patient.patientId}` },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: { text: 'Penicillin' },
  });
  // Without a phone: what they have is a card, and a code in their head.
  const card = (await patient.get('/api/emergency-card')).json<{ url: string }>().url;
  assert.equal(
    (await patient.call('PUT', '/api/emergency-card/code', { body: { code: accessCode } })).status,
    200,
  );
  browser = await launchBrowser(cameraThatSees(card, join(folder, 'card.y4m')));
  witness = await signUp(server.url, { name: 'Imran Shaikh' });
  await insertMember(
    server.pool,
    {
      memberId: randomUUID(),
      accountId: witness.accountId,
      organizationId: 'a-hospital',
      role: 'desk',
      practitionerId: null,
      licence: null,
      licenceUntil: null,
    },
    nowMs,
  );
  await provedTwice(server.pool, witness.accountId);
  const doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  ({ page } = await visitorOf(browser, server.url, doctor, { viewport: { width: 360, height: 740 } }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function assertAccessible(of = page): Promise<void> {
  const { violations } = await new AxeBuilder({ page: of })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id }) => id),
    [],
  );
}

it('asks by the health ID, and is let in by the code that the person tells', async () => {
  await page.goto('/clinic');
  await page.getByText('Nobody’s record is open to you.').waitFor();
  await page.getByRole('link', { name: 'Ask a patient' }).click();
  // The page that is left has a field of this name as well.
  await page.getByRole('heading', { level: 1, name: 'Ask a patient' }).waitFor();
  await page.getByLabel('Health ID').fill(patient.uhid);
  await page.getByLabel('The whole record').check();
  await page.getByLabel('I also want to write').check();
  await page.getByLabel('What for?').selectOption('TREAT');
  await page.getByLabel('For how long?').selectOption('P7D');
  await page.getByRole('button', { name: 'Send the request' }).click();
  const field = page.getByLabel('Type the code they tell you');
  await field.waitFor();
  await assertAccessible();
  const code = codes.at(-1) ?? '';
  await field.fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('That code does not match. 4 tries left.').waitFor();
  await field.fill(code);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Asha Rao' }).waitFor();
  await page.getByRole('link', { name: 'Chart', exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'Write into the record' }).waitFor();
  await page.getByRole('region', { name: 'Allergies' }).getByText('Penicillin').waitFor();
});

it('writes while the time to write lasts', async () => {
  await page.getByText(/^You may write until \d\d:\d\d/).waitFor();
  await page.getByLabel('Diagnosis').check();
  await page.getByLabel('In words').fill('Asthma');
  await page.getByRole('button', { name: 'Save it' }).click();
  await page.getByText('Saved, with your name on it.').waitFor();
  await page.getByRole('region', { name: 'Conditions' }).getByText('Asthma').waitFor();
  await assertAccessible();
});

it('writes for longer by a new code, and by no old one', async () => {
  const until = page.getByText(/^You may write until \d\d:\d\d/);
  const before = await until.innerText();
  nowMs += 12 * 60_000;
  await page.getByRole('button', { name: 'Ask to write for longer' }).click();
  await page.getByText('You asked to write for 30 minutes more').waitFor();
  const field = page.getByLabel('Type the code they tell you');
  const [old = '', fresh = ''] = codes.slice(-2);
  await field.fill(old);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('That code does not match. 4 tries left.').waitFor();
  await field.fill(fresh);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Asha Rao' }).waitFor();
  await page.getByRole('link', { name: 'Chart', exact: true }).click();
  await page.getByRole('heading', { level: 2, name: 'Write into the record' }).waitFor();
  await until.filter({ hasNotText: before }).waitFor();
});

it('is refused when it is over: the words stay, and the person decides whether they go in', async () => {
  // Half an hour in three steps: a session of staff that is used stays open.
  for (let step = 0; step < 2; step += 1) {
    nowMs += 11 * 60_000;
    await page.reload();
    await page.getByRole('region', { name: 'Conditions' }).getByText('Asthma').waitFor();
  }
  nowMs += 11 * 60_000;
  await page.getByLabel('Diagnosis').check();
  await page.getByLabel('In words').fill('Eczema');
  await page.getByRole('button', { name: 'Save it' }).click();
  await page.getByText('Not saved: your time to write is over.').waitFor();
  await shows(() => page.getByLabel('In words').inputValue(), 'Eczema');
  await page.getByRole('button', { name: 'Send it to the person' }).click();
  await page.getByText('Sent. It goes in when the person accepts it.').waitFor();
  await patient.call('POST', '/api/sessions', { body: { login: patient.login, password: goodPassword } });
  const conditions = async () => (await patient.get('/fhir/R4/Condition')).json<{ total: number }>().total;
  assert.equal(await conditions(), 1, 'the late one is not in');
  const [late] = (await patient.get('/api/amendments')).json<{ id: string; title: string }[]>();
  assert.equal(late?.title, 'Eczema');
  assert.equal((await patient.call('POST', `/api/amendments/${late.id}/accept`)).status, 201);
  assert.equal(await conditions(), 2);
});

it('opens with card and code of somebody without a phone, once a colleague has confirmed it', async () => {
  await witness.call('POST', '/api/sessions', { body: { login: witness.login, password: goodPassword } });
  await provedTwice(server.pool, witness.accountId);
  const other = await visitorOf(browser, server.url, witness, { viewport: { width: 360, height: 740 } });
  // What was allowed is over: only card and code open anything now.
  for (const { id } of (await patient.get('/api/grants')).json<{ id: string }[]>())
    await patient.call('POST', `/api/grants/${id}/revoke`);
  await page.goto('/clinic');
  await page.getByText('Nobody’s record is open to you.').waitFor();
  await page.getByRole('link', { name: 'Card and code' }).click();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await page.getByText('The code was read.').waitFor();
  await page.getByLabel('The whole record').check();
  await page.getByLabel('I also want to write').check();
  await page.getByLabel('What for?').selectOption('TREAT');
  const code = page.getByLabel('Their access code');
  await code.fill('739164');
  await page.getByRole('button', { name: 'Ask a colleague to confirm' }).click();
  await page.getByText('This card and code open nothing.').waitFor();
  await assertAccessible();
  await code.fill(accessCode);
  await page.getByRole('button', { name: 'Ask a colleague to confirm' }).click();
  await page.getByText(`The card ends with ${patient.uhid.slice(-4)}.`).waitFor();
  await assertAccessible();

  await other.page.goto('/more');
  await other.page.getByRole('link', { name: 'Confirm a card for a colleague' }).click();
  await other.page.getByText(`Dr Meera Iyer, card ending ${patient.uhid.slice(-4)}`).waitFor();
  await assertAccessible(other.page);
  await other.page.getByRole('button', { name: /^I saw it/ }).click();
  await other.page.getByText('No card waits.').waitFor();

  await page.getByRole('heading', { level: 1, name: 'Asha Rao' }).waitFor();
  await page.getByRole('region', { name: 'Allergies' }).getByText('Penicillin').waitFor();
  await page.getByText(/^You may write until \d\d:\d\d/).waitFor();
  await other.close();
});
