// For somebody beside a person who cannot speak: how to find and read a card. Nothing to fill in, nothing to install.
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../ui/button.tsx';
import { PageTitle, Section } from '../ui/section.tsx';
import { OpenFrame } from './open-frame.tsx';
import { SampleCard } from './sample-card.tsx';

export function HelpSomeonePage() {
  const { t } = useTranslation('public-pages');
  return (
    <OpenFrame>
      <PageTitle lead={t('help.lead')}>{t('help.title')}</PageTitle>
      <LinkButton href="tel:112" icon="phone" look="primary">
        {t('help.call')}
      </LinkButton>
      <Section title={t('help.find')}>
        <div className="prose">
          <p>{t('help.find1')}</p>
          <p>{t('help.find2')}</p>
          <SampleCard />
          <p className="quiet small">{t('landing.sample')}</p>
        </div>
      </Section>
      <Section title={t('help.scan')}>
        <ol className="steps">
          <li>{t('help.scan1')}</li>
          <li>{t('help.scan2')}</li>
          <li>{t('help.scan3')}</li>
        </ol>
      </Section>
      <Section title={t('help.offline')}>
        <div className="prose">
          <p>{t('help.offline1')}</p>
          <p>{t('help.seen')}</p>
        </div>
      </Section>
    </OpenFrame>
  );
}
