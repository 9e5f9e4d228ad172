// What belongs to a visit or a report stands under it, where that is in sight; everything keeps its order. Pure.
import type { TimelineItem } from '../../api/timeline.ts';

export interface Shown {
  readonly item: TimelineItem;
  /** What was found, done and ordered in the visit; the results of the report. */
  readonly within: readonly TimelineItem[];
  /** The report that says this one result and nothing more: one entry for both. */
  readonly report?: TimelineItem;
}

/** A visit gathers what names it, a report outside of visits the results it names. What two reports name stands under the first. */
export function gathered(items: readonly TimelineItem[]): readonly Shown[] {
  const visits = new Set(items.flatMap(({ type, id }) => (type === 'Encounter' ? [id] : [])));
  const isInVisit = ({ type, visit }: TimelineItem): boolean =>
    type !== 'Encounter' && visit !== undefined && visits.has(visit);
  const inVisits = Map.groupBy(items.filter(isInVisit), ({ visit }) => visit);
  const outside = items.filter((item) => !isInVisit(item));
  const inReports = heldResults(outside);
  const taken = new Set([...inReports.values()].flat());
  return outside.flatMap((item): Shown[] => {
    if (taken.has(item)) return [];
    if (item.type === 'Encounter') return [{ item, within: inVisits.get(item.id) ?? [] }];
    const within = inReports.get(item) ?? [];
    const [only] = within;
    if (only !== undefined && within.length === 1 && saysNoMore(item, only))
      return [{ item: only, within: [], report: item }];
    return [{ item, within }];
  });
}

function heldResults(items: readonly TimelineItem[]): ReadonlyMap<TimelineItem, readonly TimelineItem[]> {
  const byName = new Map(items.map((item) => [`${item.type}/${item.id}`, item]));
  const holders = new Set(items.filter(({ holds }) => holds !== undefined));
  const taken = new Set<TimelineItem>();
  const found = new Map<TimelineItem, readonly TimelineItem[]>();
  for (const holder of holders) {
    const held = (holder.holds ?? []).flatMap((name) => {
      const one = byName.get(name);
      // A panel inside a report stays an entry of its own: what it holds would be out of sight otherwise.
      return one === undefined || holders.has(one) || taken.has(one) ? [] : [one];
    });
    for (const one of held) taken.add(one);
    if (held.length > 0) found.set(holder, held);
  }
  return found;
}

const saysNoMore = (report: TimelineItem, result: TimelineItem): boolean =>
  report.title !== undefined &&
  report.title === result.title &&
  report.value === undefined &&
  report.lines.length === 0 &&
  report.status === undefined &&
  report.sealed === result.sealed &&
  report.day === result.day;
