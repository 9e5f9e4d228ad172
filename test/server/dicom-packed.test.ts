// Images packed as hospitals pack them are kept as they came, and drawn and given out to the value that was packed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { Answer, Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import type { MadeImage, Packed, PixelForm } from '../harness/dicom.ts';
import { makeImage, multipart, newUid, partsOf } from '../harness/dicom.ts';
import type { Raster } from '../harness/pixel-encoders.ts';
import { encodeJpegLs, encodeLosslessJpeg, encodeRle, plainFrame } from '../harness/pixel-encoders.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const plainSyntax = '1.2.840.10008.1.2.1';
const syntaxes = {
  rle: '1.2.840.10008.1.2.5',
  extended: '1.2.840.10008.1.2.4.51',
  lossless: '1.2.840.10008.1.2.4.57',
  firstOrder: '1.2.840.10008.1.2.4.70',
  ls: '1.2.840.10008.1.2.4.80',
  nearLs: '1.2.840.10008.1.2.4.81',
} as const;
const unpacked = `multipart/related; type="application/octet-stream"; transfer-syntax=${plainSyntax}`;

const [width, height] = [19, 13];

/** A slope with an edge and a flat corner, another for each frame; as many bits as are stored. */
function rasterOf(form: Omit<PixelForm, 'width' | 'height'>, frame = 0): Raster {
  const { samples, allocated, stored, signed = false } = form;
  const values = Array.from({ length: width * height * samples }, (_, at) => {
    const pixel = Math.floor(at / samples);
    const [across, down] = [pixel % width, Math.floor(pixel / width)];
    const shade = down < 4 && across < 6 ? 3 : across * 11 + down * 5 + (at % samples) * 40 + frame * 17;
    const value =
      (signed ? shade * 5 - 500 : shade * (stored > 8 ? 7 : 1)) % 2 ** (stored - (signed ? 1 : 0));
    // Signed ones are written to all bits that are allocated.
    return value & (2 ** allocated - 1);
  });
  return { width, height, samples, bytesPerSample: allocated === 8 ? 1 : 2, values };
}

/** What a coder is given: the bits that are stored and no others. */
const coded = (raster: Raster, stored: number): Raster => ({
  ...raster,
  values: raster.values.map((value) => value & (2 ** stored - 1)),
});

