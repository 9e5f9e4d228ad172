// The proof of one entry, step by step: from what a person holds down to the signed checkpoint.
// Used alike by the browser, the stand-alone verifier and tests. It says codes only; words belong to the catalogues.
import { canonicalJson, isJsonObject, parseJson } from '../fhir/json.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint, CheckpointFailure, OpenedCheckpoint } from './checkpoint.ts';
import { commitmentOf, contentDigest } from './commitment.ts';
import { LedgerError } from './errors.ts';
import type { LedgerErrorCode } from './errors.ts';
import { verifyInclusion } from './inclusion.ts';
import type { ProofFailure } from './inclusion.ts';
import { decodeLeaf } from './leaf.ts';
import type { Leaf } from './leaf.ts';
import { equalBytes, leafHash } from './tree.ts';
import { SIGNATURE_TYPES, parseVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The steps, in the order in which they are reported. */
export const ENTRY_STEPS = [
  'content-matches-statement',
  'statement-matches-commitment',
  'leaf-well-formed',
  'leaf-names-commitment',
  'leaf-follows-previous',
  'checkpoint-signed',
  'leaf-in-tree',
  'checkpoint-witnessed',
] as const;

export type EntryStepCode = (typeof ENTRY_STEPS)[number];

export type StepOutcome = 'passed' | 'failed' | 'not-checked';

/** Why a step failed or was not checked. */
export type EntryStepReason =
  | LedgerErrorCode
  | ProofFailure
  | CheckpointFailure
  | 'statement-not-given'
  | 'statement-names-no-content'
  | 'content-not-given'
  | 'content-differs'
  | 'salt-not-given'
  | 'commitment-not-known'
  | 'commitment-differs'
  | 'place-not-given'
  | 'pseudonym-differs'
  | 'seq-differs'
  | 'prev-differs'
  | 'checkpoint-not-signed'
  | 'no-witness-trusted'
  | 'no-known-cosignature';

/** A step that passed has no reason; every other has one. */
export type EntryStep = {
  readonly code: EntryStepCode;
  readonly outcome: StepOutcome;
  readonly reason?: EntryStepReason;
};

/** Everything somebody has for one entry. What is left out leads to steps that are not checked. */
export type EntryEvidence = {
  readonly leafBytes: Uint8Array;
  readonly leafIndex: number;
  /** Canonical JSON text of the event, and its salt; both are gone once the entry has been erased. */
  readonly statement?: string;
  readonly salt?: Uint8Array;
  /** The commitment as the record keeps it, when it is at hand. */
  readonly commitment?: Uint8Array;
  /** Canonical JSON text of the resource version that the statement names. */
  readonly contentText?: string;
  readonly inclusionProof: readonly Uint8Array[];
  /** The signed checkpoint as text. */
  readonly checkpointNote: string;
  /** Trusted keys as `name+id+base64`: the log's, and those of witnesses. */
  readonly verifierKeys: readonly string[];
  /** What is known of the entry's place in the person's chain. */
  readonly expectedPseudonym?: Uint8Array;
  readonly expectedSeq?: number;
  readonly expectedPrev?: Uint8Array;
};

/**
 * failed: a step failed. incomplete: nothing failed, but the way from the content (or, if the event has none, the
 * statement) to the signed checkpoint was not walked to the end. passed: it was.
 */
export type Verdict = 'passed' | 'failed' | 'incomplete';

export type EntryVerification = {
  readonly verdict: Verdict;
  readonly steps: readonly EntryStep[];
  /** The decoded leaf, if it is well-formed. */
  readonly leaf?: Leaf;
  /** The checkpoint, if its signature holds. */
  readonly checkpoint?: Checkpoint;
  /** Names of the trusted witnesses that cosigned. */
  readonly witnesses: readonly string[];
};

type Finding = Omit<EntryStep, 'code'>;

const passed: Finding = { outcome: 'passed' };
const failed = (reason: EntryStepReason): Finding => ({ outcome: 'failed', reason });
const notChecked = (reason: EntryStepReason): Finding => ({ outcome: 'not-checked', reason });

/** Verifies all that the evidence allows. Never throws. */
export function verifyEntry(evidence: EntryEvidence): EntryVerification {
  const leaf = attempt('leaf-malformed', () => decodeLeaf(evidence.leafBytes));
  const keys = attempt('key-malformed', () => evidence.verifierKeys.map(parseVerifierKey));
  const opened = keys.ok ? openCheckpoint(evidence.checkpointNote, keys.value) : undefined;
  const computed = computeCommitment(evidence);

  const findings: Record<EntryStepCode, Finding> = {
    'content-matches-statement': checkContent(evidence),
    'statement-matches-commitment': checkStatement(evidence, computed),
    'leaf-well-formed': leaf.ok ? passed : failed(leaf.reason),
    'leaf-names-commitment': checkLeafCommitment(evidence, leaf, computed),
    'leaf-follows-previous': checkPlaceInChain(evidence, leaf),
    'checkpoint-signed': checkSignature(keys, opened),
    'leaf-in-tree': checkInclusion(evidence, opened),
    'checkpoint-witnessed': checkWitnesses(keys, opened),
  };
  return {
    verdict: verdictOf(findings),
    steps: ENTRY_STEPS.map((code) => ({ code, ...findings[code] })),
    ...(leaf.ok ? { leaf: leaf.value } : {}),
    ...(opened?.ok === true ? { checkpoint: opened.checkpoint } : {}),
    witnesses: opened?.ok === true ? opened.cosignedBy.map(({ key }) => key.name) : [],
  };
}

function verdictOf(findings: Record<EntryStepCode, Finding>): Verdict {
  if (Object.values(findings).some(({ outcome }) => outcome === 'failed')) return 'failed';
  const content = findings['content-matches-statement'];
  const way: EntryStepCode[] = [
    'statement-matches-commitment',
    'leaf-well-formed',
    'leaf-names-commitment',
    'checkpoint-signed',
    'leaf-in-tree',
  ];
  const walked =
    way.every((code) => findings[code].outcome === 'passed') &&
    (content.outcome === 'passed' || content.reason === 'statement-names-no-content');
  return walked ? 'passed' : 'incomplete';
}

function checkContent({ statement, contentText }: EntryEvidence): Finding {
  if (statement === undefined) return notChecked('statement-not-given');
  const named = attempt('statement-not-canonical', () => contentNamedBy(statement));
  if (!named.ok) return notChecked(named.reason);
  if (contentText === undefined) {
    return notChecked(named.value === undefined ? 'statement-names-no-content' : 'content-not-given');
  }
  if (named.value === undefined) return failed('statement-names-no-content');
  const digest = attempt('text-not-well-formed', () => contentDigest(contentText));
  if (!digest.ok) return failed(digest.reason);
  return digest.value === named.value ? passed : failed('content-differs');
}

/** The digest in the statement; a statement in any but its one canonical spelling could be read in two ways. */
function contentNamedBy(statement: string): string | undefined {
  const facts = parseJson(statement);
  const canonical = isJsonObject(facts) && canonicalJson(facts) === statement;
  const content = isJsonObject(facts) ? facts['content'] : undefined;
  if (!canonical || (content !== undefined && typeof content !== 'string')) {
    throw new LedgerError('statement-not-canonical', 'the statement is not canonical JSON of an event');
  }
  return content;
}

function computeCommitment({ statement, salt }: EntryEvidence): Attempt<Uint8Array | undefined> {
  return attempt('statement-not-canonical', () => {
    if (statement === undefined || salt === undefined) return undefined;
    contentNamedBy(statement);
    return commitmentOf(statement, salt);
  });
}

function checkStatement(evidence: EntryEvidence, computed: Attempt<Uint8Array | undefined>): Finding {
  if (evidence.statement === undefined) return notChecked('statement-not-given');
  if (evidence.salt === undefined) return notChecked('salt-not-given');
  if (!computed.ok) return failed(computed.reason);
  if (computed.value === undefined || evidence.commitment === undefined) return passed;
  return equalBytes(computed.value, evidence.commitment) ? passed : failed('commitment-differs');
}

function checkLeafCommitment(
  evidence: EntryEvidence,
  leaf: Attempt<Leaf>,
  computed: Attempt<Uint8Array | undefined>,
): Finding {
  const commitment = (computed.ok ? computed.value : undefined) ?? evidence.commitment;
  if (commitment === undefined) return notChecked('commitment-not-known');
  if (!leaf.ok) return notChecked('leaf-malformed');
  return equalBytes(leaf.value.commitment, commitment) ? passed : failed('commitment-differs');
}

function checkPlaceInChain(evidence: EntryEvidence, leaf: Attempt<Leaf>): Finding {
  const { expectedPseudonym, expectedSeq, expectedPrev } = evidence;
  if (expectedPseudonym === undefined && expectedSeq === undefined && expectedPrev === undefined) {
    return notChecked('place-not-given');
  }
  if (!leaf.ok) return notChecked('leaf-malformed');
  const { pseudonym, seq, prev } = leaf.value;
  if (expectedPseudonym !== undefined && !equalBytes(pseudonym, expectedPseudonym)) {
    return failed('pseudonym-differs');
  }
  if (expectedSeq !== undefined && seq !== expectedSeq) return failed('seq-differs');
  if (expectedPrev !== undefined && !equalBytes(prev, expectedPrev)) return failed('prev-differs');
  return passed;
}

function checkSignature(keys: Attempt<VerifierKey[]>, opened: OpenedCheckpoint | undefined): Finding {
  if (!keys.ok) return failed(keys.reason);
  if (opened === undefined) return notChecked('checkpoint-not-signed');
  return opened.ok ? passed : failed(opened.reason);
}

function checkInclusion(evidence: EntryEvidence, opened: OpenedCheckpoint | undefined): Finding {
  // A root that nobody signed proves nothing, whatever hangs below it.
  if (opened?.ok !== true) return notChecked('checkpoint-not-signed');
  const { size, root } = opened.checkpoint;
  const hash = attempt('leaf-malformed', () => leafHash(evidence.leafBytes));
  if (!hash.ok) return failed(hash.reason);
  const { leafIndex: index, inclusionProof: proof } = evidence;
  const result = verifyInclusion({ leafHash: hash.value, index, size, proof, root });
  return result.ok ? passed : failed(result.reason);
}

function checkWitnesses(keys: Attempt<VerifierKey[]>, opened: OpenedCheckpoint | undefined): Finding {
  const trusted = keys.ok && keys.value.some(({ type }) => type === SIGNATURE_TYPES.cosignatureV1);
  if (!trusted) return notChecked('no-witness-trusted');
  if (opened?.ok !== true) return notChecked('checkpoint-not-signed');
  return opened.cosignedBy.length > 0 ? passed : notChecked('no-known-cosignature');
}

type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: EntryStepReason };

/** Turns the exceptions of the readers into reasons: whatever evidence holds, it must not end the verification. */
function attempt<T>(reason: EntryStepReason, read: () => T): Attempt<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    return { ok: false, reason: error instanceof LedgerError ? error.code : reason };
  }
}
