// A whole log, read and recomputed: its signature, every entry and tile, every chain, and whether it extends what was seen before.
import { auditLog } from '../core/ledger/audit-log.ts';
import type { LogAudit, LogProblem } from '../core/ledger/audit-log.ts';
import { encodeBase64 } from '../core/ledger/base64.ts';
import type { Checkpoint } from '../core/ledger/checkpoint.ts';
import { openCheckpointOfChain } from '../core/ledger/key-chain.ts';
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { equalBytes } from '../core/ledger/tree.ts';
import type { LogSource } from './log-source.ts';
import type { Check, Problem } from './report.ts';
import { SourceError } from './source-error.ts';

/** A root that the log must contain: seen by this verifier, kept by somebody, cosigned, or on a chain. */
export interface KnownRoot {
  readonly size: number;
  readonly root: Uint8Array;
  /** Where it is known from, for the report. */
  readonly from: string;
}

export interface FollowedLog {
  readonly note: string;
  readonly checkpoint: Checkpoint;
  readonly audit: LogAudit;
}

/** The log's newest checkpoint, if the key whose turn it is signed it. Throws `SourceError` when there is none. */
export async function checkSignature(
  source: LogSource,
  tenures: readonly KeyTenure[],
): Promise<{ check: Check; note: string; checkpoint?: Checkpoint }> {
  const note = await source.readText('checkpoint');
  if (note === undefined) throw new SourceError(`${source.name} has no checkpoint`);
  const opened = openCheckpointOfChain(note, tenures);
  if (!opened.ok) {
    const check: Check = {
      name: 'Signature',
      outcome: 'failed',
      detail: 'the checkpoint does not count',
      problems: [{ code: opened.reason }],
      exit: 'signature',
    };
    return { check, note };
  }
  const { checkpoint, signedBy } = opened;
  const detail = `the log signed ${checkpoint.size} entries with key ${signedBy.key.keyId}`;
  return { check: { name: 'Signature', outcome: 'passed', detail }, note, checkpoint };
}

/** Recomputes everything under the checkpoint, and the roots over all `sizes` on the way. */
export async function checkTree(
  source: LogSource,
  checkpoint: Checkpoint,
  options: {
    sizes: readonly number[];
    hasOurLeaves: boolean;
    watched: readonly Uint8Array[];
    onProgress?: (leaves: number) => void;
  },
): Promise<{ checks: Check[]; audit: LogAudit }> {
  const audit = await auditLog({
    size: checkpoint.size,
    readBundle: source.readBundle,
    readTile: source.readTile,
    rootsAt: options.sizes,
    hasOurLeaves: options.hasOurLeaves,
    watched: options.watched,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  const isOfChains = ({ code }: LogProblem) => code.startsWith('chain-') || code === 'leaf-malformed';
  const ofTree: Problem[] = audit.problems.filter((one) => !isOfChains(one)).map(shown);
  const ofChains: Problem[] = audit.problems.filter(isOfChains).map(shown);
  if (audit.root !== undefined && !equalBytes(audit.root, checkpoint.root))
    ofTree.push({ code: 'root-differs', where: encodeBase64(audit.root) });
  const checks: Check[] = [
    verdict('Tree', ofTree, `${audit.leaves} entries and ${audit.tiles} tiles hash to the signed root`),
  ];
  if (options.hasOurLeaves)
    checks.push(verdict('Chains', ofChains, `${audit.chains} chains, none with a gap or a wrong link`));
  return { checks, audit };
}

/** Each known root must be the root over the log's first entries. */
export function checkHistory(
  name: string,
  known: readonly KnownRoot[],
  followed: FollowedLog,
  exit: 'history' | 'anchors',
): Check {
  const problems = known.flatMap(({ size, root, from }): Problem[] => {
    const { roots } = followed.audit;
    if (size > followed.checkpoint.size)
      return [
        {
          code: exit === 'anchors' ? 'anchor-beyond-log' : 'log-shorter-than-seen',
          where: `${from}: ${size} entries`,
        },
      ];
    const computed = roots.get(size);
    if (computed !== undefined && equalBytes(computed, root)) return [];
    return [
      { code: exit === 'anchors' ? 'anchor-differs' : 'history-differs', where: `${from}: ${size} entries` },
    ];
  });
  const detail = `${known.length} ${known.length === 1 ? 'root is' : 'roots are'} contained in this log`;
  return { ...verdict(name, problems, detail), ...(problems.length > 0 ? { exit } : {}) };
}

function verdict(name: string, problems: readonly Problem[], detail: string): Check {
  return problems.length === 0
    ? { name, outcome: 'passed', detail }
    : { name, outcome: 'failed', detail: `${problems.length} found`, problems, exit: 'tiles' };
}

function shown({ code, index, level }: LogProblem): Problem {
  if (level !== undefined) return { code, where: `tile ${level}/${index}` };
  return { code, where: code === 'bundle-unreadable' ? `entry bundle ${index}` : `leaf ${index}` };
}
