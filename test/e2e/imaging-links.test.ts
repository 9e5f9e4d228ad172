// Images and their report find each other, whichever comes first: by the number of the order, by the order, by the study that is named.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import { makePdf } from '../harness/pdf.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { assertSound } from '../harness/sound-page.ts';
import { upload } from '../harness/tus.ts';

let server: TestServer;
let browser: Browser;
let asha: Person;
let hospital: Program;
let phone: Visitor;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url, { name: 'Asha Rao' });
  hospital = await program(server);
  phone = await visitorOf(browser, server.url, asha, { viewport: { width: 390, height: 844 } });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function create(resource: Record<string, unknown>): Promise<string> {
  const made = await hospital.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, {
    body: { subject: { reference: `Patient/${asha.patientId}` }, ...resource },
  });
  assert.equal(made.status, 201, made.text);
  return made.json<{ id: string }>().id;
}

const order = (number: string) =>
  create({
    resourceType: 'ServiceRequest',
    status: 'active',
    intent: 'order',
    code: { text: 'CT of the head' },
    identifier: [{ system: 'https://hospital.example/orders', value: number }],
  });

const report = (title: string, more: Record<string, unknown>) =>
  create({
    resourceType: 'DiagnosticReport',
    status: 'final',
    code: { text: title },
    effectiveDateTime: '2024-05-03',
    conclusion: `Nothing to be seen of ${title}.`,
    ...more,
  });

async function images(accession?: string): Promise<{ study: string; id: string }> {
  const study = newUid();
  const bytes = makeImage({ study, side: 64, ...(accession === undefined ? {} : { accession }) });
  const [file] = (await upload(asha, bytes)).files;
  return { study, id: file?.resource?.split('/')[1] ?? '' };
}

it('the images come first, the report for the order after them; a study of the same day is not drawn in', async () => {
  const { page } = phone;
  const [of, other] = [await images('ORD-7701'), await images()];
  const id = await order('ORD-7701');
  await report('CT head', { basedOn: [{ reference: `ServiceRequest/${id}` }] });
  await page.goto(`/timeline/ImagingStudy/${of.id}`);
  await page.getByText('Nothing to be seen of CT head.').waitFor();
  await assertSound(page, 'entry of a study with a report');
  await page.getByRole('link', { name: /^Report: CT head/ }).click();
  await page.getByRole('heading', { level: 1, name: 'CT head' }).waitFor();
  await page.getByRole('link', { name: /^Images: / }).click();
  await page.waitForURL(`**/images/${of.study.replaceAll('.', '-')}`);
  await page.getByRole('link', { name: /^Report: CT head/ }).waitFor();
  await assertSound(page, 'images with a report');

  await page.goto(`/images/${other.study.replaceAll('.', '-')}`);
  await page.locator('.stage[data-drawn]').waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await page.getByRole('link', { name: /^Report: / }).count(), 0);
});

it('the report comes first, by the accession number; the images after it', async () => {
  const { page } = phone;
  const type = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] };
  const id = await report('MR knee', { identifier: [{ type, value: 'ACC-9' }] });
  const of = await images('ACC-9');
  await page.goto(`/timeline/DiagnosticReport/${id}`);
  await page.getByRole('link', { name: /^Images: / }).click();
  await page.waitForURL(`**/images/${of.study.replaceAll('.', '-')}`);
  await page.getByText('Nothing to be seen of MR knee.').waitFor();
});

it('a report that is a paper, related to the study it speaks of', async () => {
  const { page } = phone;
  const of = await images();
  const [file] = (await upload(asha, makePdf({ pages: ['Seen'] }), { title: 'Report of the CT' })).files;
  const path = `/fhir/R4/${file?.resource ?? ''}`;
  const stands = (await asha.get(path)).json<object>();
  const put = await asha.call('PUT', path, {
    body: { ...stands, context: { related: [{ reference: `ImagingStudy/${of.id}` }] } },
  });
  assert.equal(put.status, 200, put.text);
  await page.goto(`/images/${of.study.replaceAll('.', '-')}`);
  await page.getByRole('link', { name: /^Report: Report of the CT/ }).click();
  await page.getByRole('link', { name: 'Look at the document' }).click();
  await page.getByText('Seen', { exact: true }).waitFor();
  await page.getByRole('link', { name: /^Images: / }).waitFor();
  await assertSound(page, 'a paper with images');
  phone.assertQuiet();
});
