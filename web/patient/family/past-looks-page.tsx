// What guardians saw and did, for the person whose record it is: also after their access has ended.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { guardianEntriesQuery } from '../../api/entries.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { useEntryWords } from '../../api/entry-words.ts';
import { LookEntry } from '../who-looked/look-entry.tsx';
import '../who-looked/who-looked.css';

export function PastLooksPage() {
  const { t } = useTranslation(['family', 'common']);
  const problemWords = useProblemWords();
  const language = useLanguage();
  const words = useEntryWords();
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(guardianEntriesQuery);
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const days = Map.groupBy(entries, ({ recordedAt }) => formatDate(recordedAt, language));
  return (
    <>
      <PageTitle lead={t('past.lead')}>{t('past.title')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {isPending ? <Loading>{t('common:loading')}</Loading> : null}
      {!isPending && error === null && entries.length === 0 ? <p>{t('past.none')}</p> : null}
      {[...days].map(([date, those]) => (
        <section key={date}>
          <h2>{date}</h2>
          <ul className="rows">
            {those.map((entry) => (
              <LookEntry entry={entry} key={entry.entryId} words={words(entry)} />
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage ? (
        <Button busy={isFetchingNextPage && t('common:loading')} onPress={() => void fetchNextPage()}>
          {t('past.more')}
        </Button>
      ) : null}
    </>
  );
}
