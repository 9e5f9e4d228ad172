// Whether enough of the witnesses that the reader trusts have seen the log. The policy is the reader's own, never the log's.
import { LedgerError } from '../core/ledger/errors.ts';
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { parsePolicy } from '../core/ledger/policy.ts';
import type { LogSource } from './log-source.ts';
import { readNamedFile } from './log-source.ts';
import { judgeWitnesses } from './judge-witnesses.ts';
import type { Check } from './report.ts';
import { SourceError } from './source-error.ts';

/** The newest checkpoint with the cosignatures that the log has gathered; its plain one when it offers no other. */
export async function readWitnessed(source: LogSource): Promise<string | undefined> {
  return (await source.readText('checkpoint/witnessed')) ?? (await source.readText('checkpoint'));
}

export async function checkWitnesses(
  policyFile: string | undefined,
  note: string | undefined,
  tenures: readonly KeyTenure[],
): Promise<Check> {
  if (policyFile === undefined)
    return {
      name: 'Witnesses',
      outcome: 'not-checked',
      detail: 'none are trusted (--policy): others could be shown another log',
    };
  const policy = readPolicy(policyFile, await readNamedFile(policyFile));
  return judgeWitnesses(policy, note, tenures);
}

function readPolicy(path: string, text: string): ReturnType<typeof parsePolicy> {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (error instanceof LedgerError) throw new SourceError(`${path} is no policy`);
    throw error;
  }
}
