// The values of a frame as numbers in the modality's unit, Hounsfield for CT, out of its bytes. Pure.
import type { Slice, Window } from './slices.ts';

export interface Values {
  readonly data: Int16Array | Float32Array;
  readonly least: number;
  readonly greatest: number;
}

/** Throws RangeError where there are fewer bytes than pixels. */
export function valuesOf(bytes: Uint8Array<ArrayBuffer>, slice: Slice): Values {
  const { rows, columns, values, slope, intercept } = slice;
  const count = rows * columns;
  if (values === undefined || bytes.length * 8 < count * values.bits) throw new RangeError('too few bytes');
  const { bits, stored, signed } = values;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shift = 32 - Math.min(Math.max(stored, 1), bits);
  const whole = Number.isInteger(slope) && Number.isInteger(intercept);
  const reach = 2 ** stored * Math.abs(slope) + Math.abs(intercept);
  const data = whole && reach <= 32_768 ? new Int16Array(count) : new Float32Array(count);
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < count; at++) {
    const raw = bits === 8 ? view.getUint8(at) : view.getUint16(at * 2, true);
    // Bits above those that are stored hold overlays, or nothing.
    const value = (signed ? (raw << shift) >> shift : (raw << shift) >>> shift) * slope + intercept;
    data[at] = value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { data, least, greatest };
}

/** Its own, else from the least to the greatest value. */
export function windowOf({ window }: Slice, { least, greatest }: Values): Window {
  return window ?? { center: (least + greatest + 1) / 2, width: Math.max(1, greatest - least + 1) };
}
