// The card on the first page: a sample of an invented person, said to be one.
import { useTranslation } from 'react-i18next';
import { HealthCard } from '../ui/health-card.tsx';
import sampleCode from './sample-code.svg';

export function SampleCard() {
  const { t } = useTranslation('public-pages');
  return (
    <HealthCard
      face={{
        name: t('sample.name'),
        sexAndBirth: t('sample.birth'),
        languages: t('sample.languages'),
        bloodGroup: { text: t('sample.blood') },
        uhid: '48210937665015',
        qrUrl: sampleCode,
        dangers: [
          { noun: t('sample.penicillin'), reason: t('sample.penicillinWhy') },
          { noun: t('sample.warfarin'), reason: t('sample.warfarinWhy') },
          { noun: t('sample.insulin'), reason: t('sample.insulinWhy') },
          { noun: t('sample.pacemaker'), reason: t('sample.pacemakerWhy') },
        ],
        moreDangers: 0,
        asOf: t('sample.asOf'),
      }}
    />
  );
}