describe('packed images', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  /** Gives back its address. */
  async function store(given: MadeImage): Promise<string> {
    const [study, series, sop] = [newUid(), newUid(), newUid()];
    const bytes = makeImage({ ...given, study, series, sop });
    const answer = await asha.call('POST', '/dicom-web/studies', multipart([bytes]));
    assert.equal(answer.status, 200, answer.text);
    const at = `/dicom-web/studies/${study}/series/${series}/instances/${sop}`;
    assert.deepEqual((await asha.get(at, { accept: 'application/dicom' })).bytes, bytes, 'kept as it came');
    return at;
  }
  const partOf = (answer: Answer): Buffer | undefined =>
    partsOf(answer.headers.get('content-type') ?? '', answer.bytes)[0];
  const codeOf = (answer: Answer) => answer.json<{ code: string }>().code;

  const packings: [string, (raster: Raster, form: { stored: number }) => Promise<Packed> | Packed][] = [
    ['RLE', (raster) => ({ syntax: syntaxes.rle, frames: [encodeRle(raster)] })],
    [
      'lossless JPEG, any predictor',
      (raster, { stored }) => ({
        syntax: syntaxes.lossless,
        frames: [
          encodeLosslessJpeg(coded(raster, stored), { precision: stored, predictor: 6, restartRows: 5 }),
        ],
      }),
    ],
    [
      'lossless JPEG, first order',
      (raster, { stored }) => ({
        syntax: syntaxes.firstOrder,
        frames: [encodeLosslessJpeg(coded(raster, stored), { precision: stored })],
      }),
    ],
    [
      'JPEG-LS',
      async (raster, { stored }) => ({
        syntax: syntaxes.ls,
        frames: [await encodeJpegLs(coded(raster, stored), { precision: stored, interleave: 1 })],
      }),
    ],
    [
      'JPEG-LS, near-lossless, by nothing',
      async (raster, { stored }) => ({
        syntax: syntaxes.nearLs,
        frames: [await encodeJpegLs(coded(raster, stored), { precision: stored })],
      }),
    ],
  ];
  const forms: Record<string, Omit<PixelForm, 'width' | 'height'>> = {
    '8 bits': { samples: 1, allocated: 8, stored: 8 },
    '12 of 16 bits': { samples: 1, allocated: 16, stored: 12 },
    '16 bits': { samples: 1, allocated: 16, stored: 16 },
    '12 of 16 bits with a sign': { samples: 1, allocated: 16, stored: 12, signed: true },
    '16 bits with a sign': { samples: 1, allocated: 16, stored: 16, signed: true },
    colour: { samples: 3, allocated: 8, stored: 8, photometric: 'RGB', planar: false },
    'brightness and colour': { samples: 3, allocated: 8, stored: 8, photometric: 'YBR_FULL', planar: true },
  };

  for (const [what, form] of Object.entries(forms))
    test(`${what}: in each way of packing the same values and the same pictures as unpacked`, async () => {
      const raster = rasterOf(form);
      const plain = plainFrame(raster);
      const whole = { ...form, width, height };
      const twin = await store({ form: { ...whole, planar: false, plain } });
      const pictures = ['rendered', 'rendered?window=90,70', 'thumbnail?viewport=8,8'];
      const wanted = await Promise.all(
        pictures.map(async (path) => (await asha.get(`${twin}/${path}`, { accept: 'image/png' })).bytes),
      );
      for (const [name, pack] of packings) {
        const packed = await pack(raster, form);
        const at = await store({ form: whole, packed });
        for (const [place, path] of pictures.entries()) {
          const drawn = await asha.get(`${at}/${path}`, { accept: 'image/png' });
          assert.equal(drawn.status, 200, `${name} ${drawn.text}`);
          assert.deepEqual(drawn.bytes, wanted[place], `${name} ${path}`);
        }
        const frame = await asha.get(`${at}/frames/1`, { accept: unpacked });
        if (form.samples === 3) assert.equal(frame.status, 406, 'colour is given as it is stored');
        else assert.deepEqual(partOf(frame), plain, name);
        const stored = await asha.get(`${at}/frames/1`);
        const [bytes = Buffer.alloc(0)] = packed.frames;
        assert.deepEqual(partOf(stored)?.subarray(0, bytes.length), bytes);
      }
      const { channels } = await sharp(wanted[0]).stats();
      assert.ok(channels.some(({ stdev }) => stdev > 1));
    });

  test('each frame of several is its own, also where it lies in several fragments', async () => {
    const form = { samples: 1, allocated: 16, stored: 12 } as const;
    const rasters = [0, 1, 2, 3].map((frame) => rasterOf(form, frame));
    const packed: [string, Buffer[]][] = [
      [syntaxes.rle, rasters.map(encodeRle)],
      [syntaxes.firstOrder, rasters.map((one) => encodeLosslessJpeg(one, { precision: 12 }))],
      [syntaxes.ls, await Promise.all(rasters.map((one) => encodeJpegLs(one, { precision: 12 })))],
    ];
    for (const [syntax, frames] of packed)
      for (const pieces of [1, 3]) {
        const at = await store({
          form: { ...form, width, height },
          frames: 4,
          packed: { syntax, frames, pieces },
        });
        const answer = await asha.get(`${at}/frames/4,2`, { accept: unpacked });
        assert.deepEqual(
          partsOf(answer.headers.get('content-type') ?? '', answer.bytes),
          [rasters[3], rasters[1]].map((one) => one && plainFrame(one)),
          `${syntax} in ${pieces}`,
        );
        assert.equal((await asha.get(`${at}/frames/3/rendered`)).status, 200);
        assert.equal((await asha.get(`${at}/frames/5`)).status, 404);
      }
  });

  test('extended JPEG is drawn where it has 8 bits a sample, else it is said that it is not', async () => {
    const shades = Buffer.from(Array.from({ length: width * height }, (_, at) => (at * 5) % 256));
    const jpeg = await sharp(shades, { raw: { width, height, channels: 1 } })
      .jpeg()
      .toBuffer();
    const form = { samples: 1, allocated: 8, stored: 8, width, height } as const;
    const at = await store({ form, packed: { syntax: syntaxes.extended, frames: [jpeg] } });
    assert.equal((await asha.get(`${at}/rendered`)).status, 200);
    const twelve = Buffer.from(jpeg);
    const header = twelve.indexOf(Buffer.from('ffc0', 'hex'));
    twelve.writeUInt8(0xc1, header + 1);
    twelve.writeUInt8(12, header + 4);
    const deep = await store({
      form: { ...form, allocated: 16, stored: 12 },
      packed: { syntax: syntaxes.extended, frames: [twelve] },
    });
    const told = await asha.get(`${deep}/rendered`);
    assert.equal(told.status, 406);
    assert.equal(codeOf(told), 'transfer-syntax-not-offered');
  });

  test('what is asked for decides the form: its own type, bytes, and which syntax', async () => {
    const form = { samples: 1, allocated: 8, stored: 8 } as const;
    const raster = rasterOf(form);
    const rle = encodeRle(raster);
    const ls = await encodeJpegLs(raster, { precision: 8 });
    const at = {
      rle: await store({ form: { ...form, width, height }, packed: { syntax: syntaxes.rle, frames: [rle] } }),
      ls: await store({ form: { ...form, width, height }, packed: { syntax: syntaxes.ls, frames: [ls] } }),
    };
    const related = (type: string, syntax?: string) =>
      `multipart/related; type="${type}"${syntax === undefined ? '' : `; transfer-syntax=${syntax}`}`;
    const bytes = 'application/octet-stream';
    for (const [which, accept, wanted] of [
      ['rle', '*/*', syntaxes.rle],
      ['rle', 'multipart/related', syntaxes.rle],
      ['rle', related('image/dicom-rle'), syntaxes.rle],
      ['rle', related('image/*'), syntaxes.rle],
      ['rle', related(bytes, '*'), syntaxes.rle],
      ['rle', related(bytes, syntaxes.rle), syntaxes.rle],
      ['rle', related(bytes), plainSyntax],
      ['rle', related(bytes, plainSyntax), plainSyntax],
      ['rle', `${related(bytes)};q=0.4, ${related('image/dicom-rle')};q=0.9`, syntaxes.rle],
      ['rle', `${related('image/jls')}, ${related(bytes, plainSyntax)}`, plainSyntax],
      ['rle', related('image/jls'), undefined],
      ['rle', related('image/dicom-rle', syntaxes.ls), undefined],
      ['rle', `${related(bytes)};q=0`, undefined],
      ['ls', related('image/jls'), syntaxes.ls],
      ['ls', related('image/jls', syntaxes.nearLs), undefined],
      ['ls', related('image/jpeg'), undefined],
    ] as const) {
      const answer = await asha.get(`${at[which]}/frames/1`, { accept });
      if (wanted === undefined) {
        assert.equal(answer.status, 406, `${which} ${accept}`);
        continue;
      }
      assert.equal(answer.status, 200, `${which} ${accept} ${answer.text}`);
      const type = wanted === plainSyntax ? bytes : which === 'rle' ? 'image/dicom-rle' : 'image/jls';
      const head = answer.bytes.subarray(0, 250).toString('latin1');
      assert.ok(head.includes(`Content-Type: ${type}; transfer-syntax=${wanted}\r\n`), `${accept}: ${head}`);
      assert.ok(answer.headers.get('content-type')?.includes(`type="${type}"`));
      const whole = wanted === plainSyntax ? plainFrame(raster) : which === 'rle' ? rle : ls;
      assert.deepEqual(partOf(answer)?.subarray(0, whole.length), whole);
    }
  });

  test('frames that are damaged, of another size, or of two gigapixels are refused by name, and the next is drawn', async () => {
    const form = { samples: 1, allocated: 8, stored: 8 } as const;
    const raster = rasterOf(form);
    const lossless = encodeLosslessJpeg(raster, { precision: 8 });
    const streams: [string, Buffer][] = [
      [syntaxes.rle, encodeRle(raster)],
      [syntaxes.firstOrder, lossless],
      [syntaxes.ls, await encodeJpegLs(raster, { precision: 8 })],
    ];
    for (const [syntax, frame] of streams) {
      for (const [size, bytes, code] of [
        [{ width, height }, frame.subarray(0, frame.length / 2), 'image-damaged'],
        [{ width: width + 1, height: height * 2 }, frame, 'image-damaged'],
        [{ width: 50_000, height: 40_000 }, frame, 'frame-too-large'],
      ] as const) {
        const at = await store({ form: { ...form, ...size }, packed: { syntax, frames: [bytes] } });
        for (const path of ['rendered', 'thumbnail']) {
          const told = await asha.get(`${at}/${path}`);
          assert.deepEqual([told.status, codeOf(told)], [406, code], `${syntax} ${path}`);
        }
        const told = await asha.get(`${at}/frames/1`, { accept: unpacked });
        assert.deepEqual([told.status, codeOf(told)], [406, code]);
      }
      const good = await store({ form: { ...form, width, height }, packed: { syntax, frames: [frame] } });
      assert.equal((await asha.get(`${good}/rendered`)).status, 200);
    }
  });
});
