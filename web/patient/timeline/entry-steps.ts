// Versions of any entry as steps: what a reader sees of each, and how it differs from the one before. Pure; the words come from the caller.
import type { TimelineEntry } from '../../../core/timeline/timeline-entry.ts';

export const PARTS = [
  'title',
  'value',
  'flag',
  'range',
  'date',
  'until',
  'status',
  'who',
  'place',
  'lines',
] as const;
export type Part = (typeof PARTS)[number];

export interface PartChange {
  readonly part: Part;
  readonly was: string | undefined;
  readonly now: string | undefined;
}

/** What of it is read, part by part. */
export function partsOf(entry: TimelineEntry | undefined): ReadonlyMap<Part, string> {
  const parts = new Map<Part, string>();
  if (entry === undefined) return parts;
  for (const part of PARTS) {
    const said = part === 'lines' ? entry.lines.join(' · ') : entry[part];
    if (said !== undefined && said !== '') parts.set(part, said);
  }
  return parts;
}

export function changesBetween(
  was: ReadonlyMap<Part, string>,
  now: ReadonlyMap<Part, string>,
): readonly PartChange[] {
  return PARTS.flatMap((part) =>
    was.get(part) === now.get(part) ? [] : [{ part, was: was.get(part), now: now.get(part) }],
  );
}
