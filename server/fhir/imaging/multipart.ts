// multipart/related (RFC 2387) as DICOMweb uses it, piece by piece: what is sent is made while it leaves, what arrives goes to disk as
// it comes. Knows nothing of what the parts hold.
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

export interface PartToSend {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: AsyncIterable<Uint8Array> | Uint8Array;
}

export async function* writeParts(
  boundary: string,
  parts: AsyncIterable<PartToSend>,
): AsyncGenerator<Uint8Array> {
  for await (const { headers, bytes } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    yield Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`, 'latin1');
    if (bytes instanceof Uint8Array) yield bytes;
    else yield* bytes;
    yield Buffer.from('\r\n', 'latin1');
  }
  yield Buffer.from(`--${boundary}--\r\n`, 'latin1');
}

/** `boundary` of a multipart/related content type; undefined for anything else. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^multipart\/related\s*;/i.test(contentType)) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

export interface ReceivedPart {
  /** Lower-case type without parameters; '' where none was said. */
  readonly contentType: string;
  readonly path: string;
}

export class MultipartError extends Error {
  override readonly name = 'MultipartError';
  readonly code = 'multipart-malformed';
}

const mostHeadBytes = 8192;

/** Writes each part to `pathOf(n)`. Throws `MultipartError` where it is none, or breaks off, or holds more than `most`. */
export async function receiveParts(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
  pathOf: (n: number) => string,
  most: { parts: number; bytes: number },
): Promise<ReceivedPart[]> {
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const parts: ReceivedPart[] = [];
  // As if a line had ended before the first: the mark is then always the same.
  let rest: Buffer = Buffer.from('\r\n', 'latin1');
  let total = 0;
  let state: 'before' | 'after-mark' | 'head' | 'body' | 'end' = 'before';
  let out: FileHandle | undefined;
  const keep = async (bytes: Buffer) => {
    if (state === 'body' && bytes.length > 0) await out?.writeFile(bytes);
  };
  try {
    for await (const piece of source) {
      total += piece.length;
      if (total > most.bytes) throw new MultipartError('too many bytes');
      rest = Buffer.concat([rest, piece]);
      for (let going = true; going && state !== 'end';) {
        going = false;
        if (state === 'before' || state === 'body') {
          const at = rest.indexOf(mark);
          // All but what may be the beginning of a mark.
          const until = at >= 0 ? at : Math.max(0, rest.length - mark.length);
          await keep(rest.subarray(0, until));
          rest = rest.subarray(at >= 0 ? at + mark.length : until);
          if (at < 0) continue;
          await out?.close();
          out = undefined;
          state = 'after-mark';
          going = true;
        } else if (state === 'after-mark' && rest.length >= 2) {
          if (rest.toString('latin1', 0, 2) === '--') state = 'end';
          // The line of the mark ends, then come the headers, which may be none.
          else if (rest.toString('latin1', 0, 2) === '\r\n') state = 'head';
          else throw new MultipartError('no line ends after a boundary');
          going = true;
        } else if (state === 'head') {
          const at = rest.indexOf('\r\n\r\n');
          if (at < 0 && rest.length > mostHeadBytes) throw new MultipartError('headers too long');
          if (at < 0) continue;
          if (parts.length === most.parts) throw new MultipartError('too many parts');
          const [, type = ''] =
            /\r\ncontent-type:\s*([^\s;]+)/i.exec(rest.toString('latin1', 0, at + 2)) ?? [];
          const path = pathOf(parts.length);
          parts.push({ contentType: type.toLowerCase(), path });
          out = await open(path, 'w', 0o600);
          rest = rest.subarray(at + 4);
          // A body of nothing ends where it begins: the mark needs the line end before it.
          if (rest.length === 0) rest = Buffer.alloc(0);
          state = 'body';
          going = true;
        }
      }
      if (state === 'end') rest = Buffer.alloc(0);
    }
  } finally {
    await out?.close();
  }
  if (state !== 'end') throw new MultipartError('it breaks off');
  return parts;
}
