// The anchors that a record file names, against what a node of the reader's choice says the contract holds; and in words what was not asked.
import { widestAnchor } from '../core/ledger/file-anchors.ts';
import type { FileAnchor, RecordFile } from '../core/ledger/record-file.ts';
import { equalBytes } from '../core/ledger/tree.ts';
import type { ChainAnchor } from './chain-anchors.ts';
import type { DetailWords } from './detail-words.ts';
import { englishDetails } from './detail-words.ts';
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
  words: DetailWords = englishDetails,
): Check {
  const placeOf = (anchor: FileAnchor): string => words.block({ ...anchor, time: anchor.blockTime });
  const name = `Anchors of ${recordName}`;
  const total = file.entries.length;
  if (asked === undefined) {
    const widest = widestAnchor(file);
    const said = widest
      ? words.anchorsNamed(widest.covers, total, placeOf(widest.anchor))
      : words.anchorsUnnamed;
    return { name, outcome: 'not-checked', detail: `${said}; ${words.nodeNotAsked}${howToAsk}` };
  }
  const failed = (problems: readonly Problem[]): Check => ({
    name,
    outcome: 'failed',
    detail: words.found(problems.length),
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
    detail: words.anchored(widest.covers, total, placeOf(widest.anchor)),
  };
}
