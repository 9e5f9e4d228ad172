// What a responder left before the person arrived: first of all on the page of an opened record, with who says so.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { handoversQuery } from '../api/handovers.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band } from '../ui/band.tsx';

export function Handovers({ patientId }: { readonly patientId: string }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const { data = [] } = useQuery(handoversQuery(patientId));
  return (
    <>
      {data.map(({ id, leftAt, verified, lines }) => (
        <Band
          key={id}
          title={t('handover.title', { when: formatDateTime(leftAt, language) })}
          tone={verified ? 'info' : 'caution'}
        >
          {lines.map((line) => (
            <p key={line} style={{ whiteSpace: 'pre-line' }}>
              {line}
            </p>
          ))}
          <p className="quiet">{t(verified ? 'handover.verified' : 'handover.unverified')}</p>
        </Band>
      ))}
    </>
  );
}
