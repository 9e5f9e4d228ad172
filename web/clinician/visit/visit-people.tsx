// Beside the visit, where there is room: whoever else is here today.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDayHeading } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { useToday } from '../today.ts';
import { TasksBeside } from '../your-tasks.tsx';

export function VisitPeople({ current }: { readonly current: string }) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const [now] = useState(() => new Date().toISOString());
  const rows = useToday();
  return (
    <nav aria-label={t('today.title')} className="visit-people">
      <p className="visit-people-head">
        <a href={paths.clinic}>{t('today.title')}</a>
        <span className="quiet small">{formatDayHeading(now, language)}</span>
      </p>
      <ul className="visit-people-list">
        {(rows ?? []).map((row) => (
          <li key={row.patient}>
            <a aria-current={row.patient === current ? 'page' : undefined} href={row.href}>
              <strong>{row.title}</strong>
              <span data-tone={row.tone}>{row.words}</span>
            </a>
          </li>
        ))}
      </ul>
      <TasksBeside />
    </nav>
  );
}
