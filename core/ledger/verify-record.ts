// A person's whole record against the log: every entry recomputed, every text compared, the chain without a gap, all under one signed root.
// Says codes and positions; words are made where they are shown.
import type { Checkpoint } from './checkpoint.ts';
import { commitmentOf, contentDigest } from './commitment.ts';
import { erasedDigest, readErasureClaim } from './erased-leaves.ts';
import { decodeLeaf } from './leaf.ts';
import { equalBytes, leafHash } from './tree.ts';
import type { ChainFailureCode, ChainLink } from './verify-chain.ts';
import { verifyChain } from './verify-chain.ts';

/** One entry as the record gives it. `content` is the text of the version it wrote, null when that text is gone. */
export type RecordLink = ChainLink & {
  readonly entryId: string;
  /** Statement and salt are absent exactly when the entry was erased. */
  readonly statement?: string;
  readonly salt?: Uint8Array;
  readonly content?: string | null;
  /** The entry of the erasure that emptied this one. */
  readonly erasedBy?: string;
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
  | ChainFailureCode
  | 'statement-unreadable'
  | 'statement-differs'
  | 'content-missing'
  | 'content-differs'
  | 'erasure-not-shown';

export type RecordFailure = {
  readonly code: RecordFailureCode;
  readonly position?: number;
  readonly entryId?: string;
};

export type RecordVerification = {
  readonly verdict: 'passed' | 'failed';
  readonly failures: readonly RecordFailure[];
  /** How many entries wrote something, how many were looks or acts, and how many were erased. */
  readonly writes: number;
  readonly others: number;
  readonly erased: number;
  readonly checkpoint?: Checkpoint;
};

/** Verifies the whole record. Never throws. */
export function verifyRecord(evidence: RecordEvidence): RecordVerification {
  const { links } = evidence;
  const chain = verifyChain(evidence);
  const failures: RecordFailure[] = chain.failures.map((failure) => named(failure, links));
  let writes = 0;
  let erased = 0;
  for (const [position, link] of links.entries()) {
    if (isErased(link)) erased += 1;
    const finding = checkLink(link);
    if (finding.wrote) writes += 1;
    if (finding.failure) failures.push({ code: finding.failure, position, entryId: link.entryId });
  }
  failures.push(...checkErasures(links));
  return {
    verdict: failures.length === 0 ? 'passed' : 'failed',
    failures,
    writes,
    others: links.length - writes - erased,
    erased,
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
  const { statement, salt } = link;
  // Whether an erasure really names it is judged over all links together.
  if (isErased(link)) return { wrote: false };
  if (statement === undefined || salt === undefined) return { wrote: false, failure: 'statement-unreadable' };
  const digest = readContentDigest(statement);
  if (digest === undefined) return { wrote: false, failure: 'statement-unreadable' };
  const wrote = digest !== null;
  if (!commits(link.leafBytes, statement, salt)) return { wrote, failure: 'statement-differs' };
  if (!wrote) return { wrote };
  if (link.content === undefined || link.content === null) return { wrote, failure: 'content-missing' };
  return hasDigest(link.content, digest) ? { wrote } : { wrote, failure: 'content-differs' };
}

function isErased({ erasedBy, statement, salt }: RecordLink): boolean {
  return erasedBy !== undefined && statement === undefined && salt === undefined;
}

/** Each erased entry must be among those that the erasure it names has counted and hashed. */
function checkErasures(links: readonly RecordLink[]): RecordFailure[] {
  const positions = new Map<string, number[]>();
  for (const [position, { erasedBy }] of links.entries())
    if (erasedBy !== undefined) positions.set(erasedBy, [...(positions.get(erasedBy) ?? []), position]);
  const failures: RecordFailure[] = [];
  for (const [entryId, erased] of positions) {
    const erasure = links.find((link) => link.entryId === entryId);
    const claim = erasure?.statement === undefined ? undefined : readErasureClaim(erasure.statement);
    const digest = erasedDigest(erased.map((position) => leafHash(links[position]!.leafBytes)));
    if (claim?.count === erased.length && claim.digest === digest) continue;
    for (const position of erased)
      failures.push({ code: 'erasure-not-shown', position, entryId: links[position]!.entryId });
  }
  return failures;
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

function commits(leafBytes: Uint8Array, statement: string, salt: Uint8Array): boolean {
  try {
    return equalBytes(decodeLeaf(leafBytes).commitment, commitmentOf(statement, salt));
  } catch {
    return false;
  }
}
