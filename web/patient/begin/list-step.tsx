// A question with any number of answers: what is there, one more, none known, or not now.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fact, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { Button } from '../../ui/button.tsx';
import { FactList } from '../facts/fact-list.tsx';
import { SayNone, TakeBackNone } from '../facts/none-known-act.tsx';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSectionWords } from '../facts/section-words.ts';
import { DocumentUpload } from '../forms/document-upload.tsx';
import { EntryForm } from '../forms/entry-form.tsx';
import { RemoveSheet } from '../record/remove-sheet.tsx';
import type { ToRemove } from '../record/remove-sheet.tsx';

export interface ListStepProps<Id extends SectionId> {
  readonly section: Id;
  readonly next: ReactNode;
  readonly skip: ReactNode;
}

const MOST_SHOWN = 8;

export function ListStep<Id extends SectionId>({ section, next, skip }: ListStepProps<Id>) {
  const { t } = useTranslation(['record-pages', 'patient-forms']);
  const { facts } = useRecordFacts();
  const words = useSectionWords()(section);
  const state = facts[section];
  const [open, setOpen] = useState<'new' | Fact<SectionValues[Id]> | undefined>();
  const [removing, setRemoving] = useState<ToRemove | undefined>();
  const isFirst = state.state === 'not-recorded';
  const close = (): void => {
    setOpen(undefined);
    // What was just saved is announced by the toast; the reading goes on from the question.
    document.querySelector<HTMLElement>('h1')?.focus();
  };
  const cancel = (
    <Button look="link" onPress={close}>
      {t('patient-forms:form.cancel')}
    </Button>
  );
  if (isFirst || open !== undefined) {
    const fact = open === 'new' ? undefined : open;
    const others = isFirst ? (
      <>
        <SayNone onSaid={close} quiet section={section} />
        {skip}
      </>
    ) : (
      cancel
    );
    return section === 'documents' && fact === undefined ? (
      <DocumentUpload onSaved={close} others={others} />
    ) : (
      <EntryForm
        act={words.save}
        brief
        fact={fact}
        key={fact?.resource.id ?? 'new'}
        onSaved={close}
        others={others}
        section={section}
        startedFrom={fact}
      />
    );
  }
  return (
    <div className="stack-wide begin-answer">
      <FactList
        renderActions={(fact, what) => (
          <>
            {section === 'documents' ? null : (
              <Button label={t('entry.changeNamed', { what })} look="link" onPress={() => setOpen(fact)}>
                {t('entry.change')}
              </Button>
            )}
            <Button
              label={t('entry.removeNamed', { what })}
              look="link"
              onPress={() => setRemoving({ of: fact.resource, what })}
            >
              {t('entry.remove')}
            </Button>
          </>
        )}
        label={words.title}
        most={MOST_SHOWN}
        noneActions={<TakeBackNone section={section} />}
        section={section}
        state={state}
        withProof={false}
      />
      <div className="form-acts">
        {next}
        {state.state === 'recorded' ? (
          <Button icon="plus" onPress={() => setOpen('new')} wide>
            {words.changeAll}
          </Button>
        ) : null}
      </div>
      <RemoveSheet entry={removing} onClose={() => setRemoving(undefined)} section={section} />
    </div>
  );
}
