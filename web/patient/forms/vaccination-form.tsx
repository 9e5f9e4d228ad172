// One vaccination: which, when, which dose.
import { useTranslation } from 'react-i18next';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useTerm } from '../facts/terms.ts';
import { choiceOf, CodeField, draftOf } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import {
  dateOrNothing,
  numberOrNothing,
  startingDate,
  textOrNothing,
  useSectionForm,
} from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly vaccine: ChoiceDraft;
  readonly date: DateReading;
  readonly doseNumber: string;
  readonly lot: string;
}

export function VaccinationForm(host: FormHost<'vaccinations'>) {
  const { t } = useTranslation('patient-forms');
  const term = useTerm();
  const was = host.fact?.value;
  const form = useSectionForm(
    'vaccinations',
    host,
    (): Draft => ({
      vaccine: draftOf('vaccines', was && { text: was.vaccine, codes: was.codes }, term),
      date: startingDate(was?.date),
      doseNumber: was?.doseNumber ?? '',
      lot: was?.lot ?? '',
    }),
    (draft) => ({
      form: {
        vaccine: choiceOf(draft.vaccine),
        date: dateOrNothing(draft.date),
        doseNumber: numberOrNothing(draft.doseNumber),
        lot: textOrNothing(draft.lot),
      },
      dates: { date: draft.date },
      numbers: { doseNumber: draft.doseNumber },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <CodeField
        error={errorOf('vaccine')}
        hint={t('form.ownWords')}
        id={idOf('vaccine')}
        label={t('vaccinations.vaccine')}
        list="vaccines"
        onChange={(vaccine) => edit({ vaccine })}
        value={draft.vaccine}
      />
      <DateField
        error={errorOf('date')}
        hint={t('form.sinceHint')}
        id={idOf('date')}
        initial={was?.date}
        label={t('vaccinations.date')}
        onChange={(date) => edit({ date })}
        precision="year"
      />
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={errorOf('doseNumber') !== undefined || errorOf('lot') !== undefined}
      >
        <TextField
          error={errorOf('doseNumber')}
          hint={t('vaccinations.doseNumberHint')}
          id={idOf('doseNumber')}
          inputMode="numeric"
          label={t('vaccinations.doseNumber')}
          maxLength={2}
          onChange={(doseNumber) => edit({ doseNumber })}
          optional
          value={draft.doseNumber}
        />
        <TextField
          error={errorOf('lot')}
          id={idOf('lot')}
          label={t('vaccinations.lot')}
          maxLength={50}
          onChange={(lot) => edit({ lot })}
          optional
          value={draft.lot}
        />
      </MoreDetails>
    </FormFrame>
  );
}
