// The forms there are for the one who looks: one's own, or those of a clinician in an opened record.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formsQuery } from '../api/forms.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useLanguage } from '../i18n/texts.ts';
import { formPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Loading, NextRow, PageTitle, Rows } from '../ui/section.tsx';
import './forms.css';

export function FormsPage() {
  const { t } = useTranslation('forms');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const { id: patientId } = useParams({ strict: false });
  const { data, error } = useQuery(formsQuery);
  const audience = patientId === undefined ? 'patient' : 'clinician';
  const forms = data?.filter((one) => one.audience === audience || one.audience === 'both');
  return (
    <div className="filled-form">
      <PageTitle lead={t('listLead')}>{t('title')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {forms === undefined ? (
        error === null ? (
          <Loading>{t('loading')}</Loading>
        ) : null
      ) : (
        <Rows label={t('title')}>
          {forms.map(({ id, title }) => (
            <NextRow href={formPaths.form(id, patientId)} icon="pencil" key={id} title={title[language]} />
          ))}
        </Rows>
      )}
    </div>
  );
}
