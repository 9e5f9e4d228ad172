// The weeks behind: a line of seven days each, drawn and in words, and all of it as a table. Numbers, no praise.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DayOfDoses } from '../../../core/doses/plan.ts';
import { doseHistoryQuery } from '../../api/doses.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate, formatDayMonth } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, Section } from '../../ui/section.tsx';

const DAY_WIDTH = 20;
const HEIGHT = 32;

const sum = (days: readonly DayOfDoses[], what: 'planned' | 'taken' | 'skipped'): number =>
  days.reduce((total, day) => total + day[what], 0);

export function DoseWeeks() {
  const { t } = useTranslation(['doses', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(doseHistoryQuery);
  const [asTable, setAsTable] = useState(false);
  const days = data?.days ?? [];
  const some = days.filter(({ planned }) => planned > 0);
  const weeks = Array.from({ length: Math.ceil(days.length / 7) }, (_, i) => days.slice(i * 7, i * 7 + 7))
    .filter((week) => sum(week, 'planned') > 0)
    .toReversed();
  return (
    <Section
      action={
        some.length === 0 ? undefined : (
          <Button expanded={asTable} look="link" onPress={() => setAsTable(!asTable)}>
            {t(asTable ? 'weeks.asLines' : 'weeks.asTable')}
          </Button>
        )
      }
      note={t('weeks.note')}
      title={t('weeks.title')}
    >
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data !== undefined && some.length === 0 ? <p className="quiet">{t('weeks.none')}</p> : null}
      {asTable ? (
        <DayTable days={some} />
      ) : (
        <ul className="rows dose-weeks">
          {weeks.map((week) => (
            <Week days={week} key={week[0]?.day} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Week({ days }: { readonly days: readonly DayOfDoses[] }) {
  const { t } = useTranslation('doses');
  const language = useLanguage();
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const skipped = sum(days, 'skipped');
  const open = sum(days, 'planned') - sum(days, 'taken') - skipped;
  return (
    <li className="dose-week">
      <div>
        <p className="dose-week-when">
          {first === last ? '' : `${formatDayMonth(first, language)} – `}
          {formatDate(last, language)}
        </p>
        <p className="quiet">
          {t('weeks.line', { taken: sum(days, 'taken'), planned: sum(days, 'planned') })}
          {skipped === 0 ? '' : `, ${t('weeks.skipped', { count: skipped })}`}
          {open === 0 ? '' : `, ${t('weeks.open', { count: open })}`}
        </p>
      </div>
      <svg
        aria-hidden="true"
        className="dose-week-drawn"
        height={HEIGHT + 4}
        viewBox={`0 0 ${7 * DAY_WIDTH} ${HEIGHT + 4}`}
        width={7 * DAY_WIDTH}
      >
        <line className="dose-axis" x1={0} x2={7 * DAY_WIDTH} y1={HEIGHT + 1} y2={HEIGHT + 1} />
        {days.map(({ day, planned, taken, skipped: left }, i) => {
          if (planned === 0) return null;
          const [takenHigh, leftHigh] = [(taken / planned) * HEIGHT, (left / planned) * HEIGHT];
          const at = i * DAY_WIDTH + 4;
          return (
            <g key={day}>
              <rect className="dose-planned" height={HEIGHT} width={12} x={at} y={0.5} />
              <rect className="dose-done" height={takenHigh} width={12} x={at} y={HEIGHT - takenHigh} />
              <rect
                className="dose-left"
                height={leftHigh}
                width={12}
                x={at}
                y={HEIGHT - takenHigh - leftHigh}
              />
            </g>
          );
        })}
      </svg>
    </li>
  );
}

function DayTable({ days }: { readonly days: readonly DayOfDoses[] }) {
  const { t } = useTranslation('doses');
  const language = useLanguage();
  return (
    <div className="dose-table" role="region" aria-label={t('weeks.title')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('table.day')}</th>
            <th scope="col">{t('table.planned')}</th>
            <th scope="col">{t('table.taken')}</th>
            <th scope="col">{t('table.skipped')}</th>
            <th scope="col">{t('table.open')}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, planned, taken, skipped }) => (
            <tr key={day}>
              <th scope="row">{formatDate(day, language)}</th>
              <td>{planned}</td>
              <td>{taken}</td>
              <td>{skipped}</td>
              <td>{planned - taken - skipped}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
