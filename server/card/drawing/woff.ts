// Unpacks a WOFF 1 font file into its tables, and packs tables into a TrueType file. Knows nothing of text or cards.
import { inflateSync } from 'node:zlib';

export interface FontTable {
  readonly checksum: number;
  readonly bytes: Uint8Array;
}

/** Tables by tag. Throws a RangeError when the bytes are no WOFF 1 file. */
export function readWoffTables(file: Uint8Array): Map<string, FontTable> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== 0x774f4646) throw new RangeError('not a WOFF file');
  const tables = new Map<string, FontTable>();
  for (let index = 0, at = 44; index < view.getUint16(12); index += 1, at += 20) {
    const tag = String.fromCharCode(...file.subarray(at, at + 4));
    const offset = view.getUint32(at + 4);
    const packed = file.subarray(offset, offset + view.getUint32(at + 8));
    const length = view.getUint32(at + 12);
    const bytes = packed.length < length ? new Uint8Array(inflateSync(packed)) : packed;
    tables.set(tag, { checksum: view.getUint32(at + 16), bytes });
  }
  return tables;
}

function checksumOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    let word = 0;
    for (let index = 0; index < 4; index += 1)
      word = word * 256 + (at + index < bytes.length ? view.getUint8(at + index) : 0);
    sum = (sum + word) % 0x1_0000_0000;
  }
  return sum;
}

/** A TrueType file of the given tables, in order of their tags. */
export function packTrueType(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const padded = (length: number): number => (length + 3) & ~3;
  const headLength = 12 + 16 * sorted.length;
  const total = sorted.reduce((sum, [, bytes]) => sum + padded(bytes.length), headLength);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, sorted.length);
  view.setUint16(6, power * 16);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, sorted.length * 16 - power * 16);
  let offset = headLength;
  for (const [index, [tag, bytes]] of sorted.entries()) {
    const entry = 12 + 16 * index;
    for (let letter = 0; letter < 4; letter += 1) out[entry + letter] = tag.charCodeAt(letter);
    view.setUint32(entry + 4, checksumOf(bytes));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, bytes.length);
    out.set(bytes, offset);
    offset += padded(bytes.length);
  }
  return out;
}

/** Adds the glyphs that composite glyphs are made of. */
function withComponents(
  glyf: DataView,
  offsets: readonly number[],
  wanted: ReadonlySet<number>,
): Set<number> {
  const all = new Set<number>();
  const waiting = [0, ...wanted];
  for (let glyph = waiting.pop(); glyph !== undefined; glyph = waiting.pop()) {
    const start = offsets[glyph];
    const end = offsets[glyph + 1];
    if (all.has(glyph) || start === undefined || end === undefined) continue;
    all.add(glyph);
    if (end <= start || glyf.getInt16(start) >= 0) continue;
    let at = start + 10;
    let flags = 0x20;
    while ((flags & 0x20) !== 0) {
      flags = glyf.getUint16(at);
      waiting.push(glyf.getUint16(at + 2));
      at += 4 + ((flags & 1) === 0 ? 2 : 4);
      if ((flags & 8) !== 0) at += 2;
      else if ((flags & 0x40) !== 0) at += 4;
      else if ((flags & 0x80) !== 0) at += 8;
    }
  }
  return all;
}

/** A TrueType file that keeps glyph numbers and holds outlines only for `wanted` (and glyph 0): for embedding in a PDF. */
export function subsetTrueType(
  tables: ReadonlyMap<string, FontTable>,
  wanted: ReadonlySet<number>,
): Uint8Array {
  const table = (tag: string): Uint8Array => {
    const found = tables.get(tag);
    if (found === undefined) throw new RangeError(`font without table ${tag}`);
    return found.bytes;
  };
  const viewOf = (bytes: Uint8Array): DataView =>
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = Uint8Array.from(table('head'));
  const loca = viewOf(table('loca'));
  const glyphCount = viewOf(table('maxp')).getUint16(4);
  const isLong = viewOf(head).getInt16(50) === 1;
  const offsets = Array.from({ length: glyphCount + 1 }, (_, glyph) =>
    isLong ? loca.getUint32(glyph * 4) : loca.getUint16(glyph * 2) * 2,
  );
  const glyf = table('glyf');
  const kept = withComponents(viewOf(glyf), offsets, wanted);
  const outlines: Uint8Array[] = [];
  const newLoca = new Uint8Array((glyphCount + 1) * 4);
  let length = 0;
  for (let glyph = 0; glyph < glyphCount; glyph += 1) {
    viewOf(newLoca).setUint32(glyph * 4, length);
    if (!kept.has(glyph)) continue;
    const outline = glyf.subarray(offsets[glyph], offsets[glyph + 1]);
    outlines.push(outline);
    length += (outline.length + 3) & ~3;
  }
  viewOf(newLoca).setUint32(glyphCount * 4, length);
  const newGlyf = new Uint8Array(length);
  let at = 0;
  for (const outline of outlines) {
    newGlyf.set(outline, at);
    at += (outline.length + 3) & ~3;
  }
  viewOf(head).setInt16(50, 1);
  viewOf(head).setUint32(8, 0);
  const parts = new Map<string, Uint8Array>([
    ['head', head],
    ['loca', newLoca],
    ['glyf', newGlyf],
  ]);
  for (const tag of ['hhea', 'hmtx', 'maxp', 'cvt ', 'fpgm', 'prep']) {
    const found = tables.get(tag);
    if (found !== undefined) parts.set(tag, found.bytes);
  }
  return packTrueType(parts);
}
