// What anybody can check of one place of the log without knowing what is behind it: the leaf has the hash that was printed, stands in the
// signed tree, and in the tree that an anchor names. Whether the chain holds that anchor is for the chain to say.
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint, OpenedCheckpoint } from './checkpoint.ts';
import { verifyInclusion } from './inclusion.ts';
import { decodeLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { equalBytes, isHash, leafHash } from './tree.ts';
import { parseVerifierKey } from './verifier-key.ts';

export const PLACE_STEPS = [
  'hash-as-stated',
  'leaf-well-formed',
  'leaf-in-tree',
  'checkpoint-signed',
  'tree-anchored',
] as const;
export type PlaceStepCode = (typeof PLACE_STEPS)[number];
export type PlaceStep = {
  readonly code: PlaceStepCode;
  readonly outcome: 'passed' | 'failed' | 'not-checked';
};

export type PlaceEvidence = {
  readonly leafBytes: Uint8Array;
  readonly leafIndex: number;
  /** As a code on paper gives it. */
  readonly statedHash: Uint8Array;
  readonly inclusionProof: readonly Uint8Array[];
  readonly checkpointNote: string;
  readonly verifierKeys: readonly string[];
  /** What an anchor says, the checkpoint of the same tree, and the leaf's proof in it. */
  readonly anchor?:
    | {
        readonly size: number;
        readonly root: Uint8Array;
        readonly inclusionProof: readonly Uint8Array[];
        readonly checkpointNote: string;
      }
    | undefined;
};

export type PlaceVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly steps: readonly PlaceStep[];
  readonly hash?: Uint8Array;
  readonly leaf?: Leaf;
  readonly checkpoint?: Checkpoint;
};

/** Never throws. An anchor that is not there yet is no failure; one that does not match is. */
export function verifyPlace(evidence: PlaceEvidence): PlaceVerification {
  const { leafBytes, leafIndex: index, statedHash, inclusionProof, checkpointNote, anchor } = evidence;
  const hash = attempt(() => leafHash(leafBytes));
  const leaf = attempt(() => decodeLeaf(leafBytes));
  const opened = open(checkpointNote, evidence.verifierKeys);
  const stands = (checkpoint: Checkpoint, proof: readonly Uint8Array[]): boolean =>
    hash !== undefined &&
    verifyInclusion({ leafHash: hash, index, size: checkpoint.size, proof, root: checkpoint.root }).ok;
  const holds: Record<PlaceStepCode, boolean | undefined> = {
    'hash-as-stated': hash !== undefined && isHash(statedHash) && equalBytes(hash, statedHash),
    'leaf-well-formed': leaf !== undefined,
    'leaf-in-tree': opened?.ok === true && stands(opened.checkpoint, inclusionProof),
    'checkpoint-signed': opened?.ok === true,
    'tree-anchored': undefined,
  };
  if (anchor) {
    const signed = open(anchor.checkpointNote, evidence.verifierKeys);
    holds['tree-anchored'] =
      signed?.ok === true &&
      signed.checkpoint.size === anchor.size &&
      equalBytes(signed.checkpoint.root, anchor.root) &&
      stands(signed.checkpoint, anchor.inclusionProof);
  }
  const steps = PLACE_STEPS.map((code): PlaceStep => {
    const held = holds[code];
    return { code, outcome: held === undefined ? 'not-checked' : held ? 'passed' : 'failed' };
  });
  return {
    verdict: steps.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed',
    steps,
    ...(hash ? { hash } : {}),
    ...(leaf ? { leaf } : {}),
    ...(opened?.ok === true ? { checkpoint: opened.checkpoint } : {}),
  };
}

function open(note: string, keys: readonly string[]): OpenedCheckpoint | undefined {
  return attempt(() => openCheckpoint(note, keys.map(parseVerifierKey)));
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
