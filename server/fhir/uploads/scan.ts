// Asks whatever the operator named whether a file holds malware: a clamd by its INSTREAM command, or a program that is given the
// path. No answer is no answer: the file waits. Knows nobody's name.
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { once } from 'node:events';
import type { ScanConfig } from '../../config.ts';
import { piecesOf } from '../../storage/local-files.ts';

const quietMs = 60_000;
const commandMs = 300_000;
const pieceBytes = 1 << 16;

/** No verdict could be had; the file stays unread until there is one. */
export class ScanUnavailableError extends Error {
  override readonly name = 'ScanUnavailableError';
  readonly code = 'scan-unavailable';
  constructor() {
    super('what looks for malware gives no verdict');
  }
}

/** Throws `ScanUnavailableError`. */
export function scanFile(scan: ScanConfig, path: string): Promise<'clean' | 'found'> {
  return scan.kind === 'command' ? byCommand(scan.command, scan.args, path) : byClamd(scan, path);
}

/** Exit code 0: clean, 1: found; anything else is no verdict. */
async function byCommand(command: string, args: readonly string[], path: string): Promise<'clean' | 'found'> {
  const child = spawn(command, [...args, path], { stdio: 'ignore', timeout: commandMs, env: {} });
  const code = await new Promise<unknown>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', resolve);
  });
  if (code === 0) return 'clean';
  if (code === 1) return 'found';
  throw new ScanUnavailableError();
}

/** Pieces with their length before them, a length of nothing at the end; the answer names what was found, or says OK. */
async function byClamd(
  scan: Extract<ScanConfig, { kind: 'clamd' }>,
  path: string,
): Promise<'clean' | 'found'> {
  const socket = createConnection(
    'path' in scan ? { path: scan.path } : { host: scan.host, port: scan.port },
  );
  socket.setTimeout(quietMs, () => socket.destroy(new ScanUnavailableError()));
  let said = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    said = (said + piece.toString('latin1')).slice(0, 1000);
  });
  const send = async (bytes: Uint8Array) => {
    if (socket.destroyed) throw new ScanUnavailableError();
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
  };
  try {
    await send(Buffer.from('zINSTREAM\0', 'latin1'));
    for await (const piece of piecesOf(path, pieceBytes)) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await send(length);
      await send(piece);
    }
    await send(Buffer.alloc(4));
    await closed;
  } finally {
    socket.destroy();
  }
  const answer = said.replaceAll('\0', '').trim();
  if (/^stream: OK$/.test(answer)) return 'clean';
  if (/^stream: .* FOUND$/.test(answer)) return 'found';
  throw new ScanUnavailableError();
}
