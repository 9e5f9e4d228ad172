// A whole file that the record itself refuses: it ends, with a reason that its sender sees, and its bytes are gone.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import { imagingStudyId } from '../../server/fhir/imaging/imaging-study.ts';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { makeImage, makeZip, newUid } from '../harness/dicom.ts';
import type { Program } from '../harness/program.ts';
import { program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';

describe('an upload that the record refuses', () => {
  let server: TestServer;
  let asha: Person;
  let sam: Person;
  let migration: Program;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    sam = await signUp(server.url, { name: 'Sam Roy' });
    migration = await program(server);
  });
  after(() => server.stop());

  const stagedFiles = () => readdirSync(join(server.dataDir, 'uploads'));
  const storedFiles = async () => {
    const { rows } = await server.pool.query<{ count: string }>(`select count(*) from stored_file`);
    return Number(rows[0]?.count);
  };

  /** A study whose place is taken: a program has put an entry of another record under its id. */
  async function studyWithoutPlace(): Promise<{ study: string; series: string }> {
    const study = newUid();
    const id = imagingStudyId(asha.patientId, study);
    const taken = await migration.call('PUT', `/fhir/R4/ImagingStudy/${id}`, {
      body: {
        resourceType: 'ImagingStudy',
        id,
        status: 'available',
        subject: { reference: `Patient/${sam.patientId}` },
      },
    });
    assert.equal(taken.status, 201, taken.text);
    return { study, series: newUid() };
  }

  test('ends as refused with a reason in the receipt, keeps nothing, and is in the log', async () => {
    const of = await studyWithoutPlace();
    const before_ = await storedFiles();
    const bytes = makeImage({ ...of, instance: 2 });
    const receipt = await upload(asha, bytes);
    assert.equal(receipt.state, 'refused');
    assert.equal(receipt.refusal, 'record-refused');
    assert.equal(receipt.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.deepEqual(receipt.counts, { stored: 0, thereAlready: 0, refused: 1 });
    assert.deepEqual(receipt.files, [
      { outcome: 'refused', reason: 'record-refused', contentType: 'application/dicom' },
    ]);
    assert.equal(await storedFiles(), before_);
    assert.deepEqual(stagedFiles(), []);
    const { rows } = await server.pool.query<{ statement: string }>(
      `select statement from entry where entry_id = $1`,
      [receipt.entry],
    );
    const statement = JSON.parse(rows[0]?.statement ?? '{}') as { outcome: string; detail: object };
    assert.equal(statement.outcome, 'refused');
    assert.equal((statement.detail as { reason?: string }).reason, 'record-refused');
  });

  test('in an archive only what the record refuses is left out, with its reason; the others are in the record', async () => {
    const of = await studyWithoutPlace();
    const good = { study: newUid(), series: newUid() };
    const image = (given: object) => makeImage({ ...given });
    const zip = makeZip(
      [
        { name: 'one.dcm', bytes: image({ ...of, instance: 2 }) },
        { name: 'good.dcm', bytes: image({ ...good, instance: 1 }) },
        { name: 'cut.dcm', bytes: image({ side: 64 }).subarray(0, 600) },
        { name: 'two.dcm', bytes: image({ ...of, instance: 3 }) },
        { name: 'notes.pdf', bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(500)]) },
      ],
      (bytes) => crc32(bytes),
    );
    const stored = await storedFiles();
    const receipt = await upload(asha, zip);
    assert.equal(receipt.state, 'done');
    assert.deepEqual(
      receipt.files.map(({ name, outcome, reason }) => [name, outcome, reason]),
      [
        ['one.dcm', 'refused', 'record-refused'],
        ['good.dcm', 'stored', undefined],
        ['cut.dcm', 'refused', 'dicom-truncated'],
        ['two.dcm', 'refused', 'record-refused'],
        ['notes.pdf', 'stored', undefined],
      ],
    );
    assert.deepEqual(receipt.counts, { stored: 2, thereAlready: 0, refused: 3 });
    assert.equal(await storedFiles(), stored + 2);
    for (const { resource } of receipt.files.filter(({ outcome }) => outcome === 'stored'))
      assert.equal((await asha.get(`/fhir/R4/${resource}`)).status, 200);
    for (const { resource } of receipt.files.filter(({ outcome }) => outcome === 'refused'))
      assert.equal(resource, undefined);
    assert.deepEqual(stagedFiles(), []);
  });

  test('an archive of which the record refuses everything ends as refused', async () => {
    const [of, other] = [await studyWithoutPlace(), await studyWithoutPlace()];
    const images = [of, other, of].map((one, at) => makeImage({ ...one, instance: at + 2 }));
    const zip = makeZip(
      images.map((bytes, at) => ({ name: `${at}.dcm`, bytes })),
      (bytes) => crc32(bytes),
    );
    const stored = await storedFiles();
    const receipt = await upload(asha, zip);
    assert.equal(receipt.state, 'refused');
    assert.deepEqual(receipt.counts, { stored: 0, thereAlready: 0, refused: 3 });
    assert.equal(await storedFiles(), stored);
  });

  test('a program that sees nothing of the record learns no more than that', async () => {
    const of = await studyWithoutPlace();
    const { uhid } = (await asha.get('/api/me')).json<{ patient: { uhid: string } }>().patient;
    const hospital = await program(server, 'system/DocumentReference.c');
    const receipt = await upload(hospital, makeImage({ ...of, instance: 2 }), { uhid });
    assert.equal(receipt.refusal, 'record-refused');
    assert.doesNotMatch(JSON.stringify(receipt), /Sam|ImagingStudy/);
    assert.equal((await newClient(server.url).get(`/api/uploads/${receipt.id}`)).status, 401);
  });
});
