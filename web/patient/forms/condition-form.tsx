// One long-term illness: its name, since when, how bad.
import { useTranslation } from 'react-i18next';
import type { Severity } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { useTerm } from '../facts/terms.ts';
import { choiceOf, CodeField, draftOf } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';
import { NoteField, SinceField } from './shared-fields.tsx';

interface Draft {
  readonly condition: ChoiceDraft;
  readonly severity: Severity | undefined;
  readonly since: DateReading;
  readonly note: string;
}

export function ConditionForm(host: FormHost<'conditions'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const term = useTerm();
  const was = host.fact?.value;
  const form = useSectionForm(
    'conditions',
    host,
    (): Draft => ({
      condition: draftOf('conditions', was && { text: was.name, codes: was.codes }, term),
      severity: was?.severity,
      since: startingDate(was?.since),
      note: was?.note ?? '',
    }),
    (draft) => ({
      form: {
        condition: choiceOf(draft.condition),
        severity: draft.severity,
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
        error={errorOf('condition')}
        hint={t('form.ownWords')}
        id={idOf('condition')}
        label={t('conditions.condition')}
        list="conditions"
        onChange={(condition) => edit({ condition })}
        value={draft.condition}
      />
      <SinceField form={form} initial={was?.since} />
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={errorOf('note') !== undefined || errorOf('severity') !== undefined}
      >
        <Choice
          error={errorOf('severity')}
          id={idOf('severity')}
          label={t('conditions.severity')}
          onChange={(severity) => edit({ severity })}
          optional
          options={[
            { value: 'mild', label: t('patient-record:severity.mild') },
            { value: 'moderate', label: t('patient-record:severity.moderate') },
            { value: 'severe', label: t('patient-record:severity.severe') },
          ]}
          side
          value={draft.severity}
        />
        <NoteField form={form} />
      </MoreDetails>
    </FormFrame>
  );
}
