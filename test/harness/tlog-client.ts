// A client of transparency logs written from the C2SP texts alone (tlog-tiles, tlog-checkpoint, signed-note) and Node's own crypto:
// imports nothing of ours, so that what it accepts any such client accepts. Slow and plain on purpose.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (...parts: Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const hashLeaf = (entry: Uint8Array) => sha256(Uint8Array.of(0), entry);
const hashNode = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** MTH of RFC 6962, section 2.1, word for word. */
function treeHash(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return hashNode(treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)));
}

/** "zero-padded 3-digit path elements, all but the last prefixed with x" */
function tileIndexPath(n: number): string {
  const groups = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

function readCheckpoint(folder: string, vkey: string): { size: number; root: Buffer } {
  const note = readFileSync(join(folder, 'checkpoint'), 'utf8');
  const [name = '', keyId = '', ...rest] = vkey.split('+');
  const typed = Buffer.from(rest.join('+'), 'base64');
  if (typed[0] !== 1 || typed.length !== 33) throw new Error('not an Ed25519 key');
  const computedId = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  if (computedId.toString('hex') !== keyId) throw new Error('the key has another id');
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const line = note
    .slice(end + 2)
    .split('\n')
    .find((one) => one.startsWith(`\u2014 ${name} `));
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64');
  if (!signature.subarray(0, 4).equals(computedId)) throw new Error('no signature of this key');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: typed.subarray(1).toString('base64url') },
  });
  if (!verify(null, Buffer.from(text, 'utf8'), publicKey, signature.subarray(4)))
    throw new Error('the signature does not hold');
  const [origin, size = '', root = ''] = text.split('\n');
  if (origin !== name || !/^(0|[1-9][0-9]*)$/.test(size)) throw new Error('not a checkpoint of this log');
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

function readEntries(folder: string, size: number): Buffer[] {
  const entries: Buffer[] = [];
  for (let n = 0; n * 256 < size; n++) {
    const width = Math.min(256, size - n * 256);
    const path = `tile/entries/${tileIndexPath(n)}${width === 256 ? '' : `.p/${width}`}`;
    const bytes = readFileSync(join(folder, path));
    let at = 0;
    for (let i = 0; i < width; i++) {
      const length = bytes.readUInt16BE(at);
      entries.push(bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    if (at !== bytes.length) throw new Error(`${path} holds more than ${width} entries`);
  }
  return entries;
}

/** Reads and checks a whole log in a folder; throws when anything is not as the specifications say. */
export function readForeignLog(folder: string, vkey: string): { size: number; entries: Buffer[] } {
  const { size, root } = readCheckpoint(folder, vkey);
  const entries = readEntries(folder, size);
  let row = entries.map(hashLeaf);
  if (!treeHash(row).equals(root)) throw new Error('the root is another');
  // "Tiles at level L hold the hashes of the full subtrees of height 8·L"
  for (let level = 0; row.length > 0; level++) {
    for (let n = 0; n * 256 < row.length; n++) {
      const hashes = row.slice(n * 256, n * 256 + 256);
      const path = `tile/${level}/${tileIndexPath(n)}${hashes.length === 256 ? '' : `.p/${hashes.length}`}`;
      if (!readFileSync(join(folder, path)).equals(Buffer.concat(hashes))) throw new Error(`${path} differs`);
    }
    const above: Buffer[] = [];
    for (let n = 0; n + 256 <= row.length; n += 256) above.push(treeHash(row.slice(n, n + 256)));
    row = above;
  }
  return { size, entries };
}
