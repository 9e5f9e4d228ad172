// One disability: what it is and what helps.
import { useTranslation } from 'react-i18next';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useTerm } from '../facts/terms.ts';
import { choiceOf, CodeField, draftOf } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';
import { SinceField } from './shared-fields.tsx';

interface Draft {
  readonly disability: ChoiceDraft;
  readonly since: DateReading;
  readonly note: string;
}

export function DisabilityForm(host: FormHost<'disabilities'>) {
  const { t } = useTranslation('patient-forms');
  const term = useTerm();
  const was = host.fact?.value;
  const form = useSectionForm(
    'disabilities',
    host,
    (): Draft => ({
      disability: draftOf('disabilities', was && { text: was.name, codes: was.codes }, term),
      since: startingDate(was?.since),
      note: was?.note ?? '',
    }),
    (draft) => ({
      form: {
        disability: choiceOf(draft.disability),
        since: dateOrNothing(draft.since),
        note: textOrNothing(draft.note),
      },
      dates: { since: draft.since },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <CodeField
        error={errorOf('disability')}
        hint={t('form.ownWords')}
        id={idOf('disability')}
        label={t('disabilities.disability')}
        list="disabilities"
        onChange={(disability) => edit({ disability })}
        value={draft.disability}
      />
      <TextField
        error={errorOf('note')}
        hint={t('disabilities.helpsHint')}
        id={idOf('note')}
        label={t('disabilities.helps')}
        lines={2}
        onChange={(note) => edit({ note })}
        optional
        value={draft.note}
      />
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={errorOf('since') !== undefined}
      >
        <SinceField form={form} initial={was?.since} />
      </MoreDetails>
    </FormFrame>
  );
}
