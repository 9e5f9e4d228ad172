// What the person says they took in the last two weeks, in one line a medicine: single doses are not shown, nor is what they did not tick.
import { useTranslation } from 'react-i18next';
import type { JsonObject } from '../../core/fhir/types.ts';
import { tickedLately } from '../../core/doses/two-weeks.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Rows, Section } from '../ui/section.tsx';
import { localDay } from './local-day.ts';

export function TickedDoses({ record }: { readonly record: readonly JsonObject[] }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const ticked = tickedLately(record, localDay());
  if (ticked.length === 0) return null;
  return (
    <Section note={t('ticked.note')} title={t('ticked.title')}>
      <Rows>
        {ticked.map(({ medicine, name, taken, skipped, first, last }) => (
          <li className="clinic-ticked" key={medicine}>
            <strong>{name}</strong>{' '}
            {t('ticked.line', {
              taken,
              skipped,
              from: formatDate(first.slice(0, 10), language),
              to: formatDate(last.slice(0, 10), language),
            })}
          </li>
        ))}
      </Rows>
    </Section>
  );
}
