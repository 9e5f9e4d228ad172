// A clinician opens documents and images from a record that was opened to them: what the permission covers, each look in the log, what is
// sealed nowhere, not even at its address.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { PDFDocument } from 'pdf-lib';
import { insertAuthority } from '../../server/storage/authorities.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { Clinician } from '../harness/clinician.ts';
import { signUpClinician } from '../harness/clinician.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

let server: TestServer;
let browser: Browser;
let asha: Person;
let doctor: Clinician;
let atWork: Visitor;
let letter = '';
let hidden = '';
const study = newUid();

async function onePage(): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage([300, 400]).drawText('Seen on Monday.', { x: 40, y: 340, size: 18 });
  return Buffer.from(await document.save());
}

async function letIn(who: Clinician, categories?: readonly ('identity' | 'imaging')[]): Promise<void> {
  await insertAuthority(server.pool, {
    patientId: asha.patientId,
    authorityId: randomUUID(),
    basis: 'grant',
    holderId: who.accountId,
    coverage: { sealed: false, ...(categories === undefined ? {} : { categories }) },
    purpose: 'TREAT',
    startsAtMs: Date.now() - 1000,
    endsAtMs: Date.now() + 3_600_000,
  });
}

const looksOf = async (who: Clinician, event: string) => {
  const { rows } = await server.pool.query<{ outcome: string }>(
    `select statement::json ->> 'outcome' as outcome from entry
      where patient_id = $1 and statement::json ->> 'event' = $2 and statement like '%' || $3 || '%'`,
    [asha.patientId, event, who.accountId],
  );
  return rows.map(({ outcome }) => outcome);
};

async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  );
}

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  const series = newUid();
  for (const instance of [1, 2, 3]) await upload(asha, makeImage({ study, series, instance, side: 64 }));
  const paper = async (title: string) => {
    const [file] = (await upload(asha, await onePage(), { title })).files;
    return file?.resource?.split('/')[1] ?? '';
  };
  letter = await paper('Discharge letter');
  hidden = await paper('What nobody is to know');
  const stands = (await asha.get(`/fhir/R4/DocumentReference/${hidden}`)).json<{ meta: object }>();
  const sealed = await asha.call('PUT', `/fhir/R4/DocumentReference/${hidden}`, {
    body: {
      ...stands,
      meta: {
        ...stands.meta,
        security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
      },
    },
  });
  assert.equal(sealed.status, 200, sealed.text);
  await letIn(doctor);
  atWork = await visitorOf(browser, server.url, doctor, { viewport: { width: 390, height: 844 } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

it('opens a document and the images from the chart and comes back; each look is in the log under the permission', async () => {
  const { page } = atWork;
  await page.goto(`/clinic/patients/${asha.patientId}`);
  await page.getByRole('link', { name: /^Open Discharge letter/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Discharge letter' }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/clinic/patients/${asha.patientId}/papers/${letter}`);
  await page.getByRole('link', { name: 'Take the file: Discharge letter' }).waitFor();
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Back to the chart' }).click();
  await page.getByRole('link', { name: /^Images .*, / }).click();
  await page.locator('.stage[data-drawn="1"]').waitFor();
  await assertAccessible(page);
  await page.getByRole('link', { name: 'Back to the chart' }).click();
  await page.getByRole('link', { name: /^Open Discharge letter/ }).waitFor();
  assert.equal(await page.getByText('What nobody is to know').count(), 0);
  const images = await looksOf(doctor, 'images');
  assert.ok(images.length >= 3, 'series, headers and what is drawn');
  assert.deepEqual(new Set(images), new Set(['done']));
  atWork.assertQuiet();
});

it('what is sealed is not there, at its address either, and that they tried is in the log', async () => {
  const { page } = atWork;
  await page.goto(`/clinic/patients/${asha.patientId}/papers/${hidden}`);
  await page.getByText('It is not here, or it is not yours to see.').waitFor();
  assert.equal(await page.getByText('What nobody is to know').count(), 0);
  await page.getByRole('link', { name: 'Back to the chart' }).waitFor();
  assert.ok((await looksOf(doctor, 'read')).includes('refused'));
});

it('a permission for images alone opens no paper', async () => {
  const radiologist = await signUpClinician(server.url, server.pool, { name: 'Dr Arun Das' });
  await letIn(radiologist, ['identity', 'imaging']);
  const visitor = await visitorOf(browser, server.url, radiologist);
  const { page } = visitor;
  await page.goto(`/clinic/patients/${asha.patientId}`);
  await page.getByRole('link', { name: /^Images .*, / }).waitFor();
  assert.equal(await page.getByRole('link', { name: /^Open / }).count(), 0);
  await page.goto(`/clinic/patients/${asha.patientId}/papers/${letter}`);
  await page.getByText('It is not here, or it is not yours to see.').waitFor();
  assert.equal(await page.getByText('Discharge letter').count(), 0);
  await visitor.close();
});
