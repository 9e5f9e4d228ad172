// The verifier as one HTML file, opened from a disk: a record is dropped on it and checked without any network.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { buildVerifier } from '../../verifier/build.ts';
import { prepareNextKey } from '../../server/ledger/key-rotation.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import { signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import { startServer } from '../harness/server.ts';
import { temporaryFolder } from '../harness/verifier.ts';

/** Lines of the result without a letter of Devanagari. */
async function englishLines(page: Page): Promise<string[]> {
  const lines = await page.locator('#result > :not(ul), #result li').allInnerTexts();
  return lines.filter((line) => !/[\u0900-\u097f]/.test(line));
}

describe('the verifier as a file', () => {
  const folder = temporaryFolder();
  let browser: Browser;
  let address: string;
  let vkey: string;
  let firstKey: string;
  before(async () => {
    const path = await buildVerifier();
    address = pathToFileURL(path).href;
    const server = await startServer();
    const asha = await signUp(server.url);
    await asha.create(conditionOf(asha.patientId, 'Asthma'));
    firstKey = (await asha.get('/log/vkey')).text.trim();
    // The key was replaced since: the file brings the note with which the old one vouched for the new.
    await prepareNextKey(server.dataDir, firstKey.split('+', 1)[0] ?? '', 0);
    await server.sequencer.flush();
    vkey = (await asha.get('/log/vkey')).text.trim();
    assert.notEqual(vkey, firstKey);
    writeFileSync(folder.path('record.json'), (await asha.get('/api/export')).bytes);
    const offered = await asha.get('/verify.html');
    assert.equal(offered.text, readFileSync(path, 'utf8'), 'the server gives the same file away');
    assert.match(offered.headers.get('content-disposition') ?? '', /^attachment/);
    // From here on nobody is there to ask.
    await server.stop();
    browser = await launchBrowser();
  });
  after(async () => {
    folder.remove();
    await browser.close();
  });

  test('a whole record holds under its key; one changed letter does not; nothing is asked of anybody', async () => {
    const { page, complaints, context } = await newVisitor(browser, 'http://nowhere.example');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(address);
    await page.setInputFiles('#file', folder.path('record.json'));
    await page
      .getByRole('heading', { name: 'The file is whole. Whose it is, only the key can tell.' })
      .waitFor();
    await page.getByLabel('Key of the log').fill(vkey);
    await page.getByRole('heading', { name: 'Nothing altered, nothing missing' }).waitFor();
    await page.getByLabel('Key of the log').fill('');
    await page
      .getByRole('heading', { name: 'The file is whole. Whose it is, only the key can tell.' })
      .waitFor();
    await page.getByLabel('Key of the log').fill(firstKey);
    await page.getByRole('heading', { name: 'Nothing altered, nothing missing' }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    writeFileSync(
      folder.path('forged.json'),
      readFileSync(folder.path('record.json'), 'utf8').replace('Asthma', 'Asthmb'),
    );
    await page.setInputFiles('#file', folder.path('forged.json'));
    await page.getByRole('heading', { name: 'Something does not match' }).waitFor();
    await page.getByText('the text of the version is not what was written').waitFor();
    await page.getByRole('button', { name: 'हिन्दी' }).click();
    await page.getByRole('heading', { name: 'कुछ मेल नहीं खाता' }).waitFor();
    await page.getByText('इस संस्करण का पाठ वह नहीं है जो लिखा गया था').waitFor();
    assert.deepEqual(await englishLines(page), [], 'not a word of English but names and hashes');
    await page.setInputFiles('#file', folder.path('record.json'));
    await page.getByRole('heading', { name: 'कुछ बदला नहीं, कुछ छूटा नहीं' }).waitFor();
    assert.deepEqual(await englishLines(page), []);
    writeFileSync(folder.path('cut.json'), readFileSync(folder.path('record.json'), 'utf8').slice(0, 500));
    await page.setInputFiles('#file', folder.path('cut.json'));
    await page.getByText('फ़ाइल को रिकॉर्ड की तरह पढ़ा नहीं जा सकता').waitFor();
    assert.deepEqual(await englishLines(page), []);
    assert.deepEqual([asked, complaints], [[address], []]);
    await context.close();
  });
});
