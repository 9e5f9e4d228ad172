// The wish about giving organs. A wish, not a register: it can be changed at any time.
import { useTranslation } from 'react-i18next';
import { identicalEntry } from '../../../core/record/code-lists/code-list.ts';
import { organs } from '../../../core/record/code-lists/small-lists.ts';
import type { OrganDonorWish } from '../../../core/record/facts.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Choice, ManyChoice } from '../../ui/choice.tsx';
import { choiceFromList, entryLabel } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly answer: OrganDonorWish['answer'] | undefined;
  readonly organs: readonly string[];
}

export function OrganDonorForm(host: FormHost<'organ-donor'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const language = useLanguage();
  const was = host.fact?.value;
  const form = useSectionForm(
    'organ-donor',
    host,
    (): Draft => ({
      answer: was?.answer,
      organs: (was?.organs ?? []).flatMap((one) => identicalEntry(organs, one.codes, one.text)?.id ?? []),
    }),
    (draft) => ({
      form: {
        answer: draft.answer,
        organs:
          draft.answer === 'some'
            ? organs.filter((entry) => draft.organs.includes(entry.id)).map(choiceFromList)
            : undefined,
      },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <Choice
        error={errorOf('answer')}
        hint={t('organ-donor.hint')}
        id={idOf('answer')}
        label={t('organ-donor.answer')}
        onChange={(answer) => edit({ answer })}
        options={(['yes', 'some', 'no', 'relatives', 'unsure'] as const).map((answer) => ({
          value: answer,
          label: t(`patient-record:donor.${answer}`),
        }))}
        value={draft.answer}
      />
      {draft.answer === 'some' ? (
        <ManyChoice
          error={errorOf('organs')}
          id={idOf('organs')}
          label={t('organ-donor.organs')}
          onChange={(chosen) => edit({ organs: chosen })}
          options={organs.map((entry) => ({ value: entry.id, label: entryLabel(entry, language) }))}
          side
          values={draft.organs}
        />
      ) : null}
    </FormFrame>
  );
}
