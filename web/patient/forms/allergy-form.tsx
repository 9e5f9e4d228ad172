// One allergy: what one reacts to, what happens, how bad it was.
import { useTranslation } from 'react-i18next';
import { reactions } from '../../../core/record/code-lists/allergens.ts';
import { entryById, identicalEntry } from '../../../core/record/code-lists/code-list.ts';
import type { Severity } from '../../../core/record/facts.ts';
import type { Choice as FormChoice } from '../../../core/record/forms.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Choice, ManyChoice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { useTerm } from '../facts/terms.ts';
import { choiceFromList, choiceOf, CodeField, draftOf, entryLabel, noChoice } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';
import { NoteField, SinceField } from './shared-fields.tsx';

/** What people name most; everything else is one line further down. */
const common = ['anaphylaxis', 'dyspnoea', 'angioedema', 'hives', 'rash', 'vomiting'].flatMap(
  (id) => entryById(reactions, id) ?? [],
);

interface Draft {
  readonly substance: ChoiceDraft;
  readonly ticked: readonly string[];
  /** Reactions that are not among the common ones, as they were recorded. */
  readonly kept: readonly FormChoice[];
  readonly other: ChoiceDraft;
  readonly severity: Severity | undefined;
  readonly since: DateReading;
  readonly lastReaction: DateReading;
  readonly note: string;
}

export function AllergyForm(host: FormHost<'allergies'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const language = useLanguage();
  const term = useTerm();
  const was = host.fact?.value;
  const form = useSectionForm(
    'allergies',
    host,
    (): Draft => {
      const told = (was?.reactions ?? []).map((one) => ({
        one,
        entry: identicalEntry(common, one.codes, one.text),
      }));
      return {
        substance: draftOf('allergens', was && { text: was.substance, codes: was.codes }, term),
        ticked: told.flatMap(({ entry }) => entry?.id ?? []),
        kept: told.flatMap(({ one, entry }) => (entry === undefined ? { text: one.text } : [])),
        other: noChoice,
        severity: was?.severity,
        since: startingDate(was?.since),
        lastReaction: startingDate(was?.lastReaction),
        note: was?.note ?? '',
      };
    },
    (draft) => {
      const listed = common.filter((entry) => draft.ticked.includes(entry.id)).map(choiceFromList);
      const other = choiceOf(draft.other);
      return {
        form: {
          substance: choiceOf(draft.substance),
          category: was?.category,
          criticality: was?.criticality,
          reactions: [...listed, ...draft.kept, ...(other === undefined ? [] : [other])],
          severity: draft.severity,
          since: dateOrNothing(draft.since),
          lastReaction: dateOrNothing(draft.lastReaction),
          note: textOrNothing(draft.note),
        },
        dates: { since: draft.since, lastReaction: draft.lastReaction },
      };
    },
  );
  const { draft, edit, errorOf, idOf } = form;
  const other = (
    <CodeField
      error={errorOf('reactions')}
      hint={draft.kept.length === 0 ? undefined : draft.kept.map((one) => one.text).join(', ')}
      id={idOf('reactions-other')}
      label={t('allergies.otherReaction')}
      list="reactions"
      onChange={(value) => edit({ other: value })}
      optional
      value={draft.other}
    />
  );
  return (
    <FormFrame form={form} host={host}>
      <CodeField
        error={errorOf('substance')}
        hint={t('allergies.substanceHint')}
        id={idOf('substance')}
        label={t('allergies.substance')}
        list="allergens"
        onChange={(substance) => edit({ substance })}
        value={draft.substance}
      />
      <ManyChoice
        id={idOf('reactions')}
        label={t('allergies.reactions')}
        onChange={(ticked) => edit({ ticked })}
        optional
        options={common.map((entry) => ({ value: entry.id, label: entryLabel(entry, language) }))}
        side
        values={draft.ticked}
      />
      <Choice
        error={errorOf('severity')}
        id={idOf('severity')}
        label={t('allergies.severity')}
        onChange={(severity) => edit({ severity })}
        optional
        options={[
          { value: 'severe', label: t('patient-record:severity.severe'), hint: t('allergies.severe') },
          { value: 'moderate', label: t('patient-record:severity.moderate'), hint: t('allergies.moderate') },
          { value: 'mild', label: t('patient-record:severity.mild'), hint: t('allergies.mild') },
        ]}
        value={draft.severity}
      />
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={['since', 'lastReaction', 'note'].some((field) => errorOf(field) !== undefined)}
      >
        {other}
        <DateField
          error={errorOf('lastReaction')}
          hint={t('form.sinceHint')}
          id={idOf('lastReaction')}
          initial={was?.lastReaction}
          label={t('allergies.lastReaction')}
          onChange={(lastReaction) => edit({ lastReaction })}
          optional
          precision="year"
        />
        <SinceField form={form} initial={was?.since} />
        <NoteField form={form} />
      </MoreDetails>
    </FormFrame>
  );
}
