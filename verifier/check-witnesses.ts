// Whether enough of the witnesses that the reader trusts have seen the log. The policy is the reader's own, never the log's.
import { LedgerError } from '../core/ledger/errors.ts';
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { keyForSize } from '../core/ledger/key-chain.ts';
import { noQuorum, parsePolicy } from '../core/ledger/policy.ts';
import { verifyCosignatures } from '../core/ledger/verify-cosignatures.ts';
import type { LogSource } from './log-source.ts';
import { SourceError, readNamedFile } from './log-source.ts';
import type { Check, Problem } from './report.ts';

/** The newest checkpoint with the cosignatures that the log has gathered; its plain one when it offers no other. */
export async function readWitnessed(source: LogSource): Promise<string | undefined> {
  return (await source.readText('checkpoint/witnessed')) ?? (await source.readText('checkpoint'));
}

export async function checkWitnesses(
  policyFile: string | undefined,
  note: string | undefined,
  tenures: readonly KeyTenure[],
): Promise<Check> {
  const name = 'Witnesses';
  if (policyFile === undefined)
    return {
      name,
      outcome: 'not-checked',
      detail: 'none are trusted (--policy): others could be shown another log',
    };
  const policy = readPolicy(policyFile, await readNamedFile(policyFile));
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

function readPolicy(path: string, text: string): ReturnType<typeof parsePolicy> {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (error instanceof LedgerError) throw new SourceError(`${path} is no policy`);
    throw error;
  }
}
