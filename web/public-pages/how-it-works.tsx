// What the card, the record and the log do and do not do, in plain words.
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { LinkButton } from '../ui/button.tsx';
import { PageTitle, Section } from '../ui/section.tsx';
import { OpenFrame } from './open-frame.tsx';

export function HowItWorksPage() {
  const { t } = useTranslation('public-pages');
  return (
    <OpenFrame>
      <PageTitle lead={t('how.lead')}>{t('how.title')}</PageTitle>
      <Section title={t('how.card')}>
        <div className="prose">
          <p>{t('how.card1')}</p>
          <p>{t('how.card2')}</p>
          <p>{t('how.card3')}</p>
        </div>
      </Section>
      <Section title={t('how.read')}>
        <div className="prose">
          <p>{t('how.read1')}</p>
          <p>{t('how.read2')}</p>
          <p>{t('how.read3')}</p>
        </div>
      </Section>
      <Section id="proof" title={t('how.prove')}>
        <div className="prose">
          <p>{t('how.prove1')}</p>
          <p>{t('how.prove2')}</p>
          <p>{t('how.prove3')}</p>
          <p>
            <a href={paths.explorer}>{t('how.log')}</a>
          </p>
          <p>
            <a href={paths.transactions}>{t('how.transactions')}</a>
          </p>
          <p>
            <LinkButton href={paths.signUp} look="primary">
              {t('how.start')}
            </LinkButton>
          </p>
        </div>
      </Section>
    </OpenFrame>
  );
}
