// How many leaves a second one core appends in memory: leaf encoding, hashing, tiles and the root of each batch.
// Usage: node bench/ledger-append.ts [leaves] [leaves per batch]
import { encodeLeaf } from '../core/ledger/leaf.ts';
import { appendLeafHashes, emptyRightEdge, rootOfRightEdge } from '../core/ledger/right-edge.ts';
import { leafHash } from '../core/ledger/tree.ts';

const leaves = Number(process.argv[2] ?? 1_000_000);
const perBatch = Number(process.argv[3] ?? 10_000);
const pseudonym = new Uint8Array(16).fill(1);
const prev = new Uint8Array(32).fill(2);
const commitment = new Uint8Array(32).fill(3);

let edge = emptyRightEdge();
let tiles = 0;
const begin = performance.now();
while (edge.size < leaves) {
  const hashes: Uint8Array[] = [];
  for (let seq = edge.size + 2; hashes.length < perBatch; seq++) {
    hashes.push(leafHash(encodeLeaf({ kind: 'look', timeSeconds: seq, pseudonym, seq, prev, commitment })));
  }
  const appended = appendLeafHashes(edge, hashes);
  edge = appended.edge;
  tiles += appended.tiles.length;
  rootOfRightEdge(edge);
}
const seconds = (performance.now() - begin) / 1000;
console.log(
  `${edge.size} leaves in batches of ${perBatch}: ${Math.round(edge.size / seconds)} leaves/s, ${tiles} tiles written`,
);
