// The anchors that a record file names: each root must be one that the file's own checkpoint extends, and how many of its entries it
// covers. Whether the chain has them is for whoever can ask a node.
import type { Checkpoint } from './checkpoint.ts';
import { verifyConsistency } from './consistency.ts';
import type { FileAnchor, RecordFile } from './record-file.ts';

export type CoveringAnchor = {
  readonly anchor: FileAnchor;
  /** How many of the file's entries lie under it. */
  readonly covers: number;
};

/** Anchors whose root is not one of this log's: they prove nothing, and say that the file was meddled with. */
export function strangeAnchors(file: RecordFile, checkpoint: Checkpoint): readonly FileAnchor[] {
  return file.anchors.filter(
    ({ size, root, proof }) =>
      size === 0 ||
      !verifyConsistency({
        oldSize: size,
        newSize: checkpoint.size,
        oldRoot: root,
        newRoot: checkpoint.root,
        proof,
      }).ok,
  );
}

/** The anchor over the most of the file's entries; undefined when it names none. */
export function widestAnchor({ anchors, entries }: RecordFile): CoveringAnchor | undefined {
  const anchor = anchors.reduce<FileAnchor | undefined>(
    (widest, one) => (widest === undefined || one.size > widest.size ? one : widest),
    undefined,
  );
  if (!anchor) return undefined;
  return { anchor, covers: entries.filter(({ leafIndex }) => leafIndex < anchor.size).length };
}
