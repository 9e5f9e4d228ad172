// Whether enough of the witnesses that the reader trusts have cosigned a checkpoint. The policy is the reader's own, never the log's.
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { keyForSize } from '../core/ledger/key-chain.ts';
import type { Policy } from '../core/ledger/policy.ts';
import { noQuorum } from '../core/ledger/policy.ts';
import { verifyCosignatures } from '../core/ledger/verify-cosignatures.ts';
import type { DetailWords } from './detail-words.ts';
import { englishDetails } from './detail-words.ts';
import type { Check, Problem } from './report.ts';

const name = 'Witnesses';

export function judgeWitnesses(
  policy: Policy,
  note: string | undefined,
  tenures: readonly KeyTenure[],
  words: DetailWords = englishDetails,
): Check {
  if (policy.quorum === noQuorum) return { name, outcome: 'not-checked', detail: words.noWitnessAsked };
  const failed = (problems: readonly Problem[]): Check => ({
    name,
    outcome: 'failed',
    detail: words.found(problems.length),
    problems,
    exit: 'witnesses',
  });
  if (note === undefined) return failed([{ code: 'not-witnessed' }]);
  const key = keyForSize(tenures, Number(note.split('\n')[1]));
  const result = verifyCosignatures(note, policy, key ? [key] : []);
  if (result.verdict === 'failed') return failed([{ code: result.reason }]);
  if (result.verdict === 'not-witnessed')
    return failed([{ code: 'not-witnessed', where: words.missing(result.missing) }]);
  return {
    name,
    outcome: 'passed',
    detail: words.seenBy(
      result.checkpoint.size,
      result.seenBy.map((one) => one.name),
    ),
  };
}
