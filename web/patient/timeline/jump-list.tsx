// Years to jump to: drawn counts beside the list on a wide screen, a picker on a narrow one.
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../i18n/format.ts';
import type { Year } from './stretches.ts';

/** A year that is drawn. */
export function jumpTo(year: string): void {
  const heading = document.getElementById(`year-${year}`);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

export interface JumpListProps {
  readonly years: readonly Year[];
  readonly counted: (count: number) => string;
  readonly onJump: (year: string) => void;
}

export function JumpList({ years, counted, onJump }: JumpListProps) {
  const { t } = useTranslation('timeline');
  const most = Math.max(...years.map(({ count }) => count));
  return (
    <nav aria-label={t('years')} className="timeline-jump">
      <h2 aria-hidden="true">{t('years')}</h2>
      <ul>
        {years.map(({ year, count }) => (
          <li key={year}>
            <button
              aria-label={t('years.of', { year, entries: counted(count) })}
              onClick={() => onJump(year)}
              type="button"
            >
              <span>{year}</span>
              <span aria-hidden="true" className="timeline-bar">
                <span style={{ inlineSize: `${(count / most) * 100}%` }} />
              </span>
              <span>{formatNumber(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="timeline-picker">
        <select
          aria-label={t('years')}
          onChange={(event) => {
            onJump(event.target.value);
            event.target.value = '';
          }}
          value=""
        >
          <option disabled value="">
            {t('years')}
          </option>
          {years.map(({ year, count }) => (
            <option key={year} value={year}>
              {t('years.of', { year, entries: counted(count) })}
            </option>
          ))}
        </select>
      </div>
    </nav>
  );
}
