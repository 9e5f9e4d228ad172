// How much is kept in the log about this person, and the way to check it. Claims nothing that this device did not check.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { checkMemory } from '../../api/check-memory.ts';
import { recentEntriesQuery } from '../../api/entries.ts';
import { useSignedIn } from '../../api/session.ts';
import { dayKey, formatDate, formatNumber, formatTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { ProofChip } from '../../ui/proof-chip.tsx';
import { Section } from '../../ui/section.tsx';
import { startOfYesterday } from '../../api/look-kinds.ts';
import { useNow } from '../who-looked/use-now.ts';

export function Whole() {
  const { t } = useTranslation('home');
  const language = useLanguage();
  const { patient } = useSignedIn();
  const now = useNow();
  const today = dayKey(now.toISOString());
  const { data } = useQuery(recentEntriesQuery(startOfYesterday(now)));
  const checked = checkMemory(patient.id);
  const logged = data?.entries.find((entry) => entry.seq !== null);
  const count = logged?.seq ?? 0;
  const when = (at: string): string =>
    dayKey(at) === today
      ? t('whole.today', { time: formatTime(at) })
      : t('whole.onDay', { date: formatDate(at, language), time: formatTime(at) });
  return (
    <Section title={t(checked === undefined ? 'whole.kept' : 'whole.title')}>
      {checked === undefined ? null : (
        <p>
          {t('whole.checked', {
            writes: t('whole.entries', { count: checked.writes, all: formatNumber(checked.writes) }),
            looks: t('whole.looks', { count: checked.others, all: formatNumber(checked.others) }),
          })}{' '}
          {t('whole.checkedAt', { when: when(checked.at) })}
        </p>
      )}
      {checked !== undefined || count === 0 ? null : (
        <p>{t('whole.count', { count, all: formatNumber(count) })}</p>
      )}
      <div className="row-apart whole-foot">
        {logged === undefined ? (
          <ProofChip stage="pending" />
        ) : (
          <ProofChip
            href={`${paths.verify}/entry/${logged.entryId}`}
            stage="logged"
            when={when(logged.recordedAt)}
          />
        )}
        <LinkButton href={paths.verify} icon="tick">
          {t(checked === undefined ? 'whole.verify' : 'whole.verifyAgain')}
        </LinkButton>
      </div>
    </Section>
  );
}
