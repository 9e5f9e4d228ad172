// A section's form joined to the record: what it saves, what it does when somebody else was first.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Fact, SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { FormOf } from '../../../core/record/forms.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useSaveSection } from '../facts/use-save.ts';
import { SectionForm } from './section-form.tsx';

export interface EntryFormProps<Id extends SectionId> {
  readonly section: Id;
  /** The entry as it stands now. */
  readonly fact?: Fact<SectionValues[Id]> | undefined;
  /** The entry as it stood when the form was opened; decides which resource is changed. */
  readonly startedFrom?: Fact<SectionValues[Id]> | undefined;
  readonly act: string;
  /** In the guided flow: fewer fields, and no toast, because the page shows what was saved. */
  readonly brief?: boolean | undefined;
  readonly onSaved: () => void;
  readonly others?: ReactNode;
}

export function EntryForm<Id extends SectionId>(props: EntryFormProps<Id>) {
  const { section, fact, startedFrom, act, brief, onSaved, others } = props;
  const { facts } = useRecordFacts();
  const { saving, error, save, forget } = useSaveSection(section, brief);
  const [round, setRound] = useState(0);
  return (
    <SectionForm
      host={{
        facts,
        fact,
        brief,
        saving,
        error,
        act,
        others,
        onSave: (form) => save(withStoredFile(section, form, fact), (startedFrom ?? fact)?.resource, onSaved),
        onTakeStored: () => {
          forget();
          setRound(round + 1);
        },
      }}
      key={round}
      section={section}
    />
  );
}

/** The file of a document stays where it is: the form only knows its path on this server. */
function withStoredFile<Id extends SectionId>(
  section: Id,
  form: FormOf<Id>,
  fact: Fact<SectionValues[Id]> | undefined,
): FormOf<Id> {
  const value: SectionValues[SectionId] | undefined = fact?.value;
  if (section !== 'documents' || value === undefined || !('fileId' in value) || value.url === undefined)
    return form;
  return { ...form, url: value.url };
}
