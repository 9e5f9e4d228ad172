// Weight and height. Each measurement stays; the body mass index is computed as one types and never stored.
import { useTranslation } from 'react-i18next';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { BodyMassIndex } from '../facts/body-mass-index.tsx';
import { FormFrame } from './form-frame.tsx';
import { dateOrNothing, numberOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly weight: string;
  readonly height: string;
  readonly date: DateReading;
}

export function BodyForm(host: FormHost<'body'>) {
  const { t } = useTranslation('patient-forms');
  const form = useSectionForm(
    'body',
    host,
    (): Draft => ({ weight: '', height: '', date: { kind: 'empty' } }),
    (draft) => ({
      form: {
        weightKg: numberOrNothing(draft.weight),
        heightCm: numberOrNothing(draft.height),
        date: dateOrNothing(draft.date),
      },
      dates: { date: draft.date },
      numbers: { weightKg: draft.weight, heightCm: draft.height },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  const { body } = host.facts;
  const last = (kind: 'weight' | 'height'): number | undefined =>
    body.state === 'recorded' ? body.facts.find((one) => one.value.kind === kind)?.value.value : undefined;
  return (
    <FormFrame form={form} host={host}>
      <div className="field-pair">
        <TextField
          error={errorOf('weightKg')}
          id={idOf('weightKg')}
          inputMode="decimal"
          label={t('body.weight')}
          maxLength={6}
          onChange={(weight) => edit({ weight })}
          placeholder={last('weight')?.toString()}
          suffix="kg"
          value={draft.weight}
        />
        <TextField
          error={errorOf('heightCm')}
          id={idOf('heightCm')}
          inputMode="decimal"
          label={t('body.height')}
          maxLength={6}
          onChange={(height) => edit({ height })}
          placeholder={last('height')?.toString()}
          suffix="cm"
          value={draft.height}
        />
      </div>
      <BodyMassIndex
        facts={host.facts}
        heightCm={numberOrNothing(draft.height) ?? last('height')}
        weightKg={numberOrNothing(draft.weight) ?? last('weight')}
      />
      <DateField
        error={errorOf('date')}
        hint={t('body.dateHint')}
        id={idOf('date')}
        label={t('body.date')}
        onChange={(date) => edit({ date })}
        optional
      />
    </FormFrame>
  );
}
