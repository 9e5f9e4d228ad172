// The values of one panel, or a report in words: kept as a draft on the server, and shown as they would be signed.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Questionnaire } from '@medplum/fhirtypes';
import { ApiError } from '../api/client.ts';
import { formQuery } from '../api/forms.ts';
import { useProblemWords } from '../api/problem-words.ts';
import type { OpenOrder } from '../api/results.ts';
import { useEnter } from '../api/results.ts';
import { useLanguage } from '../i18n/texts.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/choice.tsx';
import type { FilledGroup } from '../ui/form-answers.ts';
import { isAsked, problemsOf, responseOf, wordsOf } from '../ui/form-answers.ts';
import { FormQuestion } from '../ui/form-question.tsx';
import { Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { Typed } from './own-range.tsx';
import { OwnRangeFields, rangeOf, rangesOf, typedRanges } from './own-range.tsx';

const panels = ['electrolytes', 'glucose', 'haematology', 'lipids', 'urine'] as const;
type PanelId = (typeof panels)[number];

export function EnterResults({ order }: { readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const [panel, setPanel] = useState<PanelId | undefined>(() =>
    panels.find((id) => id === order.draft?.form),
  );
  const words = order.laboratory.role === 'radiology';
  return (
    <Section title={t(words ? 'lab.write' : 'lab.enter')}>
      <div className="stack-wide">
        {words ? (
          <Words order={order} />
        ) : (
          <>
            <SelectField
              label={t('lab.panel')}
              onChange={setPanel}
              options={panels.map((id) => ({ value: id, label: t(`lab.panels.${id}`) }))}
              value={panel}
            />
            {panel === undefined ? null : <Panel id={panel} key={panel} order={order} />}
          </>
        )}
      </div>
    </Section>
  );
}

function Panel({ id, order }: { readonly id: PanelId; readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const { data } = useQuery(formQuery(id));
  return data === undefined ? <p className="quiet">{t('working')}</p> : <Values form={data} order={order} />;
}

function Values({ form, order }: { readonly form: Questionnaire; readonly order: OpenOrder }) {
  const { t } = useTranslation(['results', 'forms']);
  const language = useLanguage();
  const problemWords = useProblemWords();
  const enter = useEnter(order.id);
  const [tried, setTried] = useState(false);
  const [conclusion, setConclusion] = useState(order.draft?.conclusion ?? '');
  const [own, setOwn] = useState<Typed>(() => typedRanges(order.draft, form.id));
  const [groups, setGroups] = useState<readonly FilledGroup[]>(() => begun(form, order));
  const seen = tried ? problemsOf(groups) : [];
  const refused = enter.error instanceof ApiError ? enter.error.fieldErrors : {};
  const errorOf = (key: string, linkId: string): string | undefined => {
    const wrong = seen.find((one) => one.id === `${key}-${linkId}`)?.wrong;
    if (wrong !== undefined) return t(`forms:wrong.${wrong}`);
    return refused[linkId] === undefined ? undefined : t('forms:wrong.refused');
  };
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const ranges = rangesOf(own);
        if (enter.isPending || ranges === undefined || problemsOf(groups).length > 0) return;
        enter.mutate({
          form: form.id ?? '',
          response: responseOf(form, groups),
          ...(Object.keys(ranges).length === 0 ? {} : { ranges }),
          ...(conclusion.trim() === '' ? {} : { conclusion: conclusion.trim() }),
        });
      }}
    >
      {enter.isError ? (
        <ErrorBand>
          {Object.keys(refused).length > 0 ? t('lab.someWrong') : problemWords(enter.error)}
        </ErrorBand>
      ) : null}
      {groups.map(({ key, group, typed }) => (
        <fieldset className="stack-wide lab-group" key={key}>
          {groups.length > 1 ? <legend>{wordsOf(group, 'text', language)}</legend> : null}
          {(group.item ?? []).filter(isAsked).map((item) => (
            <div className="lab-value" key={item.linkId}>
              <FormQuestion
                error={errorOf(key, item.linkId)}
                id={`${key}-${item.linkId}`}
                item={item}
                onChange={(values) =>
                  setGroups((now) =>
                    now.map((one) =>
                      one.key === key ? { ...one, typed: { ...one.typed, [item.linkId]: values } } : one,
                    ),
                  )
                }
                values={typed[item.linkId] ?? []}
              />
              {item.type === 'decimal' || item.type === 'integer' ? (
                <OwnRangeFields
                  id={`${key}-${item.linkId}`}
                  name={wordsOf(item, 'text', language)}
                  onChange={(next) => setOwn((now) => ({ ...now, [item.linkId]: next }))}
                  shown={order.ranges[form.id ?? '']?.[item.linkId]}
                  typed={own[item.linkId]}
                  wrong={
                    `ranges.${item.linkId}` in refused || (tried && rangeOf(own[item.linkId]) === undefined)
                  }
                />
              ) : null}
            </div>
          ))}
        </fieldset>
      ))}
      <TextField
        label={t('lab.conclusion')}
        lines={3}
        maxLength={5000}
        onChange={setConclusion}
        optional
        value={conclusion}
      />
      <Button busy={enter.isPending && t('working')} type="submit">
        {t('lab.check')}
      </Button>
    </form>
  );
}

/** As it was entered before, where it was. */
function begun(form: Questionnaire, order: OpenOrder): readonly FilledGroup[] {
  const items = order.draft?.form === form.id ? (order.draft?.response?.item ?? []) : [];
  return (form.item ?? []).map((group) => {
    const answers = items.find(({ linkId }) => linkId === group.linkId)?.item ?? [];
    const typed = answers.map(({ linkId, answer }): [string, string[]] => [
      linkId,
      (answer ?? []).map(
        (one) =>
          one.valueCoding?.code ?? one.valueString ?? String(one.valueDecimal ?? one.valueInteger ?? ''),
      ),
    ]);
    return { key: group.linkId, group, typed: Object.fromEntries(typed) };
  });
}

function Words({ order }: { readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const enter = useEnter(order.id);
  const [conclusion, setConclusion] = useState(order.draft?.conclusion ?? '');
  return (
    <>
      {enter.isError ? <ErrorBand>{problemWords(enter.error)}</ErrorBand> : null}
      <TextField
        label={t('lab.report')}
        lines={8}
        maxLength={5000}
        onChange={setConclusion}
        value={conclusion}
      />
      <Button
        busy={enter.isPending && t('working')}
        missing={conclusion.trim() === '' ? t('lab.reportMissing') : undefined}
        onPress={() => enter.mutate({ conclusion: conclusion.trim() })}
      >
        {t('lab.check')}
      </Button>
    </>
  );
}
