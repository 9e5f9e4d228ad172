// Packed frames are unpacked to the bit, whatever their shape; a stream that is damaged has an answer and harms no other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Coding } from '../../server/fhir/imaging/decoding/decoders.ts';
import { decodeFrame } from '../../server/fhir/imaging/decoding/decoders.ts';
import type { LosslessOptions, Raster } from '../harness/pixel-encoders.ts';
import { encodeJpegLs, encodeLosslessJpeg, encodeRle, plainFrame } from '../harness/pixel-encoders.ts';

const runs = 150;

/** Flat stretches, slopes and noise, as far as so many bits reach. */
const rasters = (bits: number, samples: 1 | 3 = 1): fc.Arbitrary<Raster> =>
  fc
    .record({
      width: fc.integer({ min: 1, max: 24 }),
      height: fc.integer({ min: 1, max: 24 }),
      kind: fc.constantFrom('flat', 'slope', 'noise', 'edges'),
      seed: fc.integer({ min: 0, max: 2 ** bits - 1 }),
    })
    .chain(({ width, height, kind, seed }) =>
      fc
        .array(fc.integer({ min: 0, max: 2 ** bits - 1 }), { minLength: 40, maxLength: 40 })
        .map((noise): Raster => {
          const most = 2 ** bits - 1;
          const values = Array.from({ length: width * height * samples }, (_, at) => {
            if (kind === 'flat') return at % 97 === 0 ? (noise[at % 40] ?? 0) : seed;
            if (kind === 'slope') return (seed + at * 3) & most;
            if (kind === 'edges') return (noise[at % 40] ?? 0) % 2 === 0 ? 0 : most;
            return ((noise[at % 40] ?? 0) * 7919 + at * seed) & most;
          });
          return { width, height, samples, bytesPerSample: bits <= 8 ? 1 : 2, values };
        }),
    );

const depths = fc.constantFrom(2, 7, 8, 9, 12, 15, 16);

async function unpacked(coding: Coding, frame: Uint8Array, raster: Raster): Promise<Buffer | undefined> {
  const { data } = await decodeFrame(coding, frame, raster);
  return data && Buffer.from(data);
}

async function requireExact(coding: Coding, frame: Uint8Array, raster: Raster): Promise<void> {
  assert.deepEqual(await unpacked(coding, frame, raster), plainFrame(raster));
}

