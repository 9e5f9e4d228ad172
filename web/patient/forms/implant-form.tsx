// One implant: what it is, since when, and whether an MRI scanner may come near it.
import { useTranslation } from 'react-i18next';
import type { MriSafety } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useTerm } from '../facts/terms.ts';
import { choiceOf, CodeField, draftOf } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';
import { NoteField, SinceField } from './shared-fields.tsx';

interface Draft {
  readonly implant: ChoiceDraft;
  readonly mri: MriSafety | undefined;
  readonly since: DateReading;
  readonly model: string;
  readonly note: string;
}

export function ImplantForm(host: FormHost<'implants'>) {
  const { t } = useTranslation('patient-forms');
  const term = useTerm();
  const was = host.fact?.value;
  const form = useSectionForm(
    'implants',
    host,
    (): Draft => ({
      implant: draftOf('implants', was && { text: was.kind, codes: was.codes }, term),
      mri: was?.mri,
      since: startingDate(was?.since),
      model: was?.model ?? '',
      note: was?.note ?? '',
    }),
    (draft) => ({
      form: {
        implant: choiceOf(draft.implant),
        mri: draft.mri,
        since: dateOrNothing(draft.since),
        model: textOrNothing(draft.model),
        note: textOrNothing(draft.note),
      },
      dates: { since: draft.since },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <CodeField
        error={errorOf('implant')}
        hint={t('form.ownWords')}
        id={idOf('implant')}
        label={t('implants.implant')}
        list="implants"
        onChange={(implant) => edit({ implant })}
        value={draft.implant}
      />
      <Choice
        error={errorOf('mri')}
        hint={t('implants.mriHint')}
        id={idOf('mri')}
        label={t('implants.mri')}
        onChange={(mri) => edit({ mri })}
        optional
        options={[
          { value: 'unsafe', label: t('implants.mriUnsafe') },
          { value: 'conditional', label: t('implants.mriConditional') },
          { value: 'safe', label: t('implants.mriSafe') },
          { value: 'unknown', label: t('implants.mriUnknown') },
        ]}
        side
        value={draft.mri}
      />
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={['since', 'model', 'note'].some((field) => errorOf(field) !== undefined)}
      >
        <SinceField form={form} initial={was?.since} />
        <TextField
          error={errorOf('model')}
          id={idOf('model')}
          label={t('implants.model')}
          maxLength={200}
          onChange={(model) => edit({ model })}
          optional
          value={draft.model}
        />
        <NoteField form={form} />
      </MoreDetails>
    </FormFrame>
  );
}
