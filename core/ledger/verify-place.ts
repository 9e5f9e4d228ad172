// What anybody can check of one place of the log without knowing what is behind it: the leaf has the hash that was printed, stands in the
// signed tree, and in the tree that an anchor names. Whether the chain holds that anchor is for the chain to say.
import type { Checkpoint } from './checkpoint.ts';
import { verifyInclusion } from './inclusion.ts';
import type { ChainedCheckpoint } from './key-chain.ts';
import { followKeyChain, openCheckpointOfChain } from './key-chain.ts';
import { decodeLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { equalBytes, isHash, leafHash } from './tree.ts';
import { parseVerifierKey } from './verifier-key.ts';

export const PLACE_STEPS = [
  'hash-as-stated',
  'leaf-well-formed',
  'leaf-in-tree',
  'checkpoint-signed',
  'tree-witnessed',
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
  /** The log's key that one trusts. */
  readonly logKey: string;
  /** Notes with which older keys vouched for newer ones, oldest first: what was signed long ago still counts. */
  readonly keyChanges?: readonly string[];
  /** The newest checkpoint that enough witnesses cosigned, the leaf's proof in it, and the witnesses' keys. */
  readonly witnessed?:
    | {
        readonly checkpointNote: string;
        readonly inclusionProof: readonly Uint8Array[];
        readonly witnessKeys: readonly string[];
      }
    | undefined;
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
  /** Whose cosignatures over a tree with this leaf hold, and when each signed. */
  readonly witnesses: readonly { readonly name: string; readonly timeSeconds: number }[];
};

/** Never throws. An anchor that is not there yet is no failure; one that does not match is. */
export function verifyPlace(evidence: PlaceEvidence): PlaceVerification {
  const { leafBytes, leafIndex: index, statedHash, inclusionProof, witnessed, anchor } = evidence;
  const hash = attempt(() => leafHash(leafBytes));
  const leaf = attempt(() => decodeLeaf(leafBytes));
  const chain = followKeyChain(evidence.logKey, evidence.keyChanges ?? []);
  const open = (note: string, witnessKeys: readonly string[] = []): ChainedCheckpoint | undefined =>
    chain.ok
      ? attempt(() => openCheckpointOfChain(note, chain.tenures, witnessKeys.map(parseVerifierKey)))
      : undefined;
  const opened = open(evidence.checkpointNote);
  const stands = (checkpoint: Checkpoint, proof: readonly Uint8Array[]): boolean =>
    hash !== undefined &&
    verifyInclusion({ leafHash: hash, index, size: checkpoint.size, proof, root: checkpoint.root }).ok;
  const holds: Record<PlaceStepCode, boolean | undefined> = {
    'hash-as-stated': hash !== undefined && isHash(statedHash) && equalBytes(hash, statedHash),
    'leaf-well-formed': leaf !== undefined,
    'leaf-in-tree': opened?.ok === true && stands(opened.checkpoint, inclusionProof),
    'checkpoint-signed': opened?.ok === true,
    'tree-witnessed': undefined,
    'tree-anchored': undefined,
  };
  let witnesses: { name: string; timeSeconds: number }[] = [];
  if (witnessed) {
    const cosigned = open(witnessed.checkpointNote, witnessed.witnessKeys);
    if (cosigned?.ok === true && stands(cosigned.checkpoint, witnessed.inclusionProof))
      witnesses = cosigned.cosignedBy.flatMap(({ key, timeSeconds }) =>
        timeSeconds === undefined ? [] : [{ name: key.name, timeSeconds }],
      );
    holds['tree-witnessed'] = witnesses.length > 0;
  }
  if (anchor) {
    const signed = open(anchor.checkpointNote);
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
    witnesses,
  };
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
