// Whether enough of the witnesses that one trusts have seen a checkpoint: without them a log can show two people two histories.
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint, CheckpointFailure } from './checkpoint.ts';
import { isQuorum } from './policy.ts';
import type { Policy } from './policy.ts';
import type { VerifierKey } from './verifier-key.ts';

export type SeenBy = {
  /** The witness's name in the policy, and its own. */
  readonly name: string;
  readonly keyName: string;
  readonly timeSeconds: number;
};

/**
 * witnessed: signed by the log and by the quorum. not-witnessed: signed by the log, by too few witnesses. failed: not signed by
 * the log, or a signature in the name of a trusted key does not hold.
 */
export type CosignatureVerification =
  | {
      readonly verdict: 'witnessed' | 'not-witnessed';
      readonly checkpoint: Checkpoint;
      readonly seenBy: readonly SeenBy[];
      /** Names in the policy of those that have not cosigned. */
      readonly missing: readonly string[];
    }
  | { readonly verdict: 'failed'; readonly reason: CheckpointFailure };

/**
 * Verifies a checkpoint under a policy. Never throws. `logKeys` takes the place of the policy's logs, for instance the key that
 * rules the checkpoint's size in a chain of keys.
 */
export function verifyCosignatures(
  noteText: string,
  policy: Policy,
  logKeys: readonly VerifierKey[] = policy.logs.map(({ key }) => key),
): CosignatureVerification {
  const opened = openCheckpoint(noteText, [...logKeys, ...policy.witnesses.map(({ key }) => key)]);
  if (!opened.ok) return { verdict: 'failed', reason: opened.reason };
  const seenBy = policy.witnesses.flatMap(({ name, key }) => {
    const found = opened.cosignedBy.find((one) => one.key === key);
    return found?.timeSeconds === undefined
      ? []
      : [{ name, keyName: key.name, timeSeconds: found.timeSeconds }];
  });
  const names = new Set(seenBy.map(({ name }) => name));
  return {
    verdict: isQuorum(policy, names) ? 'witnessed' : 'not-witnessed',
    checkpoint: opened.checkpoint,
    seenBy,
    missing: policy.witnesses.map(({ name }) => name).filter((name) => !names.has(name)),
  };
}
