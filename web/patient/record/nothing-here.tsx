// An address inside the record that leads to no section and no question.
import { useTranslation } from 'react-i18next';
import { paths } from '../../paths.ts';
import { PageTitle } from '../../ui/section.tsx';
import { BackLink } from './back-link.tsx';
import './record.css';

export function NothingHere() {
  const { t } = useTranslation('common');
  const { t: record } = useTranslation('record-pages');
  return (
    <>
      <BackLink href={paths.record}>{record('section.back')}</BackLink>
      <PageTitle lead={t('missing.text')}>{t('missing.title')}</PageTitle>
    </>
  );
}
