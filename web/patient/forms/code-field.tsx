// Own words helped by one of the code lists, searched in both languages and by other names.
import { plainText, searchList } from '../../../core/record/code-lists/code-list.ts';
import type { ListEntry } from '../../../core/record/code-lists/code-list.ts';
import { codeLists } from '../../../core/record/code-lists/terms.ts';
import type { CodeListName } from '../../../core/record/code-lists/terms.ts';
import type { CodedText } from '../../../core/record/facts.ts';
import type { Choice } from '../../../core/record/forms.ts';
import { useLanguage } from '../../i18n/texts.ts';
import type { Language } from '../../i18n/format.ts';
import { ComboField } from '../../ui/combo-field.tsx';
import type { SayTerm } from '../facts/terms.ts';

const MOST_SHOWN = 40;

/** What stands in the box, and what it means where it came from the list or from the record. */
export interface ChoiceDraft {
  readonly shown: string;
  readonly choice?: Choice | undefined;
}

export const noChoice: ChoiceDraft = { shown: '' };

/** A recorded term in the box. Left as it is, it keeps its codes. */
export function draftOf(list: CodeListName, term: CodedText | undefined, say: SayTerm): ChoiceDraft {
  return term === undefined ? noChoice : { shown: say(list, term), choice: { text: term.text } };
}

export function choiceOf({ shown, choice }: ChoiceDraft): Choice | undefined {
  const own = shown.trim();
  return choice ?? (own === '' ? undefined : { text: own });
}

/** A chosen entry is stored by its English name with its codes, and shown in every reader's language. */
export function choiceFromList(entry: ListEntry): Choice {
  return { text: entry.en, listId: entry.id };
}

export function entryLabel(entry: ListEntry, language: Language): string {
  return language === 'hi' ? entry.hi : entry.en;
}

export interface CodeFieldProps {
  readonly list: CodeListName;
  readonly value: ChoiceDraft;
  readonly onChange: (value: ChoiceDraft) => void;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly id: string;
  readonly optional?: boolean | undefined;
}

export function CodeField({ list, value, onChange, ...field }: CodeFieldProps) {
  const language = useLanguage();
  const found = searchList<ListEntry>(codeLists[list], value.shown, MOST_SHOWN);
  const suggestions = found.map((entry) => ({
    id: entry.id,
    label: entryLabel(entry, language),
    hint: otherName(entry, value.shown, language),
  }));
  return (
    <ComboField
      {...field}
      maxLength={200}
      onChange={(shown, chosen) => {
        const entry = found.find((one) => one.id === chosen?.id);
        if (entry !== undefined) onChange({ shown, choice: choiceFromList(entry) });
        else if (shown !== value.shown) onChange({ shown });
      }}
      searched
      suggestions={suggestions}
      value={value.shown}
    />
  );
}

/** The name by which it was found, where that is not the name that is shown. */
function otherName(entry: ListEntry, typed: string, language: Language): string | undefined {
  const asked = plainText(typed.trim());
  const shown = entryLabel(entry, language);
  if (asked === '' || plainText(shown).includes(asked)) return language === 'hi' ? entry.en : undefined;
  const names = [entry.en, entry.hi, ...entry.aliases];
  return names.find((name) => name !== shown && plainText(name).includes(asked));
}
