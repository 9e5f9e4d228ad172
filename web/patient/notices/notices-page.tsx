// What happened to the record and the card, newest first. A notice is read when the person says so or follows it.
import { useEffect, useRef } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { noticesQuery, unreadQuery, useMarkNoticesRead } from '../../api/notices.ts';
import type { Notice } from '../../api/notices.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { useNoticeWords } from './notice-words.ts';
import './notices.css';

export function NoticesPage() {
  const { t } = useTranslation(['looks', 'common']);
  const problemWords = useProblemWords();
  const list = useInfiniteQuery(noticesQuery);
  const mark = useMarkNoticesRead();
  useNewNotices(() => void list.refetch());
  const notices = list.data?.pages.flatMap((page) => page.notices) ?? [];
  const unread = notices.filter((notice) => notice.readAt === null);
  return (
    <div className="notices">
      <PageTitle
        action={
          unread.length === 0 ? undefined : (
            <Button
              busy={mark.isPending && t('notices.marking')}
              onPress={() => mark.mutate(unread.map((notice) => notice.id))}
            >
              {t('notices.markAll')}
            </Button>
          )
        }
        lead={t('notices.lead')}
      >
        {t('common:nav.notices')}
      </PageTitle>
      {list.isPending ? <Loading>{t('loading')}</Loading> : null}
      {list.isError ? (
        <ErrorBand
          actions={<Button onPress={() => void list.refetch()}>{t('common:act.tryAgain')}</Button>}
          title={t('notices.failed')}
        >
          {problemWords(list.error)}
        </ErrorBand>
      ) : null}
      {mark.isError ? <ErrorBand>{problemWords(mark.error)}</ErrorBand> : null}
      {list.isSuccess && notices.length === 0 ? <p className="quiet">{t('notices.empty')}</p> : null}
      <ul className="rows notice-list">
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} onRead={() => mark.mutate([notice.id])} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button busy={list.isFetchingNextPage && t('loading')} onPress={() => void list.fetchNextPage()} wide>
          {t('earlier')}
        </Button>
      ) : null}
    </div>
  );
}

/** The count in the shell is asked for again and again: when it grows, the list is too old. */
function useNewNotices(refetch: () => void): void {
  const { data: unread = 0 } = useQuery(unreadQuery);
  const seen = useRef(unread);
  useEffect(() => {
    if (unread > seen.current) refetch();
    seen.current = unread;
  }, [unread, refetch]);
}

function NoticeRow({ notice, onRead }: { readonly notice: Notice; readonly onRead: () => void }) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const { icon, title, detail, act } = useNoticeWords()(notice);
  const isNew = notice.readAt === null;
  return (
    <li className="notice" data-new={isNew ? '' : undefined}>
      <Icon name={icon} />
      <div className="notice-words">
        <h2>
          {isNew ? <span className="notice-new">{t('notices.new')}</span> : null} {title}
        </h2>
        {detail === undefined ? null : <p>{detail}</p>}
        <p className="quiet small">{formatDateTime(notice.at, language)}</p>
        <div className="notice-acts">
          {act === undefined ? null : (
            <a href={act.href} onClick={isNew ? onRead : undefined}>
              {act.words}
            </a>
          )}
          {notice.entry === null ? null : (
            <a href={`${paths.verify}/entry/${notice.entry}`}>{t('notices.proof')}</a>
          )}
          {isNew ? (
            <Button look="link" onPress={onRead}>
              {t('notices.mark')}
              <span className="visually-hidden">: {title}</span>
            </Button>
          ) : null}
        </div>
      </div>
    </li>
  );
}
