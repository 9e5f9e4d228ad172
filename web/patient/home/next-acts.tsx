// What a person may want to do next. Only what is real: unread notices, gaps in the record, looks of others.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { OwnCard } from '../../api/card.ts';
import { recentEntriesQuery } from '../../api/entries.ts';
import { unreadQuery } from '../../api/notices.ts';
import { useSignedIn } from '../../api/session.ts';
import { dayKey, formatTime } from '../../i18n/format.ts';
import { paths, recordPaths } from '../../paths.ts';
import { NextRow, Section } from '../../ui/section.tsx';
import type { SectionId } from '../../../core/record/facts.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { isLookOfOther, startOfYesterday } from '../../api/look-kinds.ts';
import { useEntryWords } from '../../api/entry-words.ts';
import { useNow } from '../who-looked/use-now.ts';
import { missingSections } from './missing-sections.ts';

export function NextActs({ card }: { readonly card: OwnCard | undefined }) {
  const { t } = useTranslation(['home', 'patient-record']);
  const { data: unread = 0 } = useQuery(unreadQuery);
  const { facts } = useRecordFacts();
  const missing = missingSections(facts);
  const nothingYet = missing.length >= 5;
  const name = (section: SectionId): string => t(`patient-record:section.${section}`);
  const rest = missing.length - 2;
  return (
    <Section title={undefined}>
      <h2 className="visually-hidden">{t('next.title')}</h2>
      <ul className="rows">
        {missing.length === 0 ? null : (
          <NextRow
            detail={nothingYet ? t('next.fillInDetail') : undefined}
            href={missing.length === 1 ? recordPaths.section(missing[0] as SectionId) : paths.begin}
            icon="pencil"
            kind={t('next.fillIn')}
            title={
              nothingYet
                ? t('next.begin')
                : missing.length === 1
                  ? name(missing[0] as SectionId)
                  : rest > 0
                    ? t('next.andMore', { what: missing.slice(0, 2).map(name).join(', '), count: rest })
                    : t('next.both', {
                        one: name(missing[0] as SectionId),
                        other: name(missing[1] as SectionId),
                      })
            }
          />
        )}
        {unread === 0 ? null : (
          <NextRow
            href={paths.notices}
            icon="bell"
            kind={t('next.notices')}
            title={t('next.unread', { count: unread })}
          />
        )}
        {card?.face != null && card.hasAccessCode && card.codeTriesLeft === 0 ? (
          <NextRow
            detail={t('next.codeLockedDetail')}
            href={`${paths.card}#code`}
            icon="lock"
            kind={t('next.code')}
            title={t('next.codeLocked')}
          />
        ) : null}
        <LooksRow />
      </ul>
    </Section>
  );
}

function LooksRow() {
  const { t } = useTranslation('home');
  const { account } = useSignedIn();
  const words = useEntryWords();
  const now = useNow();
  const since = startOfYesterday(now);
  const { data, isError } = useQuery(recentEntriesQuery(since));
  const looks = data?.entries.filter((entry) => isLookOfOther(entry, account.id, since)) ?? [];
  const [newest] = looks;
  if (data === undefined) {
    return (
      <NextRow
        href={paths.whoLooked}
        icon="eye"
        kind={t('looks.since')}
        title={t(isError ? 'looks.see' : 'looks.loading')}
      />
    );
  }
  if (newest === undefined) {
    // The newest entries may not reach back to yesterday when somebody was very busy.
    const reachesBack = data.next === undefined || (data.entries.at(-1)?.recordedAt ?? '') < since;
    return (
      <NextRow
        href={paths.whoLooked}
        icon="eye"
        kind={t('looks.since')}
        title={t(reachesBack ? 'looks.nobody' : 'looks.see')}
      />
    );
  }
  const { who, saw } = words(newest);
  return (
    <NextRow
      detail={t(
        dayKey(newest.recordedAt) === dayKey(now.toISOString())
          ? 'looks.newestToday'
          : 'looks.newestYesterday',
        {
          saw,
          time: formatTime(newest.recordedAt),
        },
      )}
      href={paths.whoLooked}
      icon="eye"
      kind={t('looks.since')}
      title={looks.length === 1 ? t('looks.one', { who }) : t('looks.several', { count: looks.length, who })}
    />
  );
}
