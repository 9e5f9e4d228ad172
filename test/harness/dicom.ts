// Small DICOM files made here, and parts of DICOMweb as another system would send and read them. Knows nothing of the server's own reading.

export interface MadeImage {
  study?: string;
  series?: string;
  sop?: string;
  patientId?: string;
  patientName?: string;
  birthDate?: string;
  sex?: string;
  instance?: number;
  /** A square of this many pixels, each its own shade. */
  side?: number;
  frames?: number;
  /** Its pixels as a baseline JPEG in grey, of that side. */
  jpeg?: Buffer;
  modality?: string;
  description?: string;
  accession?: string;
  /** Pixels of another form than 12 of 16 bits in grey; those that are not packed lie in `plain`. */
  form?: PixelForm;
  /** Its frames as another transfer syntax packs them. */
  packed?: Packed;
  /** Its values are numbers of colours: 256 of red, green and blue each, from this value on. */
  palette?: { first: number; colours: readonly [Buffer, Buffer, Buffer]; bits: 8 | 16 };
  /** Millimetres from pixel to pixel. */
  spacing?: string;
}

export interface PixelForm {
  width: number;
  height: number;
  samples: 1 | 3;
  allocated: 8 | 16;
  stored: number;
  signed?: boolean;
  photometric?: string;
  planar?: boolean;
  plain?: Buffer;
}

export interface Packed {
  syntax: string;
  frames: readonly Buffer[];
  /** Each frame in so many fragments; more than one need a table of offsets. */
  pieces?: number;
}

let made = 0;
export const newUid = (): string => `1.2.826.0.1.3680043.10.999.${Date.now()}.${++made}`;

/** Explicit little endian, 16 bits a pixel, or 8 in a JPEG. */
export function makeImage(given: MadeImage = {}): Buffer {
  const { side = 8, frames = 1 } = given;
  const pixels = Buffer.alloc(side * side * 2 * frames);
  // Another image for each number: its shades begin elsewhere.
  const shift = ((given.instance ?? 1) - 1) * 64;
  for (let at = 0; at < pixels.length / 2; at++) pixels.writeUInt16LE((at + shift) % 4096, at * 2);
  const { jpeg, form } = given;
  const packed = jpeg ? { syntax: '1.2.840.10008.1.2.4.50', frames: [jpeg] } : given.packed;
  const syntax = packed?.syntax ?? '1.2.840.10008.1.2.1';
  const { allocated, stored } = form ?? (jpeg ? { allocated: 8, stored: 8 } : { allocated: 16, stored: 12 });
  const grey = given.palette === undefined ? 'MONOCHROME2' : 'PALETTE COLOR';
  const meta = [text('0002', '0010', 'UI', syntax)];
  const body = [
    text('0008', '0016', 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text('0008', '0018', 'UI', given.sop ?? newUid()),
    text('0008', '0020', 'DA', '20240503'),
    ...(given.accession === undefined ? [] : [text('0008', '0050', 'SH', given.accession)]),
    text('0008', '0060', 'CS', given.modality ?? 'CT'),
    ...(given.description === undefined ? [] : [text('0008', '1030', 'LO', given.description)]),
    text('0010', '0010', 'PN', given.patientName ?? ''),
    text('0010', '0020', 'LO', given.patientId ?? ''),
    text('0010', '0030', 'DA', given.birthDate ?? ''),
    text('0010', '0040', 'CS', given.sex ?? ''),
    text('0020', '000d', 'UI', given.study ?? newUid()),
    text('0020', '000e', 'UI', given.series ?? newUid()),
    text('0020', '0011', 'IS', '1'),
    text('0020', '0013', 'IS', String(given.instance ?? 1)),
    short('0028', '0002', form?.samples ?? 1),
    text('0028', '0004', 'CS', form?.photometric ?? grey),
    ...(form?.planar === undefined ? [] : [short('0028', '0006', form.planar ? 1 : 0)]),
    text('0028', '0008', 'IS', String(frames)),
    short('0028', '0010', form?.height ?? side),
    short('0028', '0011', form?.width ?? side),
    ...(given.spacing === undefined
      ? []
      : [text('0028', '0030', 'DS', Array(2).fill(given.spacing).join('\\'))]),
    short('0028', '0100', allocated),
    short('0028', '0101', stored),
    short('0028', '0102', stored - 1),
    short('0028', '0103', form?.signed === true ? 1 : 0),
    ...tables(given.palette),
    packed ? encapsulated(packed) : element('7fe0', '0010', 'OW', form?.plain ?? pixels),
  ];
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), ...meta, ...body]);
}

