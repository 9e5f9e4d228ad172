// Requests to put an entry right that come to the administrator: handed on by their person, or of an entry that no organisation wrote.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useAnswerCase } from '../api/clinic.ts';
import type { Correction } from '../api/corrections.ts';
import { correctionsAtWorkQuery } from '../api/corrections.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Loading, Rows, Section } from '../ui/section.tsx';
import { Due, Finding } from './finding.tsx';
import { useClinicProblem } from './problem.ts';

export function CorrectionsHandedOn() {
  const { t } = useTranslation(['clinic', 'common']);
  const problem = useClinicProblem();
  const { data, error } = useQuery(correctionsAtWorkQuery);
  const judged = data?.filter(({ state, organization }) => state === 'escalated' || organization === null);
  return (
    <Section note={t('entryCases.note')} title={t('entryCases.title')}>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {judged?.length === 0 ? <p className="quiet">{t('entryCases.none')}</p> : null}
      <Rows>
        {judged?.map((one) => (
          <CorrectionRow key={one.id} one={one} />
        ))}
      </Rows>
    </Section>
  );
}

function CorrectionRow({ one }: { readonly one: Correction }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const queries = useQueryClient();
  const act = useAnswerCase();
  const when = formatDate(one.openedAt, language);
  return (
    <li className="stack">
      <h3>{t('entryCases.what', { name: one.author, when })}</h3>
      <p>{t('cases.words', { words: one.words })}</p>
      <p>{t('entryCases.wished', { words: one.wished })}</p>
      {one.answer === null ? null : <p>{t('entryCases.answer', { words: one.answer })}</p>}
      {one.state === 'open' || one.state === 'escalated' ? (
        <>
          <Due at={one.dueAt} overdue={one.overdue} />
          <Finding
            about="entry"
            act={(finding, words, done) =>
              act.mutate(
                { id: one.id, finding, words },
                {
                  onSuccess: () => {
                    void queries.invalidateQueries({ queryKey: correctionsAtWorkQuery.queryKey });
                    done();
                  },
                },
              )
            }
            error={act.error}
            findings={['right', 'wrong']}
            name={`${one.author}, ${when}`}
            pending={act.isPending}
          />
        </>
      ) : null}
    </li>
  );
}
