// Who is on the way to this place, as responders said: when, the end of the card's number, who said so. Nothing of a record.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Rows, Section } from './section.tsx';

export interface ComingInProps {
  readonly coming: readonly {
    readonly id: string;
    readonly organization: string | null;
    readonly last4: string;
    readonly verified: boolean;
    readonly leftAt: string;
    readonly patient?: string;
  }[];
  /** What can be done about one. */
  readonly renderAct?: (patient: string, last4: string) => ReactNode;
}

export function ComingIn({ coming, renderAct }: ComingInProps) {
  const { t } = useTranslation('common');
  const language = useLanguage();
  if (coming.length === 0) return null;
  return (
    <Section note={t('coming.note')} title={t('coming.title')}>
      <Rows>
        {coming.map(({ id, organization, last4, verified, leftAt, patient }) => (
          <li className="coming" key={id}>
            <p>
              <strong>{t('coming.card', { last4 })}</strong>
            </p>
            <p className="quiet">
              {t('coming.left', { when: formatDateTime(leftAt, language), place: organization ?? '' })}{' '}
              {t(verified ? 'coming.verified' : 'coming.unverified')}
            </p>
            {patient === undefined || renderAct === undefined ? null : renderAct(patient, last4)}
          </li>
        ))}
      </Rows>
    </Section>
  );
}
