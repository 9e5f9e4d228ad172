// Fields that the forms of several sections end with: since when, and a note.
import { useTranslation } from 'react-i18next';
import type { SectionId } from '../../../core/record/facts.ts';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import type { SectionForm } from './section-form-state.ts';

type Fields = 'draft' | 'edit' | 'errorOf' | 'idOf';

/** `initial`: the date as it is stored, a year or more of it. */
export function SinceField({
  form: { edit, errorOf, idOf },
  initial,
}: {
  readonly form: Pick<SectionForm<SectionId, { readonly since: DateReading }>, Fields>;
  readonly initial: string | undefined;
}) {
  const { t } = useTranslation('patient-forms');
  return (
    <DateField
      error={errorOf('since')}
      hint={t('form.sinceHint')}
      id={idOf('since')}
      initial={initial}
      label={t('form.since')}
      onChange={(since) => edit({ since })}
      optional
      precision="year"
    />
  );
}

export function NoteField({
  form: { draft, edit, errorOf, idOf },
}: {
  readonly form: Pick<SectionForm<SectionId, { readonly note: string }>, Fields>;
}) {
  const { t } = useTranslation('patient-forms');
  return (
    <TextField
      error={errorOf('note')}
      hint={t('form.noteHint')}
      id={idOf('note')}
      label={t('form.note')}
      lines={3}
      onChange={(note) => edit({ note })}
      optional
      value={draft.note}
    />
  );
}
