// What belongs to a visit stands under it, where the visit is in sight; everything keeps its order. Pure.
import type { TimelineItem } from '../../api/timeline.ts';

export interface Shown {
  readonly item: TimelineItem;
  /** What was found, done and ordered in the visit. */
  readonly within: readonly TimelineItem[];
}

export function byVisit(items: readonly TimelineItem[]): readonly Shown[] {
  const visits = new Set(items.flatMap(({ type, id }) => (type === 'Encounter' ? [id] : [])));
  const within = Map.groupBy(
    items.filter(({ type, visit }) => type !== 'Encounter' && visit !== undefined && visits.has(visit)),
    ({ visit }) => visit,
  );
  return items
    .filter(({ type, visit }) => type === 'Encounter' || visit === undefined || !visits.has(visit))
    .map((item) => ({ item, within: item.type === 'Encounter' ? (within.get(item.id) ?? []) : [] }));
}
