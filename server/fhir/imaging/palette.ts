// Images whose values are numbers of colours: the table that says which colour each is. Pure.
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import type { PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { bigEndian } from './read-dicom.ts';

export interface Palette {
  /** The value that the first colour stands for; what is below or above has the nearest. */
  readonly first: number;
  /** Red, green and blue of each, 0 to 255. */
  readonly colours: readonly [Uint8Array, Uint8Array, Uint8Array];
}

export const isPalette = ({ photometric, samples }: PixelsOfInstance): boolean =>
  photometric === 'PALETTE COLOR' && samples === 1;

interface Attribute {
  readonly Value?: readonly JsonValue[];
  readonly InlineBinary?: string;
}

/** PS3.3, C.7.6.3.1.5 and C.7.6.3.1.6. Undefined where the header has no whole table: a segmented one, or a very long one. */
export function paletteOf(
  header: JsonObject,
  { transferSyntax, signed }: PixelsOfInstance,
): Palette | undefined {
  const attribute = (tag: string): Attribute => (header[tag] ?? {}) as Attribute;
  const [entries = 0, from = 0, bits = 0] = (attribute('00281101').Value ?? []).map(Number);
  if (!(entries >= 1) || (bits !== 8 && bits !== 16)) return undefined;
  const little = transferSyntax !== bigEndian;
  const colours = ['00281201', '00281202', '00281203'].map((tag) =>
    tableOf(attribute(tag), { entries, bits, little }),
  );
  const [red, green, blue] = colours;
  if (!red || !green || !blue) return undefined;
  return { first: signed && from >= 0x8000 ? from - 0x10000 : from, colours: [red, green, blue] };
}

function tableOf(
  { Value: value, InlineBinary: binary }: Attribute,
  { entries, bits, little }: { entries: number; bits: number; little: boolean },
): Uint8Array | undefined {
  const bytes = binary === undefined ? undefined : Buffer.from(binary, 'base64');
  // Of eight bits two may lie in a word.
  if (bytes && bits === 8 && bytes.length < entries * 2)
    return bytes.length < entries ? undefined : new Uint8Array(bytes.subarray(0, entries));
  const words = bytes
    ? Array.from({ length: bytes.length >> 1 }, (_, at) =>
        little ? bytes.readUInt16LE(at * 2) : bytes.readUInt16BE(at * 2),
      )
    : (value ?? []).map(Number);
  if (words.length < entries) return undefined;
  // Some write eight bits and say sixteen.
  const shift = bits === 16 && words.some((word) => word > 255) ? 8 : 0;
  return Uint8Array.from(words.slice(0, entries), (word) => word >> shift);
}

export function paletteColours(values: ArrayLike<number>, { first, colours }: Palette): Uint8Array {
  const [red, green, blue] = colours;
  const last = red.length - 1;
  const drawn = new Uint8Array(values.length * 3);
  for (let at = 0; at < values.length; at++) {
    const place = Math.min(last, Math.max(0, (values[at] ?? 0) - first));
    drawn[at * 3] = red[place] ?? 0;
    drawn[at * 3 + 1] = green[place] ?? 0;
    drawn[at * 3 + 2] = blue[place] ?? 0;
  }
  return drawn;
}
