// Somebody says that they are this person and lost every way in: seen here, and stopped with one press.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { recoveriesQuery, useStopOwnRecoveries } from '../../api/recovery.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';

export function OwnRecoveries() {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const language = useLanguage();
  const { data } = useQuery(recoveriesQuery);
  const stop = useStopOwnRecoveries();
  const own = data?.own ?? [];
  if (own.length === 0) return null;
  return (
    <Section title={t('recoveries.title')}>
      <div className="stack">
        <Band tone="danger">{t('recoveries.what')}</Band>
        {stop.isError ? <ErrorBand>{problemWords(stop.error)}</ErrorBand> : null}
      </div>
      <ul className="rows">
        {own.map(({ id, atDesk, begunAt, vouched, readyAt }) => (
          <li key={id}>
            <p className="session-agent">{t(atDesk ? 'recoveries.atDesk' : 'recoveries.byPage')}</p>
            <p className="quiet small">
              {t('recoveries.begun', { when: formatDateTime(begunAt, language) })}{' '}
              {readyAt === null
                ? t('recoveries.vouched', { count: vouched.length })
                : t('recoveries.ready', { when: formatDateTime(readyAt, language) })}
            </p>
          </li>
        ))}
      </ul>
      <div className="settings-end-all">
        <Button
          busy={stop.isPending && t('recoveries.stopping')}
          look="danger"
          onPress={() => stop.mutate(undefined, { onSuccess: () => announceDone(t('recoveries.stopped')) })}
        >
          {t('recoveries.stop')}
        </Button>
      </div>
    </Section>
  );
}
