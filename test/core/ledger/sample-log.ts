// A small signed log with the chains of several people, for the tests of verification.
import { createHash } from 'node:crypto';
import { formatCheckpoint } from '../../../core/ledger/checkpoint.ts';
import { commitmentOf, contentDigest } from '../../../core/ledger/commitment.ts';
import { encodeLeaf, firstPrev } from '../../../core/ledger/leaf.ts';
import { signNote } from '../../../core/ledger/note.ts';
import { leafHash } from '../../../core/ledger/tree.ts';
import type { ChainLink } from '../../../core/ledger/verify-chain.ts';
import type { EntryEvidence } from '../../../core/ledger/verify-entry.ts';
import { NaiveTree } from './naive-tree.ts';
import { testKey } from './signing-keys.ts';

export const origin = 'log.example/sample';
export const logKey = testKey(origin, 21);

/** 16 bytes that stand for a person. */
export const pseudonymOf = (person: number): Uint8Array => new Uint8Array(16).fill(person + 1);

export type SampleEntry = {
  readonly person: number;
  readonly leafIndex: number;
  readonly leafBytes: Uint8Array;
  readonly statement: string;
  readonly salt: Uint8Array;
  readonly contentText?: string;
};

export class SampleLog {
  readonly entries: SampleEntry[] = [];
  readonly tree: NaiveTree;
  readonly checkpointNote: string;

  /** `people` says whose each entry is, in log order; every second entry of a person is a look without content. */
  constructor(people: readonly number[]) {
    const heads = new Map<number, { seq: number; hash: Uint8Array }>();
    for (const [leafIndex, person] of people.entries()) {
      const head = heads.get(person) ?? { seq: 0, hash: firstPrev() };
      const entry = sampleEntry(person, leafIndex, head.seq + 1, head.hash);
      heads.set(person, { seq: head.seq + 1, hash: leafHash(entry.leafBytes) });
      this.entries.push(entry);
    }
    this.tree = new NaiveTree(this.entries.map(({ leafBytes }) => leafBytes));
    this.checkpointNote = this.checkpointAt(people.length);
  }

  checkpointAt(size: number): string {
    const root = new Uint8Array(this.tree.root(size));
    return signNote(formatCheckpoint({ origin, size, root, extensions: [] }), [logKey.signer]);
  }

  evidence(leafIndex: number): EntryEvidence {
    const { leafBytes, statement, salt, contentText } = this.entries[leafIndex]!;
    return {
      leafBytes,
      leafIndex,
      statement,
      salt,
      ...(contentText === undefined ? {} : { contentText }),
      inclusionProof: this.tree.inclusion(leafIndex, this.entries.length),
      checkpointNote: this.checkpointNote,
      verifierKeys: [logKey.verifierKeyText],
    };
  }

  links(person: number): ChainLink[] {
    return this.entries
      .filter((entry) => entry.person === person)
      .map(({ leafBytes, leafIndex }) => ({
        leafBytes,
        leafIndex,
        inclusionProof: this.tree.inclusion(leafIndex, this.entries.length),
      }));
  }
}

function sampleEntry(person: number, leafIndex: number, seq: number, prev: Uint8Array): SampleEntry {
  const isWrite = seq % 2 === 1;
  const contentText = `{"id":"${leafIndex}","resourceType":"Observation"}`;
  const statement = isWrite
    ? `{"content":"${contentDigest(contentText)}","event":"create","v":1}`
    : `{"event":"read","v":1}`;
  const salt = new Uint8Array(createHash('sha256').update(`salt ${leafIndex}`).digest());
  const leafBytes = encodeLeaf({
    kind: isWrite ? 'write' : 'look',
    timeSeconds: 1_763_640_000 + leafIndex,
    pseudonym: pseudonymOf(person),
    seq,
    prev,
    commitment: commitmentOf(statement, salt),
  });
  return { person, leafIndex, leafBytes, statement, salt, ...(isWrite ? { contentText } : {}) };
}
