// Images into a record and out of it by DICOMweb: each instance with its own answer, one ImagingStudy a study, the one decision before
// every look, and no file that a stranger damaged does any harm.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { Answer, Client, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { makeImage, makeZip, multipart, newUid, partsOf } from '../harness/dicom.ts';
import { damaged } from '../harness/hostile-files.ts';
import { program } from '../harness/program.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { upload } from '../harness/tus.ts';
import { sharedDataFolder, testWithSharedData } from '../shared-data.ts';

const root = '/dicom-web';
const crc = (bytes: Buffer) => crc32(bytes);

interface Attribute {
  vr: string;
  Value?: unknown[];
}
type Dataset = Record<string, Attribute>;
type StowAnswer = Record<string, { Value: Dataset[] }>;

interface ImagingStudy {
  numberOfSeries: number;
  numberOfInstances: number;
  modality: { code: string }[];
  note?: { text: string }[];
  series: { uid: string; numberOfInstances: number; instance: { uid: string }[] }[];
}

describe('DICOMweb', () => {
  let server: TestServer;
  let asha: Person;
  let stranger: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url, { name: 'Asha Rao' });
    stranger = await signUp(server.url, { name: 'Sam Roy' });
  });
  after(() => server.stop());

  const send = (files: readonly Uint8Array[], to = '/studies', who: Client = asha): Promise<Answer> =>
    who.call('POST', root + to, multipart(files));
  const stored = (answer: Answer) => answer.json<StowAnswer>()['00081199']?.Value ?? [];
  const refused = (answer: Answer) => answer.json<StowAnswer>()['00081198']?.Value ?? [];
  const value = (set: Dataset | undefined, tag: string) => set?.[tag]?.Value?.[0];
  const studyOf = async (study: string, who: Client = asha): Promise<ImagingStudy | undefined> =>
    (await who.get(`/fhir/R4/ImagingStudy?identifier=urn:dicom:uid|urn:oid:${study}`)).json<{
      entry?: { resource: ImagingStudy }[];
    }>().entry?.[0]?.resource;

  test('a search for series or images adds what is wished of their study, and passes over what it has not', async () => {
    const [study, series] = [newUid(), newUid()];
    await send([makeImage({ study, series, description: 'CT head' })]);
    const at = `${root}/studies/${study}/series`;
    const found = async (place: string) => (await asha.get(place)).json<Dataset[]>()[0];
    assert.equal(value(await found(at), '00081030'), undefined);
    for (const place of [at, `${at}/${series}/instances`]) {
      const named = await found(
        `${place}?includefield=StudyDescription,00080020&includefield=Nonsense,7FE00010`,
      );
      assert.equal(value(named, '00081030'), 'CT head');
      assert.equal(value(named, '00080020'), '20240503');
      assert.equal(named?.['7FE00010'], undefined);
      assert.equal(value(await found(`${place}?includefield=all`), '00081030'), 'CT head');
    }
    const long = `${at}?includefield=${'StudyID,'.repeat(500)}StudyDescription`;
    assert.equal(value(await found(long), '00081030'), undefined);
  });

  test('series and images of one study are merged as they arrive, also when two arrive at once', async () => {
    const [study, one, two] = [newUid(), newUid(), newUid()];
    const first = await send([makeImage({ study, series: one, instance: 1 })]);
    assert.equal(first.status, 200, first.text);
    const together = await Promise.all(
      [2, 3, 4, 5].map((instance) =>
        send([makeImage({ study, series: instance < 4 ? one : two, instance })]),
      ),
    );
    for (const answer of together) assert.equal(answer.status, 200, answer.text);
    const resource = await studyOf(study);
    assert.equal(resource?.numberOfInstances, 5);
    assert.deepEqual(
      resource.series.map(({ numberOfInstances }) => numberOfInstances).toSorted((a, b) => a - b),
      [2, 3],
    );
    assert.deepEqual(
      resource.modality.map(({ code }) => code),
      ['CT'],
    );
  });

  test('each instance has its own answer: what is there already, what is another under its number, what is no image', async () => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    const image = makeImage({ study, series, sop });
    assert.equal((await send([image])).status, 200);
    const answer = await send([
      image,
      makeImage({ study, series, sop, side: 4 }),
      Buffer.from('MZ no image'),
      makeImage({ study, series }),
    ]);
    assert.equal(answer.status, 202, answer.text);
    assert.equal(stored(answer).length, 2);
    assert.deepEqual(
      refused(answer).map((one) => value(one, '00000902')),
      ['dicom-uid-taken', 'not-dicom'],
    );
    assert.equal(value(refused(answer)[0], '00081197'), 0x0111);
    assert.equal((await studyOf(study))?.numberOfInstances, 2);
    assert.equal((await send([makeImage()], `/studies/${study}`)).status, 409, 'of another study');
    assert.equal((await asha.call('POST', `${root}/studies`, { body: 'x' })).status, 415);
    const cut = multipart([image]);
    const broken = await asha.call('POST', `${root}/studies`, { ...cut, body: cut.body.subarray(0, 200) });
    assert.equal(broken.status, 400, broken.text);
  });

  test('500 damaged images: each has its own answer, what is stored of them can be asked for, and none harms the others', async (context) => {
    // All ten thousand: `node test/measured/pictures.ts`.
    const [told = ''] = await damaged(asha, 500, 250);
    context.diagnostic(told);
    assert.match(told, /dicom-truncated/);
    assert.match(told, /dicom-uid-missing/);
    const study = newUid();
    const odd = [
      makeImage({ study, instance: 1, modality: '\u0001T', patientName: '\u0007\u0000' }),
      makeImage({ study, instance: 2 }),
    ];
    assert.equal((await send(odd)).status, 200, 'a modality that is none is no reason to lose both');
    assert.deepEqual((await studyOf(study))?.modality.map(({ code }) => code).toSorted(), ['CT', 'OT']);
  });

  test('that images name another person is said, to whoever sends them and in the record', async () => {
    const study = newUid();
    const answer = await send([
      makeImage({ study, patientName: 'ROY^SAM', patientId: stranger.uhid }),
      makeImage({ study, patientName: 'Rao^Asha^Devi', patientId: 'MRN-1' }),
    ]);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(value(stored(answer)[0], '00081196'), 0xb100);
    assert.equal(stored(answer)[1]?.['00081196'], undefined, 'a middle name more is the same person');
    const note = (await studyOf(study))?.note?.[0]?.text ?? '';
    assert.match(note, /number, name/);
  });

  test('what was stored comes back: whole, its header, its frames', async () => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    const image = makeImage({ study, series, sop, side: 6, frames: 3 });
    await send([image]);
    const at = `${root}/studies/${study}/series/${series}/instances/${sop}`;
    const single = await asha.get(at, { accept: 'application/dicom' });
    assert.equal(single.headers.get('content-type'), 'application/dicom');
    assert.match(single.headers.get('content-disposition') ?? '', /^attachment/);
    assert.deepEqual(single.bytes, image);
    for (const place of [at, `${root}/studies/${study}`, `${root}/studies/${study}/series/${series}`]) {
      const answer = await asha.get(place, { accept: 'multipart/related; type="application/dicom"' });
      assert.deepEqual(partsOf(answer.headers.get('content-type') ?? '', answer.bytes), [image], place);
      const [header] = (await asha.get(`${place}/metadata`)).json<Dataset[]>();
      assert.equal(value(header, '00080018'), sop);
      assert.equal(value(header, '00280010'), 6);
      assert.equal(header?.['7FE00010'], undefined);
    }
    const pixels = image.subarray(image.length - 6 * 6 * 2 * 3);
    const frames = await asha.get(`${at}/frames/3,1`);
    assert.deepEqual(partsOf(frames.headers.get('content-type') ?? '', frames.bytes), [
      pixels.subarray(144),
      pixels.subarray(0, 72),
    ]);
    for (const [path, status] of [
      [`${at}/frames/4`, 404],
      [`${at}/frames/0`, 400],
      [`${at}/frames/1,x`, 400],
      [`${at.slice(0, -1)}9/metadata`, 404],
      [`${root}/studies/1.2.3`, 404],
      [`${root}/studies/..%2f`, 404],
    ] as const)
      assert.equal((await asha.get(path)).status, status, path);
    const other = await asha.get(at, {
      accept: 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.50',
    });
    assert.equal(other.status, 406);
  });

  test('grey frames are unpacked where that is asked for, and only there', async () => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    const side = 32;
    const shades = Buffer.from(Array.from({ length: side * side }, (_, at) => (at % side) * 8));
    const jpeg = await sharp(shades, { raw: { width: side, height: side, channels: 1 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    await send([makeImage({ study, series, sop, side, jpeg })]);
    const at = `${root}/studies/${study}/series/${series}/instances/${sop}/frames/1`;
    const packed = await asha.get(at);
    const [frame] = partsOf(packed.headers.get('content-type') ?? '', packed.bytes);
    assert.deepEqual(frame?.subarray(0, jpeg.length), jpeg);
    const plain = await asha.get(at, {
      accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1',
    });
    assert.match(plain.headers.get('content-type') ?? '', /type="application\/octet-stream"/);
    assert.match(
      plain.bytes.subarray(0, 200).toString('latin1'),
      /transfer-syntax=1\.2\.840\.10008\.1\.2\.1\r/,
    );
    const [values] = partsOf(plain.headers.get('content-type') ?? '', plain.bytes);
    assert.equal(values?.length, side * side);
    for (let pixel = 0; pixel < side * side; pixel++)
      assert.ok(Math.abs((values?.[pixel] ?? 0) - (shades[pixel] ?? 0)) < 12, `pixel ${pixel}`);
  });

  test('a picture has the window that is asked for, computed by the standard’s own formula', async () => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    await send([makeImage({ study, series, sop, side: 16 })]);
    const at = `${root}/studies/${study}/series/${series}/instances/${sop}`;
    const answer = await asha.get(`${at}/rendered?window=100,51`, { accept: 'image/png' });
    assert.equal(answer.status, 200, answer.text);
    const { data, info } = await sharp(answer.bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [16, 16]);
    // PS3.3, C.11.2.1.2: at and below 74.5 black, above 124.5 white, between them a line.
    for (const shade of [0, 74, 75, 99, 100, 124, 125, 255]) {
      const wanted = shade <= 74.5 ? 0 : shade > 124.5 ? 255 : Math.round(((shade - 99.5) / 50 + 0.5) * 255);
      assert.equal(data[shade], wanted, String(shade));
    }
    const small = await asha.get(`${at}/thumbnail?viewport=4,4`);
    assert.equal(small.headers.get('content-type'), 'image/jpeg');
    assert.equal((await sharp(small.bytes).metadata()).width, 4);
    for (const query of ['window=1', 'window=1,0', 'viewport=0,9', 'quality=0', 'colour=red'])
      assert.equal((await asha.get(`${at}/rendered?${query}`)).status, 400, query);
    assert.equal((await asha.get(`${at}/rendered`, { accept: 'text/html' })).status, 406);
  });

  test('a search finds by what is offered, page after page, and refuses what is not', async () => {
    const owner = await signUp(server.url, { name: 'Bala Iyer' });
    const studies = [newUid(), newUid(), newUid()];
    const series = newUid();
    for (const study of studies)
      await send([makeImage({ study, series: study === studies[0] ? series : newUid() })], '/studies', owner);
    await send([makeImage({ study: studies[0] as string, series, instance: 2 })], '/studies', owner);
    const ask = async (query: string) => {
      const answer = await owner.get(`${root}/${query}`);
      assert.ok(answer.status === 200 || answer.status === 204, `${query}: ${answer.text}`);
      return answer.status === 204 ? [] : answer.json<Dataset[]>();
    };
    assert.equal((await ask('studies')).length, 3);
    const pages = [await ask('studies?limit=2'), await ask('studies?limit=2&offset=2')];
    assert.deepEqual(
      pages
        .flat()
        .map((one) => String(value(one, '0020000D')))
        .toSorted(),
      studies.toSorted(),
    );
    const [first] = await ask(`studies?0020000D=${studies[0]}`);
    assert.deepEqual([value(first, '00201206'), value(first, '00201208')], [1, 2]);
    assert.equal(value(first, '00081190'), `${server.url}${root}/studies/${studies[0]}`);
    for (const [query, count] of [
      [`StudyInstanceUID=${studies[1]}`, 1],
      ['StudyDate=20240503', 3],
      ['StudyDate=20240504-', 0],
      ['StudyDate=-20240503', 3],
      ['ModalitiesInStudy=MR', 0],
      [`PatientID=${owner.uhid}`, 3],
      [`PatientID=${asha.uhid}`, 0],
    ] as const)
      assert.equal((await ask(`studies?${query}`)).length, count, query);
    const [one] = await ask(`studies/${studies[0]}/series`);
    assert.equal(value(one, '00201209'), 2);
    assert.equal((await ask(`studies/${studies[0]}/instances?limit=1`)).length, 1);
    assert.equal((await ask(`studies/${studies[0]}/series/${series}/instances`)).length, 2);
    for (const query of [
      'studies?Nothing=1',
      'studies?StudyDate=today',
      'studies?limit=-1',
      `studies/${studies[0]}/series?PatientID=x`,
    ])
      assert.equal((await owner.get(`${root}/${query}`)).status, 400, query);
  });

  test('nobody else sees an image, a header or a count; each look and each refused one has its entry', async () => {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    await send([makeImage({ study, series, sop })]);
    const at = `${root}/studies/${study}`;
    const inside = `${at}/series/${series}/instances/${sop}`;
    const paths = [
      at,
      `${at}/metadata`,
      `${at}/series`,
      `${at}/instances`,
      `${at}/series/${series}`,
      `${at}/series/${series}/metadata`,
      `${at}/series/${series}/instances`,
      inside,
      `${inside}/metadata`,
      `${inside}/frames/1`,
      `${inside}/rendered`,
      `${inside}/thumbnail`,
      `${inside}/frames/1/rendered`,
      `${inside}/frames/1/thumbnail`,
    ];
    const looks = async (outcome: string) => {
      const { rows } = await server.pool.query<{ count: number }>(
        `select count(*)::int as count from entry where patient_id = $1 and statement::jsonb ->> 'event' = 'images' and statement::jsonb ->> 'outcome' = $2`,
        [asha.patientId, outcome],
      );
      return rows[0]?.count ?? 0;
    };
    const [done, denied] = [await looks('done'), await looks('refused')];
    const lab = await program(server, 'system/DocumentReference.cruds');
    for (const path of paths) {
      assert.equal((await asha.get(path)).status, 200, path);
      assert.equal((await stranger.get(path)).status, 404, path);
      assert.equal((await lab.get(path)).status, 403, path);
      assert.equal((await newClient(server.url).get(path)).status, 401, path);
    }
    assert.equal(await looks('done'), done + paths.length);
    assert.equal(await looks('refused'), denied + paths.length);
    assert.equal((await stranger.get(`${root}/studies?StudyInstanceUID=${study}`)).status, 204);
    const archive = await program(server, 'system/ImagingStudy.rs');
    assert.equal((await archive.get(`${inside}/rendered`)).status, 200);
    // A study that its person took out of the record is there for nobody.
    const { id } = (await studyOf(study)) as unknown as { id: string };
    assert.equal((await asha.call('DELETE', `/fhir/R4/ImagingStudy/${id}`)).status, 204);
    for (const who of [asha, archive]) assert.equal((await who.get(inside)).status, 404);
  });

  test('a folder of images comes as a ZIP: each file has its outcome, and what is no image beside them too', async () => {
    const [study, series] = [newUid(), newUid()];
    const files = [1, 2, 3].map((instance) => ({
      name: `DICOM/IM${instance}`,
      bytes: makeImage({ study, series, instance }),
    }));
    const cut = makeImage().subarray(0, 300);
    const zip = makeZip(
      [
        ...files,
        { name: 'report.pdf', bytes: Buffer.from('%PDF-1.7 report') },
        { name: 'DICOM/cut', bytes: cut },
        { name: 'inner.zip', bytes: makeZip([], crc) },
      ],
      crc,
    );
    const receipt = await upload(asha, zip, { title: 'CT' });
    assert.equal(receipt.state, 'done');
    assert.deepEqual(
      receipt.files.map(({ name, outcome, reason }) => [name, outcome, reason]),
      [
        ['DICOM/IM1', 'stored', undefined],
        ['DICOM/IM2', 'stored', undefined],
        ['DICOM/IM3', 'stored', undefined],
        ['report.pdf', 'stored', undefined],
        ['DICOM/cut', 'refused', 'dicom-truncated'],
        ['inner.zip', 'refused', 'archive-in-archive'],
      ],
    );
    assert.equal((await studyOf(study))?.numberOfInstances, 3);
    // Sent once more: all of it is there.
    assert.equal((await upload(asha, zip)).counts.thereAlready, 3);
    assert.equal((await studyOf(study))?.numberOfInstances, 3);
  });

  test('UP-04: bombs are refused by their table of contents, or where it lies, by what comes out', async () => {
    const zeros = Buffer.alloc(30 * 1024 * 1024);
    const packed = deflateRawSync(zeros);
    const bomb = makeZip([{ name: 'a', bytes: zeros, packed: { bytes: packed, method: 8 } }], crc);
    const many = makeZip(
      Array.from({ length: 10_001 }, (_, at) => ({ name: `f${at}`, bytes: Buffer.from('x') })),
      crc,
    );
    const image = { name: 'i', bytes: makeImage() };
    const lying = makeZip(
      [image, { name: 'lie', bytes: zeros, packed: { bytes: packed, method: 8, length: 10 } }],
      crc,
    );
    assert.equal((await upload(asha, bomb)).refusal, 'archive-ratio');
    assert.equal((await upload(asha, many)).refusal, 'archive-too-many-files');
    assert.equal((await upload(asha, lying)).refusal, 'archive-ratio', 'what it says is not believed');
    const damaged = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(200)]);
    assert.equal((await upload(asha, damaged)).refusal, 'archive-damaged');
  });

  testWithSharedData(
    'the files of other makers are stored, listed and drawn, or it is said why not',
    async (folder) => {
      const owner = await signUp(server.url, { name: 'Other Makers' });
      const names = readdirSync(join(folder, 'dicom'));
      const files = names.map((name) => readFileSync(join(folder, 'dicom', name)));
      const answer = await send(files, '/studies', owner);
      assert.equal(answer.status, 202, answer.text);
      assert.deepEqual(
        refused(answer).map((one) => value(one, '00000902')),
        ['not-dicom'],
        'the one whose beginning was cut off',
      );
      const outcome = new Map<string, string | number>();
      for (const one of stored(answer)) {
        const path = new URL(String(value(one, '00081190'))).pathname;
        assert.equal((await owner.get(`${path}/metadata`)).status, 200);
        const whole = await owner.get(path, { accept: 'application/dicom' });
        const name = names[files.findIndex((file) => file.equals(whole.bytes))] ?? 'changed';
        const drawn = await owner.get(`${path}/rendered`, { accept: 'image/png' });
        if (drawn.status === 200) {
          const { channels } = await sharp(drawn.bytes).stats();
          assert.ok(
            channels.some(({ stdev }) => stdev > 0.01),
            `${name} is more than one shade`,
          );
          assert.equal((await owner.get(`${path}/thumbnail`)).status, 200);
        }
        outcome.set(name, drawn.status === 200 ? 200 : drawn.json<{ code: string }>().code);
      }
      assert.deepEqual(Object.fromEntries(outcome), {
        'CT_small.dcm': 200,
        'JPEG2000.dcm': 200,
        'MR_small.dcm': 200,
        'SC_rgb_jpeg_dcmd.dcm': 200,
        'examples_jpeg2k.dcm': 200,
        'examples_overlay.dcm': 200,
        'examples_rgb_color.dcm': 200,
        'liver_1frame.dcm': 200,
        'waveform_ecg.dcm': 'no-pixels',
      });
      const list = (await owner.get(`${root}/studies`)).json<Dataset[]>();
      assert.ok(list.length >= 6, String(list.length));
    },
  );
});

