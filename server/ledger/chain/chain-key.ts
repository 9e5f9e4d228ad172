// The key that signs anchors: from a file the operator names, or, for the local chain, made on the first start.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import { localChainId } from './chain-names.ts';
import type { Hex } from './registry.ts';

/** The key cannot be used. Says which file, never what is in it. */
export class ChainKeyError extends Error {
  readonly code = 'chain-key';
  constructor(problem: string) {
    super(problem);
    this.name = 'ChainKeyError';
  }
}

export async function readChainKey(path: string): Promise<Hex> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ChainKeyError(`CHAIN_PRIVATE_KEY_FILE cannot be read: ${error.code ?? 'unknown'}`);
  });
  const key = readKey(text);
  if (key === undefined)
    throw new ChainKeyError('CHAIN_PRIVATE_KEY_FILE must hold one private key: 64 hexadecimal digits');
  return key;
}

/** The local chain's own. */
export async function openLocalChainKey(
  dataDir: string,
  randomBytes: (count: number) => Uint8Array,
): Promise<Hex> {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'local-chain-key');
  const stored = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const key = readKey(stored ?? '');
  if (key !== undefined) return key;
  const fresh: Hex = `0x${Buffer.from(randomBytes(32)).toString('hex')}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(path, `${fresh}\n`);
  return fresh;
}

// The accounts that every development node hands out, by the words "test test … junk": whoever funds one gives it away.
const knownToEverybody = new Set([
  '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc',
  '0x90f79bf6eb2c4f870365e785982e1f101e93b906',
  '0x15d34aaf54267db7d7c367839aaf71a00a2c6a65',
  '0x9965507d1a55bcc2695c58ba16fb37d819b0a4dc',
  '0x976ea74026e726554db657fa54763abd0c3a0aa9',
  '0x14dc79964da2c08b23698b3d3cc7ca32193d9955',
  '0x23618e81e3f5cdf7f54c3d65f7fbc0abf5b21e8f',
  '0xa0ee7a142d267c1f36714e4a8f75612f20a79720',
]);

/** Throws `ChainKeyError` for a key that anybody has. */
export function requireOwnKey(signer: string, chainId: number): void {
  if (chainId !== localChainId && knownToEverybody.has(signer))
    throw new ChainKeyError('CHAIN_PRIVATE_KEY_FILE holds a key that everybody knows: make one of your own');
}

function readKey(text: string): Hex | undefined {
  const digits = /^(?:0x)?([0-9a-f]{64})$/i.exec(text.trim())?.[1];
  return digits === undefined || /^0+$/.test(digits) ? undefined : `0x${digits.toLowerCase()}`;
}
