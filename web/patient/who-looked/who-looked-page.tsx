// Everybody who looked, and everything that was changed, by day. What can be done about a scan stands beside it.
import { useEffect, useRef, useState } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { entriesKey, entriesQuery } from '../../api/entries.ts';
import type { Entry, EntryKind } from '../../api/entries.ts';
import { noticesQuery, unreadQuery, useMarkNoticesRead } from '../../api/notices.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSignedIn } from '../../api/session.ts';
import { dayKey, formatDayHeading } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { CardActSheet } from '../card/card-act-sheet.tsx';
import { Filter } from './filter.tsx';
import { useEntryWords } from '../../api/entry-words.ts';
import type { EntryWords } from '../../api/entry-words.ts';
import { LookEntry } from './look-entry.tsx';
import { FoldedLooks } from './look-fold.tsx';
import { GlassBands } from './glass-bands.tsx';
import { foldLooks } from '../../api/look-folds.ts';
import { isOwn, isQuestionable, isScan } from '../../api/look-kinds.ts';
import { QuestionLook } from './question-look.tsx';
import { OwnLooks } from './own-looks.tsx';
import { useNow } from './use-now.ts';
import './who-looked.css';

export function WhoLookedPage() {
  const { t } = useTranslation(['looks', 'common']);
  const problemWords = useProblemWords();
  const [kind, setKind] = useState<EntryKind>('looks');
  const list = useInfiniteQuery(entriesQuery(kind));
  useNewestOnNotice();
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? [];
  useFirstOfOthers(list, entries, kind);
  return (
    <div className="who-looked">
      <PageTitle lead={t('lead')}>{t('common:nav.whoLooked')}</PageTitle>
      <GlassBands />
      <Filter onChange={setKind} value={kind} />
      {list.isPending ? <Loading>{t('loading')}</Loading> : null}
      {list.isError ? (
        <ErrorBand
          actions={<Button onPress={() => void list.refetch()}>{t('common:act.tryAgain')}</Button>}
          title={t('failed')}
        >
          {problemWords(list.error)}
        </ErrorBand>
      ) : null}
      <Days entries={entries} isPart={list.hasNextPage} kind={kind} />
      {list.isSuccess && entries.length === 0 ? <p className="quiet">{t(`empty.${kind}`)}</p> : null}
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage && t('loading')} onPress={() => void list.fetchNextPage()} wide>
          {t('earlier')}
        </Button>
      ) : null}
      <Section title={t('complete.title')}>
        <p>{t('complete.text')}</p>
        <div className="who-looked-verify">
          <LinkButton href={paths.verify} icon="tick" look="primary" wide>
            {t('complete.verify')}
          </LinkButton>
        </div>
      </Section>
    </div>
  );
}

/** So many pages are fetched unasked. */
const MOST_PAGES_UNASKED = 5;

/** Whoever looks at their own record often must not have to press for the first look of somebody else. */
function useFirstOfOthers(
  list: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetching' | 'fetchNextPage'>,
  entries: readonly Entry[],
  kind: EntryKind,
): void {
  const { account } = useSignedIn();
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const wanted =
    kind === 'looks' &&
    entries.length < MOST_PAGES_UNASKED * 100 &&
    entries.every((entry) => isOwn(entry, account.id));
  useEffect(() => {
    if (wanted && hasNextPage && !isFetching) void fetchNextPage();
  }, [wanted, hasNextPage, isFetching, fetchNextPage]);
}

/** A new notice means that something was done: the list is read again. */
function useNewestOnNotice(): void {
  const queries = useQueryClient();
  const { data: unread = 0 } = useQuery(unreadQuery);
  const seen = useRef(unread);
  useEffect(() => {
    if (unread > seen.current) void queries.invalidateQueries({ queryKey: entriesKey });
    seen.current = unread;
  }, [unread, queries]);
}

interface Day {
  readonly key: string;
  readonly at: string;
  readonly entries: readonly Entry[];
}

function byDay(entries: readonly Entry[]): readonly Day[] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = dayKey(entry.recordedAt);
    const day = days.get(key);
    if (day === undefined) days.set(key, [entry]);
    else day.push(entry);
  }
  return [...days].map(([key, list]) => ({ key, at: list[0]?.recordedAt ?? '', entries: list }));
}

interface DaysProps {
  readonly entries: readonly Entry[];
  readonly kind: EntryKind;
  /** There are earlier ones, perhaps of the last day here. */
  readonly isPart: boolean;
}

function Days({ entries, kind, isPart }: DaysProps) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const words = useEntryWords();
  const { account } = useSignedIn();
  const today = dayKey(useNow().toISOString());
  const days = byDay(entries);
  const lookOf = (entry: Entry) => (
    <LookEntry
      acts={
        isScan(entry) ? (
          <ScanActs entry={entry} words={words(entry)} />
        ) : isQuestionable(entry, account.id) ? (
          <QuestionLook entry={entry} words={words(entry)} />
        ) : undefined
      }
      entry={entry}
      key={entry.entryId}
      words={words(entry)}
    />
  );
  return days.map((day) => {
    // Only looks are told apart: changes and acts are nearly all one's own, and are what one searches for there.
    const own = kind === 'looks' ? day.entries.filter((entry) => isOwn(entry, account.id)) : [];
    const others = day.entries.filter((entry) => !own.includes(entry));
    const heading = formatDayHeading(day.at, language);
    const thisYear = day.key.slice(0, 4) === today.slice(0, 4);
    return (
      <section aria-labelledby={`day-${day.key}`} className="look-day" key={day.key}>
        <h2 id={`day-${day.key}`}>
          {day.key === today
            ? t('today', { day: heading.split(', ')[1] ?? heading })
            : thisYear
              ? heading
              : `${heading} ${day.key.slice(0, 4)}`}
        </h2>
        <ul className="rows">
          {(kind === 'looks' ? foldLooks(others) : others).map((one) =>
            'entries' in one ? (
              <FoldedLooks fold={one} key={one.entries.at(-1)?.entryId} words={words}>
                {lookOf}
              </FoldedLooks>
            ) : (
              lookOf(one)
            ),
          )}
          {own.length === 0 ? null : (
            <OwnLooks
              entries={own}
              isPart={isPart && day === days.at(-1)}
              isToday={day.key === today}
              words={words}
            />
          )}
        </ul>
      </section>
    );
  });
}

/** "That was me" answers the notice of this scan; the scan itself stays in the list. */
function ScanActs({ entry, words }: { readonly entry: Entry; readonly words: EntryWords }) {
  const { t } = useTranslation('looks');
  const [isLost, setLost] = useState(false);
  const { data } = useInfiniteQuery(noticesQuery);
  const mark = useMarkNoticesRead();
  const notice = data?.pages
    .flatMap((page) => page.notices)
    .find((each) => each.entry === entry.entryId && each.readAt === null);
  if (entry.basis === 'card-not-valid' || entry.basis === 'link-preview') return null;
  return (
    <>
      {notice === undefined ? null : (
        <Button
          look="link"
          onPress={() => mark.mutate([notice.id], { onSuccess: () => announceDone(t('wasMe.done')) })}
        >
          {t('wasMe')}
          <span className="visually-hidden">: {words.sawLine}</span>
        </Button>
      )}
      <Button look="link" onPress={() => setLost(true)}>
        {t('lostCard')}
      </Button>
      <CardActSheet act={isLost ? 'lost' : undefined} onClose={() => setLost(false)} />
    </>
  );
}