test(
  '10,000 damaged images: each has an answer, none an exception',
  { skip: sharedDataFolder() === undefined && 'shared data folder is absent' },
  async (context) => {
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { readDicom } = await import('../../server/fhir/imaging/read-dicom.ts');
    const folder = mkdtempSync(join(tmpdir(), 'medallion-dicom-'));
    const source = join(sharedDataFolder() ?? '', 'dicom');
    const files = readdirSync(source).map((name) => readFileSync(join(source, name)).subarray(0, 12_000));
    // The same each time: what fails can be found again.
    let state = createHash('sha256').update('damaged').digest();
    const next = (below: number) => {
      state = createHash('sha256').update(state).digest();
      return state.readUInt32LE(0) % below;
    };
    const counts = new Map<string, number>();
    try {
      for (let round = 0; round < 10_000; round++) {
        const bytes = Buffer.from(files[round % files.length] as Buffer);
        for (let change = next(6); change >= 0; change--) {
          const at = next(Math.min(bytes.length, 4000));
          bytes.writeUInt8(next(3) === 0 ? 0xff : next(256), at);
        }
        const cut = next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
        const path = join(folder, 'damaged');
        writeFileSync(path, cut);
        const found = await readDicom(path, next(2) === 0 ? cut.length : cut.length + 10);
        const word = typeof found === 'string' ? found : 'read';
        counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    context.diagnostic(JSON.stringify(Object.fromEntries(counts)));
    assert.ok(counts.size >= 4, 'several kinds of damage are told apart');
  },
);
