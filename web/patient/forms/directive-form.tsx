// One advance directive: which paper it is and where the signed one lies.
import { useTranslation } from 'react-i18next';
import type { DirectiveKind } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly kind: DirectiveKind | undefined;
  readonly where: string;
  readonly date: DateReading;
}

const kinds = ['dnr', 'living-will', 'power-of-attorney', 'care-plan', 'portable-order', 'other'] as const;

export function DirectiveForm(host: FormHost<'directives'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const was = host.fact?.value;
  const form = useSectionForm(
    'directives',
    host,
    (): Draft => ({ kind: was?.kind, where: was?.whereToFind ?? '', date: startingDate(was?.date) }),
    (draft) => ({
      form: {
        kind: draft.kind,
        whereToFind: textOrNothing(draft.where),
        date: dateOrNothing(draft.date),
      },
      dates: { date: draft.date },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <Choice
        error={errorOf('kind')}
        id={idOf('kind')}
        label={t('directives.kind')}
        onChange={(kind) => edit({ kind })}
        options={kinds.map((kind) => ({ value: kind, label: t(`patient-record:directive.${kind}`) }))}
        value={draft.kind}
      />
      <TextField
        error={errorOf('whereToFind')}
        id={idOf('whereToFind')}
        label={t('directives.where')}
        lines={2}
        onChange={(where) => edit({ where })}
        optional
        value={draft.where}
      />
      <DateField
        error={errorOf('date')}
        hint={t('form.sinceHint')}
        id={idOf('date')}
        initial={was?.date}
        label={t('directives.date')}
        onChange={(date) => edit({ date })}
        optional
        precision="year"
      />
    </FormFrame>
  );
}
