// A person's whole chain: every leaf from the first to the last, each naming the one before, all in one tree.
// It shows that nothing was left out in between. What each leaf stands for is for verify-entry to say.
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint, OpenedCheckpoint } from './checkpoint.ts';
import { verifyInclusion } from './inclusion.ts';
import { decodeLeaf, firstPrev } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { equalBytes, leafHash } from './tree.ts';
import { parseVerifierKey } from './verifier-key.ts';

export type ChainLink = {
  readonly leafBytes: Uint8Array;
  readonly leafIndex: number;
  readonly inclusionProof: readonly Uint8Array[];
};

/** The links in the order of their seq, and one signed checkpoint that covers them all. */
export type ChainEvidence = {
  readonly links: readonly ChainLink[];
  readonly checkpointNote: string;
  readonly verifierKeys: readonly string[];
  readonly expectedPseudonym?: Uint8Array;
  /** How many entries the person knows of: a chain cut off at its end is whole in itself. */
  readonly expectedLength?: number;
};

export type ChainFailureCode =
  | 'checkpoint-not-signed'
  | 'chain-shorter-than-known'
  | 'leaf-malformed'
  | 'pseudonym-differs'
  | 'seq-out-of-order'
  | 'prev-differs'
  | 'index-out-of-order'
  | 'leaf-not-in-tree';

/** `position` counts the links from 0; it is missing for what concerns the chain as a whole. */
export type ChainFailure = { readonly code: ChainFailureCode; readonly position?: number };

export type ChainVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly failures: readonly ChainFailure[];
  readonly length: number;
  readonly checkpoint?: Checkpoint;
  /** Leaf hash of the last link: what the next entry of this person will name. */
  readonly head?: Uint8Array;
};

/** Verifies a whole chain. Never throws. An empty chain passes unless entries are known. */
export function verifyChain(evidence: ChainEvidence): ChainVerification {
  const { links, expectedLength } = evidence;
  const opened = openWithKeys(evidence);
  const failures: ChainFailure[] = [];
  if (!opened?.ok) failures.push({ code: 'checkpoint-not-signed' });
  if (expectedLength !== undefined && !(links.length >= expectedLength)) {
    failures.push({ code: 'chain-shorter-than-known' });
  }

  let prev = firstPrev();
  let pseudonym = evidence.expectedPseudonym;
  let lastIndex = -1;
  for (const [position, link] of links.entries()) {
    const fail = (code: ChainFailureCode): void => void failures.push({ code, position });
    const leaf = tryDecodeLeaf(link.leafBytes);
    if (leaf === undefined) {
      // Without this leaf neither its own link nor the next one's can be judged; the chain is broken here.
      fail('leaf-malformed');
      break;
    }
    pseudonym ??= leaf.pseudonym;
    if (!equalBytes(leaf.pseudonym, pseudonym)) fail('pseudonym-differs');
    if (leaf.seq !== position + 1) fail('seq-out-of-order');
    if (!equalBytes(leaf.prev, prev)) fail('prev-differs');
    if (!(link.leafIndex > lastIndex)) fail('index-out-of-order');
    const hash = leafHash(link.leafBytes);
    if (opened?.ok && !isIncluded(link, hash, opened.checkpoint)) fail('leaf-not-in-tree');
    prev = hash;
    lastIndex = link.leafIndex;
  }
  return {
    verdict: failures.length === 0 ? 'passed' : 'failed',
    failures,
    length: links.length,
    ...(opened?.ok ? { checkpoint: opened.checkpoint } : {}),
    ...(links.length > 0 ? { head: prev } : {}),
  };
}

function isIncluded(link: ChainLink, hash: Uint8Array, { size, root }: Checkpoint): boolean {
  return verifyInclusion({ leafHash: hash, index: link.leafIndex, size, proof: link.inclusionProof, root })
    .ok;
}

function openWithKeys({ checkpointNote, verifierKeys }: ChainEvidence): OpenedCheckpoint | undefined {
  try {
    return openCheckpoint(checkpointNote, verifierKeys.map(parseVerifierKey));
  } catch {
    return undefined;
  }
}

function tryDecodeLeaf(bytes: Uint8Array): Leaf | undefined {
  try {
    return decodeLeaf(bytes);
  } catch {
    return undefined;
  }
}
