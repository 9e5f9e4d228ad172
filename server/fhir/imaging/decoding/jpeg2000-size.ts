// What a JPEG 2000 stream announces of its size (ITU-T T.800, A.5.1), bare or inside the boxes of a JP2 file (Annex I).
import { requireIntact } from './frame-shape.ts';

const begin = 0xff4fff51;
const codestream = 0x6a703263;
const mostBoxes = 1000;

/** Throws DamagedFrame. */
export function jpeg2000SizeOf(bytes: Uint8Array): { width: number; height: number; components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = codestreamIn(view);
  requireIntact(view.byteLength >= from + 42 && view.getUint32(from) === begin, 'no JPEG 2000');
  const field = (at: number): number => view.getUint32(from + at);
  const components = view.getUint16(from + 40);
  requireIntact(view.byteLength >= from + 42 + components * 3, 'a header that ends early');
  for (let at = 0; at < components; at++) {
    const depth = (view.getUint8(from + 42 + at * 3) & 0x7f) + 1;
    const isWhole = view.getUint16(from + 43 + at * 3) === 0x0101;
    requireIntact(depth <= 16 && isWhole, 'components of another form');
  }
  return { width: field(8) - field(16), height: field(12) - field(20), components };
}

function codestreamIn(view: DataView): number {
  if (view.byteLength >= 4 && view.getUint32(0) === begin) return 0;
  for (let at = 0, box = 0; box < mostBoxes && at + 16 <= view.byteLength; box++) {
    const said = view.getUint32(at);
    if (view.getUint32(at + 4) === codestream) return at + (said === 1 ? 16 : 8);
    const length = said === 1 ? view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12) : said;
    requireIntact(length >= 8, 'boxes out of place');
    at += length;
  }
  return view.byteLength;
}
