// How long a browser takes to verify one entry: commitment, leaf, inclusion proof of a log of ten million, signature and two cosignatures.
// The code is that of core/ledger as it stands, its types stripped, in a headless Chromium.
// Usage: node bench/verify-in-browser.ts [path of Chromium]
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { formatCheckpoint } from '../core/ledger/checkpoint.ts';
import { commitmentOf } from '../core/ledger/commitment.ts';
import { cosign, withCosignatures } from '../core/ledger/cosign.ts';
import { encodeLeaf } from '../core/ledger/leaf.ts';
import type { NoteSigner } from '../core/ledger/note.ts';
import { signNote } from '../core/ledger/note.ts';
import { leafHash, nodeHash } from '../core/ledger/tree.ts';
import { formatVerifierKey, SIGNATURE_TYPES, verifierKeyOf } from '../core/ledger/verifier-key.ts';

const root = join(import.meta.dirname, '..');
const origin = 'bench.example/log';
const levels = 24;

function signerOf(name: string): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    name,
    publicKey: new Uint8Array(Buffer.from(x ?? '', 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/** One entry of a full tree of 2^24 leaves, at its left edge: every hash of the path is a right sibling. */
function evidence(): object {
  const statement =
    '{"at":"2026-11-20T09:00:00.000Z","basis":"self","event":"read","outcome":"done","v":1,"who":{"role":"patient"}}';
  const salt = new Uint8Array(32).fill(5);
  const leaf = encodeLeaf({
    kind: 'look',
    timeSeconds: 1,
    pseudonym: new Uint8Array(16).fill(1),
    seq: 1,
    prev: new Uint8Array(32),
    commitment: commitmentOf(statement, salt),
  });
  const path = Array.from({ length: levels }, (_, level) => leafHash(Uint8Array.of(level)));
  const treeRoot = path.reduce((hash, sibling) => nodeHash(hash, sibling), leafHash(leaf));
  const text = formatCheckpoint({ origin, size: 2 ** levels, root: treeRoot, extensions: [] });
  const log = signerOf(origin);
  const witnesses = [signerOf('w1.example'), signerOf('w2.example')];
  const vkeyOf = (signer: NoteSigner, type: 1 | 4) =>
    formatVerifierKey(verifierKeyOf(signer.name, type, signer.publicKey));
  return {
    statement,
    salt: [...salt],
    leaf: [...leaf],
    path: path.map((hash) => [...hash]),
    note: withCosignatures(
      signNote(text, [log]),
      witnesses.map((witness) => cosign(text, 1, witness)),
    ),
    keys: [
      vkeyOf(log, SIGNATURE_TYPES.ed25519),
      ...witnesses.map((witness) => vkeyOf(witness, SIGNATURE_TYPES.cosignatureV1)),
    ],
  };
}

const page = `<!doctype html><script type="importmap">{"imports":{"@noble/":"/node_modules/@noble/"}}</script>`;
const server = createServer((request, response) => {
  const path = normalize((request.url ?? '/').split('?')[0] ?? '/');
  if (path === '/') return response.setHeader('content-type', 'text/html').end(page);
  try {
    const source = readFileSync(join(root, path), 'utf8');
    response.setHeader('content-type', 'text/javascript');
    response.end(path.endsWith('.ts') ? stripTypeScriptTypes(source) : source);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const browser = await chromium.launch({
  executablePath: process.argv[2] ?? process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${port}/`);
  const times = await tab.evaluate(
    `(async (given) => {
      const { verifyEntry } = await import('/core/ledger/verify-entry.ts');
      const bytes = (list) => new Uint8Array(list);
      const proof = given.path.map(bytes);
      const times = [];
      for (let round = 0; round < 200; round++) {
        const begin = performance.now();
        const { verdict, witnesses } = verifyEntry({
          leafBytes: bytes(given.leaf), leafIndex: 0, statement: given.statement, salt: bytes(given.salt),
          inclusionProof: proof, checkpointNote: given.note, verifierKeys: given.keys,
        });
        times.push(performance.now() - begin);
        if (verdict !== 'passed' || witnesses.length !== 2) throw new Error(verdict);
      }
      return times;
    })(${JSON.stringify(evidence())})`,
  );
  const [first = 0, ...others] = times as number[];
  const sorted = others.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(
    `Verification of an entry in the browser, ${levels} hashes, three signatures: median ${at(0.5)} ms, p95 ${at(0.95)} ms, the very first ${first.toFixed(1)} ms`,
  );
} finally {
  await browser.close();
  server.close();
}
