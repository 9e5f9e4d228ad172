// The anchors that a record file names, against what a node of the reader's choice says the contract holds; and in words what was not asked.
import { widestAnchor } from '../core/ledger/file-anchors.ts';
import type { FileAnchor, RecordFile } from '../core/ledger/record-file.ts';
import { equalBytes } from '../core/ledger/tree.ts';
import type { ChainAnchor } from './chain-anchors.ts';
import type { Check, Problem } from './report.ts';

/** What the contract that the reader trusts holds of this log. */
export interface AskedChain {
  readonly contract: string;
  readonly anchors: readonly ChainAnchor[];
}

/** `asked` is undefined when no node was asked. Anchors of another contract are left alone: an earlier chain may be gone. */
export function checkFileAnchors(
  recordName: string,
  file: RecordFile,
  asked: AskedChain | undefined,
  howToAsk: string,
): Check {
  const name = `Anchors of ${recordName}`;
  const total = file.entries.length;
  if (asked === undefined) {
    const widest = widestAnchor(file);
    const said = widest
      ? `the file says that ${widest.covers} of ${total} entries are anchored in ${placeOf(widest.anchor)}`
      : 'the file names none';
    return { name, outcome: 'not-checked', detail: `${said}; no node was asked${howToAsk}` };
  }
  const failed = (problems: readonly Problem[]): Check => ({
    name,
    outcome: 'failed',
    detail: `${problems.length} found`,
    problems,
    exit: 'anchors',
  });
  const here = file.anchors.filter(({ contract }) => contract === asked.contract.toLowerCase());
  const widest = widestAnchor({ ...file, anchors: here });
  if (!widest) return failed([{ code: asked.anchors.length === 0 ? 'no-anchor' : 'no-anchor-in-file' }]);
  const bySize = new Map(asked.anchors.map((one) => [one.size, one]));
  const problems = here.flatMap((anchor): Problem[] => {
    const found = bySize.get(anchor.size);
    if (found === undefined) return [{ code: 'anchor-not-on-chain', where: placeOf(anchor) }];
    const same =
      equalBytes(found.root, anchor.root) &&
      found.block === anchor.block &&
      found.transaction === anchor.transaction;
    return same ? [] : [{ code: 'anchor-differs', where: placeOf(anchor) }];
  });
  if (problems.length > 0) return failed(problems);
  return {
    name,
    outcome: 'passed',
    detail: `${widest.covers} of ${total} entries are anchored, at the latest in ${placeOf(widest.anchor)}`,
  };
}

export function placeOf({ chainId, block, blockTime, transaction }: FileAnchor): string {
  return `block ${block} of chain ${chainId} (${blockTime}), transaction ${transaction}`;
}
