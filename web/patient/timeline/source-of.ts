// Who says an entry of the timeline, as a fact's source.
import type { TimelineItem } from '../../api/timeline.ts';
import type { Author, FactSource } from '../../ui/source.ts';

const AUTHORS: readonly Author[] = ['patient', 'guardian', 'professional', 'organization', 'import'];

/** Who says it: the author that the server set, by the name that the resource gives. */
export function sourceOf(item: TimelineItem, own: boolean): FactSource {
  const author = AUTHORS.find((each) => each === item.by) ?? 'import';
  const said = author === 'patient' || author === 'guardian';
  return {
    author,
    on: item.date ?? item.day,
    ...(said || item.who === undefined ? {} : { who: item.who }),
    ...(author === 'patient' && own ? { mine: true } : {}),
  };
}
