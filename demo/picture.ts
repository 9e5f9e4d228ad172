// One invented picture for the demo's radiology: ellipses that remind of a chest, as a DICOM file. Nobody's.

export interface PictureOf {
  uhid: string;
  name: string;
  /** YYYYMMDD. */
  birthDate: string;
  sex: 'F' | 'M';
  /** Number of the order. */
  accession: string;
  /** YYYYMMDD. */
  day: string;
  /** Ends the identifiers: digits. */
  serial: number;
}

const side = 256;
const ofDemo = '1.2.826.0.1.3680043.10.999.7';

/** Explicit little endian, 12 of 16 bits a pixel. */
export function chestPicture(of: PictureOf): Buffer {
  const uid = (part: number): string => `${ofDemo}.${of.serial}.${part}`;
  const body = [
    text('0008', '0016', 'UI', '1.2.840.10008.5.1.4.1.1.1'),
    text('0008', '0018', 'UI', uid(3)),
    text('0008', '0020', 'DA', of.day),
    text('0008', '0050', 'SH', of.accession),
    text('0008', '0060', 'CS', 'CR'),
    text('0008', '1030', 'LO', 'Chest, two views'),
    text('0010', '0010', 'PN', of.name),
    text('0010', '0020', 'LO', of.uhid),
    text('0010', '0030', 'DA', of.birthDate),
    text('0010', '0040', 'CS', of.sex),
    text('0020', '000d', 'UI', uid(1)),
    text('0020', '000e', 'UI', uid(2)),
    text('0020', '0011', 'IS', '1'),
    text('0020', '0013', 'IS', '1'),
    short('0028', '0002', 1),
    text('0028', '0004', 'CS', 'MONOCHROME2'),
    short('0028', '0010', side),
    short('0028', '0011', side),
    short('0028', '0100', 16),
    short('0028', '0101', 12),
    short('0028', '0102', 11),
    short('0028', '0103', 0),
    element('7fe0', '0010', 'OW', pixels()),
  ];
  const meta = text('0002', '0010', 'UI', '1.2.840.10008.1.2.1');
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, ...body]);
}

function pixels(): Buffer {
  const drawn = Buffer.alloc(side * side * 2);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) drawn.writeUInt16LE(shade(x / side, y / side), (y * side + x) * 2);
  return drawn;
}

/** Of a point of the unit square: bright is dense. */
function shade(x: number, y: number): number {
  const within = (cx: number, cy: number, rx: number, ry: number): number =>
    Math.max(0, 1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2);
  const body = Math.min(1, within(0.5, 0.6, 0.48, 0.75) * 3);
  const lungs = Math.min(1, (within(0.3, 0.5, 0.16, 0.34) + within(0.7, 0.5, 0.16, 0.34)) * 3);
  const heart = Math.min(1, within(0.56, 0.64, 0.15, 0.16) * 2.5);
  const spine = Math.max(0, 1 - Math.abs(x - 0.5) / 0.05) * body;
  const ribs = Math.max(0, Math.sin(y * 60 + Math.abs(x - 0.5) * 14)) * lungs * 0.25;
  const ring = Math.abs(Math.hypot(x - 0.57, y - 0.62) - 0.03) < 0.006 ? 0.5 : 0;
  const dense = body * 0.75 - lungs * 0.5 + heart * 0.45 + spine * 0.35 + ribs * 0.5 + ring;
  return Math.round(Math.min(1, Math.max(0.02, dense)) * 4095);
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