function tables(palette: MadeImage['palette']): Buffer[] {
  if (palette === undefined) return [];
  const about = Buffer.alloc(6);
  about.writeUInt16LE(256, 0);
  about.writeUInt16LE(palette.first, 2);
  about.writeUInt16LE(palette.bits, 4);
  return [
    ...['1101', '1102', '1103'].map((number) => element('0028', number, 'US', about)),
    ...palette.colours.map((colour, at) => element('0028', `120${at + 1}`, 'OW', colour)),
  ];
}

/** A table of offsets, empty where each frame is one fragment; fragments; the end. */
function encapsulated({ frames, pieces = 1 }: Packed): Buffer {
  const offsets: number[] = [];
  const items: Buffer[] = [];
  let offset = 0;
  for (const frame of frames) {
    offsets.push(offset);
    const size = Math.ceil(frame.length / pieces / 2) * 2;
    for (let piece = 0; piece < pieces; piece++) {
      const bytes = frame.subarray(piece * size, (piece + 1) * size);
      const one = item(bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]));
      items.push(one);
      offset += one.length;
    }
  }
  const table = Buffer.alloc(pieces > 1 ? offsets.length * 4 : 0);
  if (pieces > 1) for (const [at, start] of offsets.entries()) table.writeUInt32LE(start, at * 4);
  const head = Buffer.from('e07f10004f420000ffffffff', 'hex');
  return Buffer.concat([head, item(table), ...items, Buffer.from('feffdde000000000', 'hex')]);
}

function item(bytes: Buffer): Buffer {
  const head = Buffer.from('feff00e000000000', 'hex');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

function element(group: string, number: string, vr: string, value: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(Number.parseInt(group, 16), 0);
  head.writeUInt16LE(Number.parseInt(number, 16), 2);
  head.write(vr, 4, 'latin1');
  if (vr !== 'OW') {
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, value]);
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return Buffer.concat([head, length, value]);
}

function text(group: string, number: string, vr: string, value: string): Buffer {
  const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
  return element(group, number, vr, Buffer.from(value + padding, 'latin1'));
}

function short(group: string, number: string, value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return element(group, number, 'US', bytes);
}

export function multipart(files: readonly Uint8Array[]): { body: Buffer; headers: Record<string, string> } {
  const boundary = 'a-boundary-of-the-test';
  const parts = files.flatMap((file) => [
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    Buffer.from(file),
    Buffer.from('\r\n'),
  ]);
  return {
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
  };
}

/** The bodies of a multipart answer. */
export function partsOf(contentType: string, body: Buffer): Buffer[] {
  const boundary = /boundary=("?)([^";]+)\1/.exec(contentType)?.[2] ?? '';
  const mark = Buffer.from(`--${boundary}`);
  const found: Buffer[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    const part = body.subarray(at + mark.length + 2, next - 2);
    found.push(part.subarray(part.indexOf('\r\n\r\n') + 4));
    at = next;
  }
  return found;
}

/** A ZIP of files that are stored as they are, or whose sizes are told otherwise. */
export function makeZip(
  files: readonly {
    name: string;
    bytes: Buffer;
    packed?: { bytes: Buffer; method: number; length?: number };
    /** General purpose bits: 1 is a password. */
    flags?: number;
    /** Another sum than that of its bytes. */
    sum?: number;
  }[],
  crc32: (bytes: Buffer) => number,
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, packed, flags = 0x800, sum } of files) {
    const data = packed?.bytes ?? bytes;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(packed?.method ?? 0, 4);
    fields.writeUInt32LE(sum ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(packed?.length ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), data]);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, central, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
