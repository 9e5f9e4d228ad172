// The day's list as rows: who, their state in words, and the way to what is next for them.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDayHeading } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { NextRow, Rows, Section } from '../ui/section.tsx';
import { mostToday, useToday } from './today.ts';

export function TodayList() {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const [now] = useState(() => new Date().toISOString());
  const rows = useToday();
  if (rows === undefined) return null;
  return (
    <Section
      action={<span className="quiet">{formatDayHeading(now, language)}</span>}
      title={t('today.title')}
    >
      {rows.length === 0 ? <p className="quiet">{t('today.none')}</p> : null}
      <Rows label={t('today.title')}>
        {rows.map((row) => (
          <NextRow
            detail={row.words}
            href={row.href}
            icon={row.tone === 'danger' ? 'octagon' : row.tone === 'caution' ? 'triangle' : 'person'}
            key={row.patient}
            kind={row.uhid}
            title={row.title}
          />
        ))}
      </Rows>
      {rows.length < mostToday ? null : <p className="quiet">{t('today.more', { count: mostToday })}</p>}
    </Section>
  );
}
