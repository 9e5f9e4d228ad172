// Whether enough of the witnesses that the reader trusts have cosigned a checkpoint. The policy is the reader's own, never the log's.
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { keyForSize } from '../core/ledger/key-chain.ts';
import type { Policy } from '../core/ledger/policy.ts';
import { noQuorum } from '../core/ledger/policy.ts';
import { verifyCosignatures } from '../core/ledger/verify-cosignatures.ts';
import type { Check, Problem } from './report.ts';

const name = 'Witnesses';

export function judgeWitnesses(
  policy: Policy,
  note: string | undefined,
  tenures: readonly KeyTenure[],
): Check {
  if (policy.quorum === noQuorum) return { name, outcome: 'not-checked', detail: 'the policy asks for none' };
  const failed = (problems: readonly Problem[]): Check => ({
    name,
    outcome: 'failed',
    detail: `${problems.length} found`,
    problems,
    exit: 'witnesses',
  });
  if (note === undefined) return failed([{ code: 'not-witnessed' }]);
  const key = keyForSize(tenures, Number(note.split('\n')[1]));
  const result = verifyCosignatures(note, policy, key ? [key] : []);
  if (result.verdict === 'failed') return failed([{ code: result.reason }]);
  if (result.verdict === 'not-witnessed')
    return failed([{ code: 'not-witnessed', where: `missing ${result.missing.join(', ')}` }]);
  return {
    name,
    outcome: 'passed',
    detail: `${result.checkpoint.size} entries seen by ${result.seenBy.map((one) => one.name).join(', ')}`,
  };
}
