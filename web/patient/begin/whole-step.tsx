// A question with one answer: its form, or the answer that is already there.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fact, RecordFacts, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { Band } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { BodyMassIndex } from '../facts/body-mass-index.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { EntryForm } from '../forms/entry-form.tsx';

export interface WholeStepProps<Id extends SectionId> {
  readonly section: Id;
  readonly answered: boolean;
  readonly onSaved: () => void;
  readonly next: ReactNode;
  readonly skip: ReactNode;
}

function firstFact<Id extends SectionId>(
  section: Id,
  facts: RecordFacts,
): Fact<SectionValues[Id]> | undefined {
  const state = facts[section];
  if (state.state !== 'recorded') return undefined;
  const list: readonly Fact<SectionValues[Id]>[] = state.facts;
  return list[0];
}

export function WholeStep<Id extends SectionId>(props: WholeStepProps<Id>) {
  const { section, answered, onSaved, next, skip } = props;
  const { t } = useTranslation('patient-forms');
  const { facts } = useRecordFacts();
  const words = useSectionWords()(section);
  const [changing, setChanging] = useState(!answered);
  const { contacts, body } = facts;
  if (changing)
    return (
      <EntryForm
        act={words.save}
        brief
        fact={firstFact(section, facts)}
        onSaved={onSaved}
        others={skip}
        section={section}
        startedFrom={firstFact(section, facts)}
      />
    );
  const measured = (kind: 'weight' | 'height') =>
    body.state === 'recorded' ? body.facts.find((one) => one.value.kind === kind)?.value.value : undefined;
  return (
    <div className="stack-wide begin-answer">
      <FactList label={words.title} section={section} state={facts[section]} withProof={false} />
      {section === 'body' ? (
        <BodyMassIndex facts={facts} heightCm={measured('height')} weightKg={measured('weight')} />
      ) : null}
      {section === 'contacts' && contacts.state === 'recorded' && contacts.facts.length < 2 ? (
        <Band tone="caution">{t('contacts.oneOnly')}</Band>
      ) : null}
      <div className="form-acts">
        {next}
        <Button onPress={() => setChanging(true)} wide>
          {words.changeAll}
        </Button>
      </div>
    </div>
  );
}
