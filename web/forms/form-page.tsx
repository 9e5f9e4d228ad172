// Filling in any form that the server has: made from its Questionnaire, sent whole. What is refused stays as it was typed.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { ApiError } from '../api/client.ts';
import { formQuery, useSendForm } from '../api/forms.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, formPaths, paths } from '../paths.ts';
import { Band, ErrorBand, FormProblems } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import type { FilledGroup, Typed } from '../ui/form-answers.ts';
import { isAsked, problemsOf, responseOf, wordsOf } from '../ui/form-answers.ts';
import { FormQuestion } from '../ui/form-question.tsx';
import './forms.css';

export function FormPage() {
  const { t } = useTranslation('forms');
  const { form: id = '', id: patientId } = useParams({ strict: false });
  const problemWords = useProblemWords();
  const { data, error } = useQuery(formQuery(id));
  const [saved, setSaved] = useState<number>();
  const [round, setRound] = useState(0);
  const back = patientId === undefined ? paths.record : clinicPaths.patient(patientId);
  if (error !== null) return <ErrorBand title={t('notThere')}>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('loading')}</Loading>;
  if (saved !== undefined)
    return (
      <div className="filled-form">
        <FormTitle form={data} />
        <Band announce tone="ok" title={t('saved')}>
          {t('savedEntries', { count: saved })}
        </Band>
        <div className="row">
          <LinkButton href={back} look="primary">
            {t('toRecord')}
          </LinkButton>
          <Button
            onPress={() => {
              setSaved(undefined);
              setRound(round + 1);
            }}
          >
            {t('again')}
          </Button>
          <LinkButton href={formPaths.list(patientId)}>{t('toForms')}</LinkButton>
        </div>
      </div>
    );
  return (
    <div className="filled-form">
      <FormTitle form={data} />
      <FilledForm form={data} key={round} onSaved={setSaved} patientId={patientId} />
    </div>
  );
}

function FormTitle({ form }: { readonly form: Questionnaire }) {
  const { t } = useTranslation('forms');
  const language = useLanguage();
  return <PageTitle lead={t('lead')}>{wordsOf(form, 'title', language)}</PageTitle>;
}

const dayAfter = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What is usually so: a visit is today, and the next in a week. */
const usually = (form: Questionnaire): Typed =>
  form.id === 'visit' ? { 'visit-date': [dayAfter(0)], 'follow-up': [dayAfter(7)] } : {};

interface FilledFormProps {
  readonly form: Questionnaire;
  readonly patientId: string | undefined;
  readonly onSaved: (entries: number) => void;
}

function FilledForm({ form, patientId, onSaved }: FilledFormProps) {
  const { t } = useTranslation('forms');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const send = useSendForm(form.id ?? '', patientId);
  const [tries, setTries] = useState(0);
  const [groups, setGroups] = useState<readonly FilledGroup[]>(() =>
    (form.item ?? []).map((group) => ({ key: group.linkId, group, typed: usually(form) })),
  );
  const seen = tries === 0 ? [] : problemsOf(groups);
  const refused = send.error instanceof ApiError ? send.error : undefined;
  const errorOf = (key: string, linkId: string): string | undefined => {
    const wrong = seen.find(({ id }) => id === `${key}-${linkId}`)?.wrong;
    if (wrong !== undefined) return t(`wrong.${wrong}`);
    return refused?.fieldErrors[linkId] === undefined ? undefined : t('wrong.refused');
  };
  const labelOf = (id: string): string => {
    const one = groups.find(({ key, group }) => group.item?.some(({ linkId }) => `${key}-${linkId}` === id));
    const item = one?.group.item?.find(({ linkId }) => `${one.key}-${linkId}` === id);
    return item === undefined ? '' : wordsOf(item, 'text', language);
  };
  const edit = (key: string, linkId: string, values: readonly string[]): void =>
    setGroups((now) =>
      now.map((one) => (one.key === key ? { ...one, typed: { ...one.typed, [linkId]: values } } : one)),
    );
  return (
    <form
      className="stack-wide"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (send.isPending) return;
        setTries(tries + 1);
        if (problemsOf(groups).length > 0) return;
        send.mutate(responseOf(form, groups), { onSuccess: ({ resources }) => onSaved(resources.length) });
      }}
    >
      {seen.length > 0 ? (
        <FormProblems
          key={tries}
          problems={seen.map(({ id, wrong }) => ({
            field: id,
            message: `${labelOf(id)}: ${t(`wrong.${wrong}`)}`,
          }))}
        />
      ) : send.isError ? (
        <ErrorBand key={tries} title={t('failed')}>
          {refused?.code === 'business-rule' || refused?.code === 'form-wrong'
            ? refused.code === 'form-wrong'
              ? t('formWrong')
              : refused.title
            : problemWords(send.error)}
        </ErrorBand>
      ) : null}
      {groups.map(({ key, group, typed }, at) => (
        <Section key={key} title={groupTitle(group, at)}>
          <div className="stack-wide">
            {(group.item ?? []).filter(isAsked).map((item) => (
              <FormQuestion
                error={errorOf(key, item.linkId)}
                id={`${key}-${item.linkId}`}
                item={item}
                key={item.linkId}
                onChange={(values) => edit(key, item.linkId, values)}
                values={typed[item.linkId] ?? []}
              />
            ))}
            {(group.item ?? []).some(({ type }) => type === 'attachment') ? (
              <p className="quiet">{t('filesElsewhere')}</p>
            ) : null}
            {isLastOfItsKind(groups, at) ? (
              <Button onPress={() => setGroups(withAnother(groups, at))}>
                {t('another', { what: wordsOf(group, 'text', language) })}
              </Button>
            ) : null}
          </div>
        </Section>
      ))}
      <Button busy={send.isPending && t('saving')} look="primary" type="submit" wide>
        {t('save')}
      </Button>
    </form>
  );

  function groupTitle(group: QuestionnaireItem, at: number): string {
    const words = wordsOf(group, 'text', language);
    const before = groups.slice(0, at).filter((one) => one.group.linkId === group.linkId).length;
    return before === 0 ? words : `${words} ${before + 1}`;
  }
}

function isLastOfItsKind(groups: readonly FilledGroup[], at: number): boolean {
  const { group } = groups[at] ?? {};
  return group?.repeats === true && groups[at + 1]?.group.linkId !== group.linkId;
}

function withAnother(groups: readonly FilledGroup[], at: number): readonly FilledGroup[] {
  const one = groups[at];
  if (one === undefined) return groups;
  const key = `${one.group.linkId}-${groups.length}`;
  return groups.toSpliced(at + 1, 0, { key, group: one.group, typed: {} });
}
