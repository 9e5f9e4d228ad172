// Files that mean harm or are broken, sent to a server: how long it takes to refuse them, and that each has an answer.
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import type { Client } from './client.ts';
import type { Packed } from './dicom.ts';
import { makeImage, makeZip, multipart, newUid } from './dicom.ts';
import { encodeJpegLs, encodeLosslessJpeg, encodeRle } from './pixel-encoders.ts';
import { upload } from './tus.ts';

/** A PNG of this size whose pixels are all there, packed a thousandfold. */
function hugePicture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // One bit a pixel, grey.
  header.writeUInt8(1, 8);
  const row = Buffer.alloc(1 + width / 8);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export async function bombs(client: Client): Promise<string[]> {
  const zeros = Buffer.alloc(64 * 1024 * 1024);
  const packed = deflateRawSync(zeros, { level: 9 });
  const crc = (bytes: Buffer) => crc32(bytes);
  const bomb = (name: string) => ({ name, bytes: zeros, packed: { bytes: packed, method: 8 } });
  const lines: string[] = [];
  for (const [what, bytes] of [
    [
      'a ZIP of 4 GB in 4 MB',
      makeZip(
        Array.from({ length: 64 }, (_, at) => bomb(`f${at}`)),
        crc,
      ),
    ],
    ['a ZIP of 64 MB in 64 kB', makeZip([bomb('f')], crc)],
    [
      'a ZIP that lies about 64 MB',
      makeZip([{ name: 'f', bytes: zeros, packed: { bytes: packed, method: 8, length: 10 } }], crc),
    ],
    ['a picture of 2 gigapixels', hugePicture(50_000, 40_000)],
  ] as const) {
    const began = performance.now();
    const receipt = await upload(client, bytes);
    const ms = performance.now() - began;
    const said = receipt.refusal ?? receipt.files.map(({ reason, outcome }) => reason ?? outcome).join(', ');
    lines.push(`${what}: ${said} in ${ms.toFixed(0)} ms; at most 2,000`);
  }
  return lines;
}

/** The same each time: what fails can be found again. */
function chance(): (below: number) => number {
  let state = createHash('sha256').update('damaged').digest();
  return (below) => {
    state = createHash('sha256').update(state).digest();
    return state.readUInt32LE(0) % below;
  };
}

/** The same picture in each way of packing that is drawn, and as it is. */
async function packedForms(): Promise<(Packed | undefined)[]> {
  const values = Array.from({ length: 64 }, (_, at) => (at * at) % 4096);
  const raster = { width: 8, height: 8, samples: 1, bytesPerSample: 2, values } as const;
  const lossless = encodeLosslessJpeg(raster, { precision: 12, predictor: 4, restartRows: 2 });
  const ls = await encodeJpegLs(raster, { precision: 12 });
  return [
    undefined,
    { syntax: '1.2.840.10008.1.2.5', frames: [encodeRle(raster)] },
    { syntax: '1.2.840.10008.1.2.4.57', frames: [lossless] },
    { syntax: '1.2.840.10008.1.2.4.70', frames: [lossless, lossless], pieces: 2 },
    { syntax: '1.2.840.10008.1.2.4.80', frames: [ls] },
    { syntax: '1.2.840.10008.1.2.4.81', frames: [ls, ls], pieces: 3 },
  ];
}

/** Of images made here, with bytes of them changed, and some cut short. */
function* damagedImages(count: number, forms: readonly (Packed | undefined)[]): Generator<Buffer> {
  const next = chance();
  for (let made = 0; made < count; made++) {
    const packed = forms[made % forms.length];
    const bytes = makeImage({
      ...(packed ? { packed } : {}),
      sop: newUid(),
      patientId: 'x',
      patientName: 'A^B',
      frames: packed?.frames.length ?? 1 + next(2),
      spacing: '1',
    });
    for (let change = next(6); change >= 0; change--)
      bytes.writeUInt8(next(3) === 0 ? 0xff : next(256), 128 + next(bytes.length - 128));
    yield next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
  }
}

type Told = Record<string, { Value: Record<string, { Value: unknown[] } | undefined>[] } | undefined>;

/** Each is stored or refused by name; of those that are stored, some are looked at in every way. */
export async function damaged(client: Client, count: number, atOnce = 500): Promise<string[]> {
  const reasons = new Map<string, number>();
  const add = (word: string) => reasons.set(word, (reasons.get(word) ?? 0) + 1);
  const statuses = new Map<number, number>();
  let batch: Buffer[] = [];
  const send = async () => {
    const answer = await client.call('POST', '/dicom-web/studies', multipart(batch));
    if (![200, 202, 409].includes(answer.status))
      throw new Error(`STOW answered ${answer.status}: ${answer.text.slice(0, 600)}`);
    const told = answer.json<Told>();
    const kept = told['00081199']?.Value ?? [];
    for (const one of told['00081198']?.Value ?? []) add(String(one['00000902']?.Value[0]));
    for (const _one of kept) add('stored');
    if (kept.length + (told['00081198']?.Value.length ?? 0) !== batch.length)
      throw new Error('not every file has an answer');
    for (const one of kept.slice(0, 20)) {
      const { pathname } = new URL(String(one['00081190']?.Value[0]));
      for (const part of ['/metadata', '/frames/1', '/rendered', '/thumbnail']) {
        const { status } = await client.get(`${pathname}${part}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500) throw new Error(`${part} answered ${status}`);
      }
    }
    batch = [];
  };
  for (const bytes of damagedImages(count, await packedForms())) {
    batch.push(bytes);
    if (batch.length === atOnce) await send();
  }
  if (batch.length > 0) await send();
  const words = [...reasons].map(([word, number]) => `${number} ${word}`).join(', ');
  const answers = [...statuses].map(([status, number]) => `${number} × ${status}`).join(', ');
  return [`${count} damaged images: ${words}; those that were stored, looked at: ${answers}`];
}
