// Pregnant or not, and when the baby is due.
import { useTranslation } from 'react-i18next';
import type { Pregnancy } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { FormFrame } from './form-frame.tsx';
import { dateOrNothing, startingDate, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly state: Pregnancy['state'] | undefined;
  readonly due: DateReading;
}

export function PregnancyForm(host: FormHost<'pregnancy'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const was = host.fact?.value;
  const form = useSectionForm(
    'pregnancy',
    host,
    (): Draft => ({ state: was?.state, due: startingDate(was?.due) }),
    (draft) => {
      const due = draft.state === 'pregnant' || draft.state === 'possible' ? draft.due : undefined;
      return { form: { state: draft.state, due: dateOrNothing(due) }, dates: { due } };
    },
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <Choice
        error={errorOf('state')}
        id={idOf('state')}
        label={t('pregnancy.state')}
        onChange={(state) => edit({ state })}
        options={(['pregnant', 'possible', 'not-pregnant', 'unknown'] as const).map((state) => ({
          value: state,
          label: t(`patient-record:pregnancy.${state}`),
        }))}
        value={draft.state}
      />
      {draft.state === 'pregnant' || draft.state === 'possible' ? (
        <DateField
          allowFuture
          error={errorOf('due')}
          id={idOf('due')}
          initial={was?.due}
          label={t('pregnancy.due')}
          onChange={(due) => edit({ due })}
          optional
          precision="month"
        />
      ) : null}
    </FormFrame>
  );
}
