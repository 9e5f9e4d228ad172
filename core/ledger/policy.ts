// Whom a reader believes (C2SP tlog-policy): log keys, witnesses, and how many of them must have seen a checkpoint.
// A policy is the reader's own: one that came from the log it judges proves nothing.
import { LedgerError } from './errors.ts';
import { formatVerifierKey, parseVerifierKey, SIGNATURE_TYPES } from './verifier-key.ts';
import type { SignatureType, VerifierKey } from './verifier-key.ts';

export type PolicyLog = { readonly key: VerifierKey; readonly url?: string };
export type PolicyWitness = { readonly name: string; readonly key: VerifierKey; readonly url?: string };
/** At least `threshold` of the members, which are witnesses or groups defined before. */
export type PolicyGroup = {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
};
export type Policy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or group, or `none`. */
  readonly quorum: string;
};

export const noQuorum = 'none';
const longestPolicyLength = 100_000;
const mostLines = 32;

/** Reads a policy file; throws `policy-malformed`. */
export function parsePolicy(text: string): Policy {
  // oxlint-disable-next-line no-control-regex -- all but tab and newline are refused
  if (text.length > longestPolicyLength || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw malformed();
  const logs: PolicyLog[] = [];
  const witnesses: PolicyWitness[] = [];
  const groups: PolicyGroup[] = [];
  let quorum: string | undefined;
  const defined = new Set<string>();
  const grouped = new Set<string>();
  const publicKeys = new Set<string>();
  const define = (name: string | undefined): string => {
    if (name === undefined || name === noQuorum || defined.has(name)) throw malformed();
    defined.add(name);
    return name;
  };
  const readKey = (vkey: string | undefined, type: SignatureType): VerifierKey => {
    const key = readVerifierKey(vkey ?? '');
    const label = `${type}/${key.publicKey.join()}`;
    if (key.type !== type || publicKeys.has(label)) throw malformed();
    publicKeys.add(label);
    return key;
  };
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
    if (keyword === undefined || keyword.startsWith('#')) continue;
    const [first, second, url] = words;
    if (keyword === 'log' && words.length <= 2) {
      logs.push({ key: readKey(first, SIGNATURE_TYPES.ed25519), ...(second ? { url: second } : {}) });
    } else if (keyword === 'witness' && words.length <= 3) {
      const name = define(first);
      witnesses.push({
        name,
        key: readKey(second, SIGNATURE_TYPES.cosignatureV1),
        ...(url ? { url } : {}),
      });
    } else if (keyword === 'group') {
      const members = words.slice(2);
      if (members.some((member) => !defined.has(member) || grouped.has(member))) throw malformed();
      if (new Set(members).size !== members.length) throw malformed();
      for (const member of members) grouped.add(member);
      groups.push({ name: define(first), threshold: readThreshold(second, members.length), members });
    } else if (keyword === 'quorum' && words.length === 1 && quorum === undefined) {
      if (first === undefined || (first !== noQuorum && !defined.has(first))) throw malformed();
      quorum = first;
    } else throw malformed();
  }
  const few = [logs, witnesses, groups].every(({ length }) => length <= mostLines);
  if (quorum === undefined || !few) throw malformed();
  return { logs, witnesses, groups, quorum };
}

/** `threshold` of `witnesses`, over these logs; none of none when there is no witness. */
export function policyOf(
  logs: readonly PolicyLog[],
  witnesses: readonly Omit<PolicyWitness, 'name'>[],
  threshold: number = majorityOf(witnesses.length),
): Policy {
  if (witnesses.length === 0) return { logs, witnesses: [], groups: [], quorum: noQuorum };
  if (!(threshold >= 1 && threshold <= witnesses.length)) throw malformed();
  const named = witnesses.map((witness, at) => ({ name: `w${at + 1}`, ...witness }));
  const group = { name: 'quorum-group', threshold, members: named.map(({ name }) => name) };
  return { logs, witnesses: named, groups: [group], quorum: group.name };
}

/** So many that two quorums always share a witness: two histories cannot both be cosigned by honest ones. */
export function majorityOf(count: number): number {
  return count === 0 ? 0 : Math.floor(count / 2) + 1;
}

/** The policy as a file. */
export function formatPolicy(policy: Policy): string {
  const { logs, witnesses, groups, quorum } = policy;
  const lines = [
    ...logs.map(({ key, url }) => ['log', formatVerifierKey(key), url]),
    ...witnesses.map(({ name, key, url }) => ['witness', name, formatVerifierKey(key), url]),
    ...groups.map(({ name, threshold, members }) => ['group', name, String(threshold), ...members]),
    ['quorum', quorum],
  ];
  return lines.map((words) => `${words.filter((word) => word !== undefined).join(' ')}\n`).join('');
}

/** Whether the witnesses of these names together make the quorum. */
export function isQuorum(policy: Policy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === noQuorum) return true;
  const holds = new Set(cosigned);
  // Groups name only what stands before them: one pass is enough.
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter((member) => holds.has(member)).length >= threshold) holds.add(name);
    else holds.delete(name);
  }
  return holds.has(policy.quorum);
}

function readThreshold(word: string | undefined, count: number): number {
  const threshold =
    word === 'any' ? 1 : word === 'all' ? count : /^[1-9][0-9]?$/.test(word ?? '') ? Number(word) : 0;
  if (threshold < 1 || threshold > count) throw malformed();
  return threshold;
}

function readVerifierKey(vkey: string): VerifierKey {
  try {
    return parseVerifierKey(vkey);
  } catch {
    throw malformed();
  }
}

function malformed(): LedgerError {
  return new LedgerError('policy-malformed', 'not a policy of logs and witnesses');
}
