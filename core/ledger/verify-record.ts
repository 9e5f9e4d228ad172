// A person's whole record against the log: every entry recomputed, every text compared, the chain without a gap, all under one signed root.
// Says codes and positions; words are made where they are shown.
import { commitmentOf, contentDigest } from './commitment.ts';
import type { ChainFailureCode, ChainLink } from './verify-chain.ts';
import { verifyChain } from './verify-chain.ts';
import type { Checkpoint } from './checkpoint.ts';
import { decodeLeaf } from './leaf.ts';
import { equalBytes } from './tree.ts';

/** One entry as the record gives it. `content` is the text of the version it wrote, null when that text is gone. */
export type RecordLink = ChainLink & {
  readonly entryId: string;
  readonly statement: string;
  readonly salt: Uint8Array;
  readonly content?: string | null;
};

export type RecordEvidence = {
  readonly links: readonly RecordLink[];
  readonly checkpointNote: string;
  readonly verifierKeys: readonly string[];
  readonly expectedPseudonym: Uint8Array;
  /** How many entries the reader knows of from before: without it a chain cut at its end looks whole. */
  readonly expectedLength?: number;
};

export type RecordFailureCode =
  ChainFailureCode | 'statement-unreadable' | 'statement-differs' | 'content-missing' | 'content-differs';

export type RecordFailure = {
  readonly code: RecordFailureCode;
  readonly position?: number;
  readonly entryId?: string;
};

export type RecordVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly failures: readonly RecordFailure[];
  /** How many entries wrote something, and how many were looks or acts. */
  readonly writes: number;
  readonly others: number;
  readonly checkpoint?: Checkpoint;
};

/** Verifies the whole record. Never throws. */
export function verifyRecord(evidence: RecordEvidence): RecordVerification {
  const { links } = evidence;
  const chain = verifyChain(evidence);
  const failures: RecordFailure[] = chain.failures.map((failure) => named(failure, links));
  let writes = 0;
  for (const [position, link] of links.entries()) {
    const finding = checkLink(link);
    if (finding.wrote) writes += 1;
    if (finding.failure) failures.push({ code: finding.failure, position, entryId: link.entryId });
  }
  return {
    verdict: failures.length === 0 ? 'passed' : 'failed',
    failures,
    writes,
    others: links.length - writes,
    ...(chain.checkpoint ? { checkpoint: chain.checkpoint } : {}),
  };
}

function named(
  failure: { code: ChainFailureCode; position?: number },
  links: readonly RecordLink[],
): RecordFailure {
  const entryId = failure.position === undefined ? undefined : links[failure.position]?.entryId;
  return entryId === undefined ? failure : { ...failure, entryId };
}

function checkLink(link: RecordLink): { wrote: boolean; failure?: RecordFailureCode } {
  const digest = readContentDigest(link.statement);
  if (digest === undefined) return { wrote: false, failure: 'statement-unreadable' };
  const wrote = digest !== null;
  if (!commits(link)) return { wrote, failure: 'statement-differs' };
  if (!wrote) return { wrote };
  if (link.content === undefined || link.content === null) return { wrote, failure: 'content-missing' };
  return hasDigest(link.content, digest) ? { wrote } : { wrote, failure: 'content-differs' };
}

/** The digest a statement names; null when it wrote nothing; undefined when it cannot be read. */
function readContentDigest(statement: string): string | null | undefined {
  try {
    const { content } = JSON.parse(statement) as { content?: unknown };
    return typeof content === 'string' ? content : content === undefined ? null : undefined;
  } catch {
    return undefined;
  }
}

function hasDigest(content: string, digest: string): boolean {
  try {
    return contentDigest(content) === digest;
  } catch {
    // Half a surrogate pair: no text that was ever stored.
    return false;
  }
}

function commits(link: RecordLink): boolean {
  try {
    return equalBytes(decodeLeaf(link.leafBytes).commitment, commitmentOf(link.statement, link.salt));
  } catch {
    return false;
  }
}