describe('packed frames', () => {
  test('RLE: of 8 and 16 bits, grey and in colour, is what was packed', async () => {
    const any = fc.constantFrom<[number, 1 | 3]>([8, 1], [8, 3], [16, 1], [16, 3]);
    await fc.assert(
      fc.asyncProperty(
        any.chain(([bits, samples]) => rasters(bits, samples)),
        (raster) => requireExact('rle', encodeRle(raster), raster),
      ),
      { numRuns: runs },
    );
    const wide: Raster = {
      width: 700,
      height: 2,
      samples: 1,
      bytesPerSample: 1,
      values: Array.from({ length: 1400 }, (_, at) => (at < 650 ? 9 : at & 255)),
    };
    await requireExact('rle', encodeRle(wide), wide);
    // The example of no text: 32 bits, most significant byte first.
    const four = Buffer.concat([encodeHeader([64, 66, 68, 70]), Buffer.from('0001000200030004', 'hex')]);
    const { data } = await decodeFrame('rle', four, { width: 1, height: 1, samples: 1, bytesPerSample: 4 });
    assert.deepEqual(Buffer.from(data ?? []), Buffer.from('04030201', 'hex'));
  });

  test('lossless JPEG: by each predictor, depth, table and interval, in one scan or several, is what was packed', async () => {
    const options = fc.record({
      predictor: fc.integer({ min: 1, max: 7 }),
      restartRows: fc.integer({ min: 0, max: 5 }),
      apart: fc.boolean(),
      longCodes: fc.boolean(),
    });
    const any = fc.tuple(depths, fc.constantFrom<1 | 3>(1, 3), options);
    await fc.assert(
      fc.asyncProperty(
        any.chain(([precision, samples, given]) =>
          rasters(precision, samples).map((raster) => ({ raster, given: { ...given, precision } })),
        ),
        ({ raster, given }) => requireExact('jpeg-lossless', encodeLosslessJpeg(raster, given), raster),
      ),
      { numRuns: runs * 2 },
    );
  });

  test('lossless JPEG: bits that were left out are nought, and few bits lie in two bytes where the image has two', async () => {
    await fc.assert(
      fc.asyncProperty(rasters(12), fc.integer({ min: 1, max: 4 }), async (raster, shift) => {
        const options: LosslessOptions = { precision: 12, predictor: 4, shift };
        const values = raster.values.map((value) => (value >> shift) << shift);
        await requireExact('jpeg-lossless', encodeLosslessJpeg({ ...raster, values }, options), {
          ...raster,
          values,
        });
      }),
      { numRuns: 40 },
    );
    const [raster] = fc.sample(rasters(7), 1) as [Raster];
    const wide: Raster = { ...raster, bytesPerSample: 2 };
    await requireExact('jpeg-lossless', encodeLosslessJpeg(wide, { precision: 7 }), wide);
    await requireExact('jpeg-ls', await encodeJpegLs(wide, { precision: 7 }), wide);
  });

  test('JPEG-LS: of each depth, grey and in colour however it is woven, is what was packed', async () => {
    const any = fc.tuple(depths, fc.constantFrom<1 | 3>(1, 3), fc.constantFrom<0 | 1 | 2>(0, 1, 2));
    await fc.assert(
      fc.asyncProperty(
        any.chain(([precision, samples, interleave]) =>
          rasters(precision, samples).map((raster) => ({ raster, options: { precision, interleave } })),
        ),
        async ({ raster, options }) => requireExact('jpeg-ls', await encodeJpegLs(raster, options), raster),
      ),
      { numRuns: 60 },
    );
  });

  test('near-lossless JPEG-LS is as near as it says', async () => {
    const [raster] = fc.sample(rasters(12), { numRuns: 1, seed: 7 }) as [Raster];
    const data = await unpacked('jpeg-ls', await encodeJpegLs(raster, { precision: 12, near: 3 }), raster);
    for (const [at, value] of raster.values.entries())
      assert.ok(Math.abs((data?.readUInt16LE(at * 2) ?? -9) - value) <= 3);
  });

  test('what is damaged in any way has an answer, and the next frame is right', async () => {
    const [grey] = fc.sample(rasters(12), { numRuns: 1, seed: 3 }) as [Raster];
    const raster: Raster = {
      ...grey,
      width: 20,
      height: 20,
      values: Array.from({ length: 400 }, (_, at) => at * 9),
    };
    const packed: [Coding, Buffer][] = [
      ['rle', encodeRle(raster)],
      ['jpeg-lossless', encodeLosslessJpeg(raster, { precision: 12, predictor: 4, restartRows: 3 })],
      ['jpeg-ls', await encodeJpegLs(raster, { precision: 12 })],
      ['jpeg-2000', Buffer.from('ff4fff51002f', 'hex')],
    ];
    for (const [coding, frame] of packed) {
      if (coding === 'rle' || coding === 'jpeg-lossless')
        for (let length = 0; length < frame.length - 2; length += 1)
          assert.equal(
            await unpacked(coding, frame.subarray(0, length), raster),
            undefined,
            `${coding} ${length}`,
          );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(frame.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
          fc.nat(frame.length),
          fc.boolean(),
          async (changes, length, cuts) => {
            const bytes = Buffer.from(frame);
            for (const [at, value] of changes) bytes[at] = value;
            const data = await unpacked(coding, cuts ? bytes.subarray(0, length) : bytes, raster);
            assert.ok(data === undefined || data.length === 800);
          },
        ),
        { numRuns: coding === 'jpeg-2000' ? 30 : 200 },
      );
      assert.equal(await unpacked(coding, Buffer.alloc(0), raster), undefined);
      if (coding !== 'jpeg-2000') await requireExact(coding, frame, raster);
    }
  });

  test('a stream that announces another size than its image is refused before anything is taken for it', async () => {
    // A header of JPEG 2000 whose image is of four gigapixels, bare and in a box.
    const size = (side: string) =>
      `ff4fff5100290000${side}${side}0000000000000000${side}${side}0000000000000000000107010100`;
    for (const bytes of [size('0000ffff'), `000000006a703263${size('0000ffff')}`, size('00000004')])
      assert.equal(
        await unpacked('jpeg-2000', Buffer.from(bytes, 'hex'), {
          width: 3,
          height: 3,
          samples: 1,
          bytesPerSample: 1,
          values: [],
        }),
        undefined,
      );
    const raster: Raster = { width: 3, height: 3, samples: 1, bytesPerSample: 1, values: Array(9).fill(5) };
    const lossless = encodeLosslessJpeg(raster, { precision: 8 });
    const ls = await encodeJpegLs(raster, { precision: 8 });
    for (const [coding, frame, marker] of [
      ['jpeg-lossless', lossless, 0xc3],
      ['jpeg-ls', ls, 0xf7],
    ] as const) {
      const at = frame.indexOf(Buffer.from([0xff, marker])) + 5;
      const large = Buffer.from(frame);
      large.writeUInt32BE(0xffffffff, at);
      assert.equal(await unpacked(coding, large, raster), undefined);
      const none = Buffer.from(frame);
      none.writeUInt32BE(0, at);
      assert.equal(await unpacked(coding, none, raster), undefined);
      assert.equal(await unpacked(coding, frame, { ...raster, samples: 3 }), undefined, 'other components');
    }
  });

  test('a thread that dies takes its own frame with it and no other', async () => {
    const raster: Raster = { width: 2, height: 1, samples: 1, bytesPerSample: 1, values: [1, 2] };
    const frame = encodeRle(raster);
    const answers = await Promise.all([
      decodeFrame('nothing' as Coding, frame, raster),
      decodeFrame('rle', frame, raster),
      decodeFrame('nothing' as Coding, frame, raster),
      decodeFrame('nothing' as Coding, frame, raster),
      decodeFrame('rle', frame, raster),
    ]);
    assert.deepEqual(
      answers.map(({ data }) => data && [...data]),
      [undefined, [1, 2], undefined, undefined, [1, 2]],
    );
  });

  test('of very many at a time those that would wait too long are told so at once', async () => {
    const raster: Raster = { width: 2, height: 1, samples: 1, bytesPerSample: 1, values: [1, 2] };
    const frame = encodeRle(raster);
    const asked = Array.from({ length: 80 }, async () => decodeFrame('rle', frame, raster));
    const told = await Promise.allSettled(asked);
    const busy = told.filter((one) => one.status === 'rejected' && one.reason.code === 'busy').length;
    assert.ok(busy >= 10 && busy < 80, String(busy));
    for (const one of told) if (one.status === 'fulfilled') assert.equal(one.value.data?.length, 2);
  });
});

function encodeHeader(offsets: readonly number[]): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32LE(offsets.length, 0);
  for (const [at, offset] of offsets.entries()) head.writeUInt32LE(offset, 4 + at * 4);
  return head;
}
