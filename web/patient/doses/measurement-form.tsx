// One measurement at home, as the forms of the record keep it: blood pressure, sugar, weight. What cannot be is refused before it is sent.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuestionnaireResponse } from '@medplum/fhirtypes';
import { useSendForm } from '../../api/forms.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { paths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { TextField } from '../../ui/text-field.tsx';

type Kind = 'pressure' | 'sugar' | 'weight';
type Slot = 'upper' | 'lower' | 'value';

/** As the forms `general` and `glucose` have them. */
const limits = {
  upper: [40, 300],
  lower: [20, 200],
  sugar: [5, 2000],
  weight: [0.3, 500],
} as const;

const numberIn = (text: string): number | undefined => {
  const plain = text.trim().replace(',', '.');
  return /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
};

export function MeasurementForm() {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const [kind, setKind] = useState<Kind>('pressure');
  const [when, setWhen] = useState<'fasting' | 'random'>('fasting');
  const [typed, setTyped] = useState<Partial<Record<Slot, string>>>({});
  const [tried, setTried] = useState(false);
  const general = useSendForm('general', undefined);
  const glucose = useSendForm('glucose', undefined);
  const send = kind === 'sugar' ? glucose : general;
  const slots: readonly Slot[] = kind === 'pressure' ? ['upper', 'lower'] : ['value'];
  const limitOf = (slot: Slot) => limits[slot === 'value' ? (kind === 'sugar' ? 'sugar' : 'weight') : slot];
  const values = slots.map((slot) => numberIn(typed[slot] ?? ''));
  const outside = (slot: Slot, i: number): string | undefined => {
    const [low, high] = limitOf(slot);
    const value = values[i];
    if (value === undefined || value < low || value > high) return t('own.outside', { low, high });
    const [upper = 0, lower = 0] = values;
    return slot === 'lower' && lower >= upper ? t('own.turned') : undefined;
  };
  const wrong = slots.map(outside);
  const unit = kind === 'pressure' ? 'mmHg' : kind === 'sugar' ? 'mg/dL' : 'kg';
  const choose = (next: Kind) => {
    setKind(next);
    setTyped({});
    setTried(false);
    general.reset();
    glucose.reset();
  };
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (send.isPending || wrong.some((one) => one !== undefined)) return;
        send.mutate(responseOf(kind, when, values as number[]), {
          onSuccess: () => {
            setTyped({});
            setTried(false);
          },
        });
      }}
    >
      <Choice
        label={t('own.which')}
        onChange={choose}
        options={(['pressure', 'sugar', 'weight'] as const).map((value) => ({
          value,
          label: t(`own.${value}`),
        }))}
        side
        value={kind}
      />
      {kind === 'sugar' ? (
        <Choice
          label={t('own.sugarWhen')}
          onChange={setWhen}
          options={[
            { value: 'fasting', label: t('own.sugarFasting') },
            { value: 'random', label: t('own.sugarRandom') },
          ]}
          side
          value={when}
        />
      ) : null}
      {slots.map((slot, i) => (
        <TextField
          error={tried ? wrong[i] : undefined}
          inputMode="decimal"
          key={slot}
          label={t(`own.${slot}`)}
          maxLength={8}
          onChange={(value) => setTyped({ ...typed, [slot]: value })}
          suffix={unit}
          value={typed[slot] ?? ''}
        />
      ))}
      {send.isError ? <ErrorBand>{problemWords(send.error)}</ErrorBand> : null}
      {send.isSuccess ? (
        <Band actions={<LinkButton href={paths.trends}>{t('own.seeTrends')}</LinkButton>} announce tone="ok">
          {t('own.saved')}
        </Band>
      ) : null}
      <Button busy={send.isPending && t('working')} look="primary" type="submit">
        {t('own.save')}
      </Button>
    </form>
  );
}

function responseOf(
  kind: Kind,
  when: 'fasting' | 'random',
  values: readonly number[],
): QuestionnaireResponse {
  const form = kind === 'sugar' ? 'glucose' : 'general';
  const [first = 0, second = 0] = values;
  const answer = (linkId: string, valueDecimal: number) => ({ linkId, answer: [{ valueDecimal }] });
  const group =
    kind === 'pressure'
      ? { linkId: 'blood-pressure', item: [answer('systolic', first), answer('diastolic', second)] }
      : kind === 'sugar'
        ? { linkId: 'glucose', item: [answer(when, first)] }
        : { linkId: 'body', item: [answer('weight', first)] };
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `urn:medallion:form:${form}|1`,
    authored: new Date().toISOString(),
    item: [group],
  };
}
