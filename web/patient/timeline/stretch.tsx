// One stretch of the timeline: fetched and drawn while it is near to what the reader sees, and as much empty room as it took when it is not.
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { proofStatesQuery, stretchQuery } from '../../api/timeline.ts';
import type { TimelineFilter, TimelineItem } from '../../api/timeline.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading } from '../../ui/section.tsx';
import type { Stretch } from './stretches.ts';
import { TimelineEntry } from './timeline-entry.tsx';
import { gathered } from './visits.ts';

/** About what an entry takes, until it has been drawn. */
const ENTRY_REM = 8;

export interface StretchViewProps {
  readonly stretch: Stretch;
  readonly filter: TimelineFilter;
  readonly own: boolean;
}

export function StretchView({ stretch, filter, own }: StretchViewProps) {
  const room = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();
  const isNear = useNear(room);
  useEffect(() => {
    const element = room.current;
    if (!isNear || element === null) return undefined;
    // What it takes is kept for the time when it is out of sight: the page must not jump.
    const watching = new ResizeObserver(() => {
      if (element.dataset['drawn'] === '') setHeight(element.offsetHeight);
    });
    watching.observe(element);
    return () => watching.disconnect();
  }, [isNear]);
  const empty = height === undefined ? `${stretch.count * ENTRY_REM}rem` : `${height}px`;
  return (
    <div ref={room} style={isNear ? undefined : { blockSize: empty }} data-drawn={isNear ? '' : undefined}>
      {isNear ? <Drawn empty={empty} filter={filter} own={own} stretch={stretch} /> : null}
    </div>
  );
}

function Drawn({ stretch, filter, own, empty }: StretchViewProps & { readonly empty: string }) {
  const { t } = useTranslation(['timeline', 'common']);
  const problemWords = useProblemWords();
  const { data, error, refetch } = useQuery(stretchQuery(filter, stretch.from, stretch.to));
  if (error !== null)
    return (
      <ErrorBand
        actions={<Button onPress={() => void refetch()}>{t('common:act.tryAgain')}</Button>}
        title={t('failed')}
      >
        {problemWords(error)}
      </ErrorBand>
    );
  if (data === undefined)
    return (
      <div style={{ minBlockSize: empty }}>
        <Loading>{t('loading')}</Loading>
      </div>
    );
  return <TimelineList items={data} own={own} />;
}

export function TimelineList({
  items,
  own,
}: {
  readonly items: readonly TimelineItem[];
  readonly own: boolean;
}) {
  const shown = gathered(items);
  const { data: states = {} } = useQuery({
    ...proofStatesQuery(shown.map(({ item }) => item.entryId)),
    enabled: shown.length > 0,
  });
  return (
    <ol className="timeline-list">
      {shown.map((one) => (
        <TimelineEntry key={`${one.item.type}/${one.item.id}`} own={own} shown={one} states={states} />
      ))}
    </ol>
  );
}

/** Within two screens of what is seen; until that is known, not. */
function useNear(of: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = of.current;
    if (element === null) return undefined;
    const watching = new IntersectionObserver(
      (seen) => {
        const last = seen.at(-1);
        if (last !== undefined) setNear(last.isIntersecting);
      },
      { rootMargin: '200% 0px' },
    );
    watching.observe(element);
    return () => watching.disconnect();
  }, [of]);
  return isNear;
}
