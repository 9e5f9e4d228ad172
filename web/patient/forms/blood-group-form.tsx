// The blood group, and how it is known.
import { useTranslation } from 'react-i18next';
import { bloodGroups } from '../../../core/record/code-lists/small-lists.ts';
import type { BloodGroupOrigin } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { FormFrame } from './form-frame.tsx';
import { dateOrNothing, startingDate, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly group: string | undefined;
  readonly knownFrom: BloodGroupOrigin | undefined;
  readonly date: DateReading;
}

export function BloodGroupForm(host: FormHost<'blood-group'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const fact = host.fact;
  const was = fact?.value;
  const date = fact?.source.verified === true ? undefined : fact?.source.date;
  const form = useSectionForm(
    'blood-group',
    host,
    (): Draft => ({
      group: bloodGroups.find((one) => one.abo === was?.abo && one.rhesus === was?.rhesus)?.id,
      knownFrom: was?.knownFrom,
      date: startingDate(date),
    }),
    (draft) => ({
      form: { group: draft.group, knownFrom: draft.knownFrom, date: dateOrNothing(draft.date) },
      dates: { date: draft.date },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <Choice
        error={errorOf('group')}
        id={idOf('group')}
        label={t('blood-group.group')}
        onChange={(group) => edit({ group })}
        options={bloodGroups.map((one) => ({
          value: one.id,
          label: `${one.abo}${one.rhesus === 'positive' ? '+' : '−'}`,
          hint: t(`patient-record:blood.${one.rhesus}`, { abo: one.abo }),
        }))}
        side
        value={draft.group}
      />
      <Choice
        error={errorOf('knownFrom')}
        hint={t('blood-group.knownFromHint')}
        id={idOf('knownFrom')}
        label={t('blood-group.knownFrom')}
        onChange={(knownFrom) => edit({ knownFrom })}
        optional
        options={[
          { value: 'lab-report', label: t('blood-group.lab-report') },
          { value: 'card', label: t('blood-group.card') },
          { value: 'belief', label: t('blood-group.belief') },
        ]}
        value={draft.knownFrom}
      />
      {draft.knownFrom === 'belief' || draft.knownFrom === undefined ? null : (
        <DateField
          error={errorOf('date')}
          hint={t('form.sinceHint')}
          id={idOf('date')}
          initial={date}
          label={t('blood-group.date')}
          onChange={(reading) => edit({ date: reading })}
          optional
          precision="year"
        />
      )}
    </FormFrame>
  );
}
