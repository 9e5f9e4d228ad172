// Another maker's DICOMweb client, in the browser it was made for: it stores, searches, and reads headers, frames, pictures and files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

let server: TestServer;
let browser: Browser;
let asha: Visitor;
before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await visitorOf(browser, server.url, await signUp(server.url, { name: 'Asha Rao' }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** What is used here of `dicomweb-client`. */
interface Foreign {
  storeInstances(what: { datasets: ArrayBuffer[] }): Promise<unknown>;
  searchForStudies(what: object): Promise<Record<string, { Value?: unknown[] }>[]>;
  searchForSeries(what: object): Promise<Record<string, { Value?: unknown[] }>[]>;
  searchForInstances(what: object): Promise<object[]>;
  retrieveStudyMetadata(what: object): Promise<object[]>;
  retrieveInstanceFrames(what: object): Promise<ArrayBuffer[]>;
  retrieveInstanceFramesRendered(what: object): Promise<ArrayBuffer[]>;
  retrieveInstance(what: object): Promise<ArrayBuffer>;
  retrieveSeries(what: object): Promise<ArrayBuffer[]>;
}

it('dicomweb-client stores a series and reads back what it stored', async () => {
  const { page } = asha;
  await page.goto('/more');
  const library = join(import.meta.dirname, '../../node_modules/dicomweb-client/build/dicomweb-client.js');
  await page.evaluate(readFileSync(library, 'utf8'));
  const [study, series] = [newUid(), newUid()];
  const sops = [newUid(), newUid()];
  const files = sops.map((sop, at) => makeImage({ study, series, sop, instance: at + 1, side: 16 }));
  const found = await page.evaluate(
    async ({ given, studyInstanceUID, seriesInstanceUID, sopInstanceUID }) => {
      const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const { DICOMwebClient } = globalThis as unknown as {
        DICOMwebClient: { api: { DICOMwebClient: new (options: object) => Foreign } };
      };
      const client = new DICOMwebClient.api.DICOMwebClient({ url: `${location.origin}/dicom-web` });
      await client.storeInstances({ datasets: given.map((text) => bytes(text).buffer) });
      const one = { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
      const base64 = (buffer?: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])));
      const studies = await client.searchForStudies({ queryParams: { StudyInstanceUID: studyInstanceUID } });
      const all = await client.searchForSeries({ studyInstanceUID });
      const mediaTypes = [{ mediaType: 'image/jpeg' }];
      const [rendered] = await client.retrieveInstanceFramesRendered({
        ...one,
        frameNumbers: [1],
        mediaTypes,
      });
      return {
        instancesOfStudy: studies[0]?.['00201208']?.Value?.[0],
        modality: all[0]?.['00080060']?.Value?.[0],
        instances: (await client.searchForInstances({ studyInstanceUID, seriesInstanceUID })).length,
        headers: (await client.retrieveStudyMetadata({ studyInstanceUID })).length,
        frame: base64((await client.retrieveInstanceFrames({ ...one, frameNumbers: [1] }))[0]),
        picture: base64(rendered).slice(0, 4),
        file: base64(await client.retrieveInstance(one)),
        files: (await client.retrieveSeries({ studyInstanceUID, seriesInstanceUID })).length,
      };
    },
    {
      given: files.map((file) => file.toString('base64')),
      studyInstanceUID: study,
      seriesInstanceUID: series,
      sopInstanceUID: sops[1] ?? '',
    },
  );
  const second = files[1] ?? Buffer.alloc(0);
  assert.deepEqual(found, {
    instancesOfStudy: 2,
    modality: 'CT',
    instances: 2,
    headers: 2,
    frame: second.subarray(second.length - 16 * 16 * 2).toString('base64'),
    // The first bytes of a JPEG.
    picture: '/9j/',
    file: second.toString('base64'),
    files: 2,
  });
  asha.assertQuiet();
});
