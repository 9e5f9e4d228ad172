// What a person enters themself: medicines of today and a measurement here, and the ways to everything else. Each is marked as said by them.
import { useTranslation } from 'react-i18next';
import { paths, recordPaths } from '../../paths.ts';
import { NextRow, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { DosesOfDay } from './doses-of-day.tsx';
import { MeasurementForm } from './measurement-form.tsx';

export function OwnPage() {
  const { t } = useTranslation('results');
  return (
    <>
      <PageTitle lead={t('own.lead')}>{t('own.title')}</PageTitle>
      <DosesOfDay />
      <Section title={t('own.measure')}>
        <MeasurementForm />
      </Section>
      <Section title={t('own.more')}>
        <Rows>
          <NextRow href={recordPaths.add('conditions')} icon="pencil" title={t('own.condition')} />
          <NextRow href={recordPaths.add('medicines')} icon="pill" title={t('own.medicine')} />
          <NextRow href={paths.ownPaper} icon="camera" title={t('own.document')} />
          <NextRow href={paths.trends} icon="flask" title={t('trends.title')} />
        </Rows>
      </Section>
    </>
  );
}
