// What a records officer has to do: requests to put an entry right, likely duplicates, records to join or part.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { workQuery } from '../api/clinic.ts';
import type { Correction } from '../api/corrections.ts';
import { correctionsAtWorkQuery, useRefuseCorrection } from '../api/corrections.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { officePaths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Rows, Section } from '../ui/section.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { Duplicates } from './duplicates.tsx';
import { useOfficeProblem } from './problem.ts';
import './office.css';

export function OfficePage() {
  const { t } = useTranslation(['office', 'common']);
  const { data: work } = useQuery(workQuery);
  const isOfficer = work?.memberships.some(({ role }) => role === 'records') === true;
  return (
    <div className="office">
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      {work === undefined ? <Loading>{t('common:loading')}</Loading> : null}
      {work !== undefined && !isOfficer ? <Band tone="info">{t('notYours')}</Band> : null}
      {isOfficer ? (
        <>
          <Cases />
          <Duplicates />
        </>
      ) : null}
    </div>
  );
}

function Cases() {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const { data, error } = useQuery(correctionsAtWorkQuery);
  return (
    <Section note={t('cases.note')} title={t('cases.title')}>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.length === 0 ? <p className="quiet">{t('cases.none')}</p> : null}
      <Rows>
        {data?.map((one) => (
          <CaseRow key={one.id} one={one} />
        ))}
      </Rows>
    </Section>
  );
}

function CaseRow({ one }: { readonly one: Correction }) {
  const { t } = useTranslation('office');
  const language = useLanguage();
  const [refusing, setRefusing] = useState(false);
  const when = formatDate(one.openedAt, language);
  const { state, author } = one;
  const [type = '', id = ''] = one.entry.split('/');
  return (
    <li className="stack">
      <h3>{t('cases.what', { author, when })}</h3>
      <p>{t('cases.words', { words: one.words })}</p>
      <p>{t('cases.wished', { words: one.wished })}</p>
      <p className="quiet">
        {state === 'open'
          ? t(one.overdue ? 'cases.overdue' : 'cases.due', { when: formatDate(one.dueAt, language) })
          : t(`cases.state.${state}`, { words: one.answer ?? '' })}
      </p>
      {state === 'open' || state === 'to-correct' ? (
        <LinkButton href={`${officePaths.entry({ type, id })}?case=${one.id}`}>
          {t('cases.openNamed', { author, when })}
        </LinkButton>
      ) : null}
      {state === 'open' ? (
        <Button
          label={t('cases.refuseNamed', { author, when })}
          look="link"
          onPress={() => setRefusing(true)}
        >
          {t('cases.refuse')}
        </Button>
      ) : null}
      <Sheet onClose={() => setRefusing(false)} open={refusing} title={t('cases.refuse')}>
        <RefuseForm id={one.id} onDone={() => setRefusing(false)} />
      </Sheet>
    </li>
  );
}

function RefuseForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const [words, setWords] = useState('');
  const refuse = useRefuseCorrection();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        const onSuccess = () => {
          onDone();
          announceDone(t('refuse.done'));
        };
        refuse.mutate({ id, words }, { onSuccess });
      }}
    >
      <p>{t('refuse.text')}</p>
      <TextField label={t('refuse.words')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      {refuse.isError ? <ErrorBand key={refuse.failureCount}>{problem(refuse.error)}</ErrorBand> : null}
      <Button
        busy={refuse.isPending && t('amend.busy')}
        look="primary"
        missing={Array.from(words.trim()).length < 10 ? t('missingWords') : undefined}
        type="submit"
        wide
      >
        {t('refuse.act')}
      </Button>
    </form>
  );
}
