// Images on the page: in their order, their values in the modality's unit, the one part of an answer, lengths in millimetres.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header } from '../../../web/api/images.ts';
import { onlyPart } from '../../../web/api/images.ts';
import { seriesShown, slicesOf } from '../../../web/imaging/slices.ts';
import { valuesOf, windowOf } from '../../../web/imaging/values.ts';

const header = (values: Record<string, unknown[]>): Header =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { Value }]));
const ct = (more: Record<string, unknown[]> = {}) =>
  header({
    '00080018': ['1.2.3'],
    '00280002': [1],
    '00280004': ['MONOCHROME2'],
    '00280010': [1],
    '00280011': [2],
    '00280100': [16],
    '00280101': [12],
    '00280103': [0],
    '00281052': [-1024],
    '00281053': [1],
    ...more,
  });
const only = (one: Header) => {
  const [slice] = slicesOf('s', 'x', [one]);
  assert.ok(slice);
  return slice;
};

test('images stand by their number, then along the body; each frame of one that holds several is one', () => {
  const image = (sop: string, number: number, z: number, frames?: number) =>
    header({
      '00080018': [sop],
      '00200013': [number],
      '00200032': [0, 0, z],
      '00200037': [1, 0, 0, 0, 1, 0],
      ...(frames === undefined ? {} : { '00280008': [frames] }),
    });
  const slices = slicesOf('s', 'x', [image('b', 2, 0), image('d', 1, 9), image('a', 1, -5, 2)]);
  assert.deepEqual(
    slices.map(({ instance, frame }) => `${instance}${frame}`),
    ['a1', 'a2', 'd1', 'b1'],
  );
  assert.deepEqual(slicesOf('s', 'x', [header({})]), [], 'an image without a number is none');
});

test('values are Hounsfield units, bits above those that are stored do not count, signs do', () => {
  const plain = valuesOf(new Uint8Array([0x00, 0x04, 0xff, 0xff]), only(ct()));
  assert.deepEqual([...plain.data], [0, 4095 - 1024], 'the upper four bits hold an overlay');
  assert.deepEqual(windowOf(only(ct()), plain), { center: 1536, width: 3072 });
  const signed = valuesOf(new Uint8Array([0xff, 0x0f, 0x01, 0x00]), only(ct({ '00280103': [1] })));
  assert.deepEqual([...signed.data], [-1025, -1023]);
  const scaled = valuesOf(new Uint8Array([1, 0, 2, 0]), only(ct({ '00281053': [0.5], '00281052': [0] })));
  assert.deepEqual([...scaled.data], [0.5, 1]);
  const eight = valuesOf(
    new Uint8Array([7, 200]),
    only(ct({ '00280100': [8], '00280101': [8], '00281052': [0] })),
  );
  assert.deepEqual([...eight.data], [7, 200]);
  assert.throws(() => valuesOf(new Uint8Array(3), only(ct())), RangeError, 'cut short');
});

test('what is not grey, or lies otherwise, is drawn by the server', () => {
  assert.equal(only(ct({ '00280004': ['RGB'], '00280002': [3] })).values, undefined);
  assert.equal(only(ct({ '00280100': [1] })).values, undefined);
  assert.equal(only(ct({ '00280100': [32] })).values, undefined);
  assert.equal(only(ct({ '00280030': [0.7, 0.5] })).spacing?.[1], 0.5);
  assert.equal(only(ct({ '00280030': [0, 0] })).spacing, undefined);
});

test('the one part of an answer is found, and an answer that broke off is not taken for whole', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
  const type = 'multipart/related; type="application/octet-stream"; boundary=part-1';
  const whole = '--part-1\r\nContent-Type: application/octet-stream\r\n\r\n\x01\r\n\x02\r\n--part-1--\r\n';
  assert.deepEqual([...onlyPart(bytes(whole), type)], [1, 13, 10, 2]);
  assert.throws(() => onlyPart(bytes(whole.slice(0, -6)), type), TypeError);
});

test('a series says what it is', () => {
  const [one] = seriesShown([
    header({ '0020000E': ['9'], '00080060': ['CT'], '00201209': [60] }),
    header({}),
  ]);
  assert.deepEqual(one, { uid: '9', modality: 'CT', description: undefined, number: undefined, images: 60 });
});
