// What a person is asked when an app wants to be let in: who asks, for whose record, what it would see; each part can be left out.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { appQuestionQuery, useAnswerApp } from '../api/apps.ts';
import type { AppQuestion, AskedScope } from '../api/apps.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Choice, ManyChoice, Tick } from '../ui/choice.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import type { Part } from './scope-words.ts';
import { PARTS, scopesGiven, useScopeWords, writes } from './scope-words.ts';
import './apps.css';

export function AuthorisePage() {
  const { t } = useTranslation(['apps', 'common']);
  const { request } = useSearch({ strict: false });
  const { data, error } = useQuery(appQuestionQuery(request ?? ''));
  if (error !== null)
    return (
      <>
        <PageTitle>{t('ask.goneTitle')}</PageTitle>
        <Band actions={<LinkButton href={paths.apps}>{t('ask.toApps')}</LinkButton>} announce tone="caution">
          {t('ask.gone')}
        </Band>
      </>
    );
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return <Question question={data} requestId={request ?? ''} />;
}

function Question({ question, requestId }: { readonly question: AppQuestion; readonly requestId: string }) {
  const { t } = useTranslation(['apps', 'common']);
  const problemWords = useProblemWords();
  const answer = useAnswerApp(requestId);
  const { app, scopes, people } = question;
  const [patient, setPatient] = useState(people.length === 1 ? people[0]?.id : undefined);
  const [chosen, setChosen] = useState<readonly string[]>(scopes.map(({ text }) => text));
  const [parts, setParts] = useState<readonly Part[]>();
  const [mayChange, setMayChange] = useState(false);
  const [comesBack, setComesBack] = useState(false);
  const wanted = scopes.filter(({ text }) => chosen.includes(text));
  const given = scopesGiven(wanted, { may: mayChange ? 'change' : 'see', parts });
  const missing =
    patient === undefined
      ? t('ask.choosePerson')
      : given.length === 0 && scopes.length > 0
        ? t('ask.chooseSomething')
        : undefined;
  return (
    <>
      <PageTitle lead={app.about === '' ? undefined : app.about}>
        {t('ask.title', { app: app.name })}
      </PageTitle>
      <div className="columns app-question">
        {answer.isError ? <ErrorBand>{problemWords(answer.error)}</ErrorBand> : null}
        <Section title={t('ask.whose')}>
          {people.length === 1 ? (
            <p className="app-person">{people[0]?.name}</p>
          ) : (
            <Choice
              label={t('ask.whoseLabel')}
              onChange={setPatient}
              options={people.map(({ id, name, own }) => ({
                value: id,
                label: name,
                hint: own ? t('ask.you') : t('ask.youActFor'),
              }))}
              value={patient}
            />
          )}
        </Section>
        <WhatItSees chosen={chosen} onChange={setChosen} onParts={setParts} parts={parts} scopes={scopes} />
        {scopes.some(writes) || question.comesBack ? (
          <Section title={t('ask.more')}>
            {scopes.some(writes) ? (
              <Tick
                checked={mayChange}
                hint={t('ask.changeHint')}
                label={t('ask.change')}
                onChange={setMayChange}
              />
            ) : null}
            {question.comesBack ? (
              <Tick
                checked={comesBack}
                hint={t('ask.comesBackHint')}
                label={t('ask.comesBack')}
                onChange={setComesBack}
              />
            ) : null}
          </Section>
        ) : null}
        <Section title={t('ask.after')}>
          <p>{t('ask.goesTo', { place: app.goesTo })}</p>
          {question.learnsWhoYouAre ? <p>{t('ask.learns')}</p> : null}
          <p>{t('ask.logged')}</p>
          {app.contact === '' ? null : <p className="quiet">{t('ask.contact', { contact: app.contact })}</p>}
        </Section>
        <div className="row">
          <Button
            busy={answer.isPending && t('ask.answering')}
            look="primary"
            missing={missing}
            onPress={() => answer.mutate({ patient: patient ?? '', scopes: given, comesBack })}
          >
            {t('ask.allow')}
          </Button>
          <Button onPress={() => answer.mutate('refuse')}>{t('ask.refuse')}</Button>
        </div>
      </div>
    </>
  );
}

interface WhatItSeesProps {
  readonly scopes: readonly AskedScope[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly parts: readonly Part[] | undefined;
  readonly onParts: (parts: readonly Part[] | undefined) => void;
}

function WhatItSees({ scopes, chosen, onChange, parts, onParts }: WhatItSeesProps) {
  const { t } = useTranslation('apps');
  const words = useScopeWords();
  const everything = scopes.some(({ text, types }) => types === '*' && chosen.includes(text));
  if (scopes.length === 0)
    return (
      <Section title={t('ask.sees')}>
        <p>{t('ask.seesNothing')}</p>
      </Section>
    );
  return (
    <Section title={t('ask.sees')}>
      <div className="stack-wide">
        <ManyChoice
          hint={t('ask.seesHint')}
          label={t('ask.seesLabel')}
          onChange={onChange}
          options={scopes.map((scope) => {
            const { what, detail } = words(scope);
            return { value: scope.text, label: what, hint: detail };
          })}
          values={chosen}
        />
        {everything ? (
          <>
            <Choice
              label={t('ask.howMuch')}
              onChange={(value) => onParts(value === 'all' ? undefined : [])}
              options={[
                { value: 'all', label: t('ask.allParts') },
                { value: 'some', label: t('ask.someParts') },
              ]}
              value={parts === undefined ? 'all' : 'some'}
            />
            {parts === undefined ? null : (
              <ManyChoice
                label={t('ask.whichParts')}
                onChange={onParts}
                options={PARTS.map((part) => ({ value: part, label: t(`part.${part}`) }))}
                values={parts}
              />
            )}
          </>
        ) : null}
      </div>
    </Section>
  );
}
