// One form of a section while it is filled in: what is typed, what is wrong with it, whether leaving would lose it.
// The rules are those of core/record; this file gives them words and places.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fact, RecordFacts, SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { FormOf } from '../../../core/record/forms.ts';
import { validateForm } from '../../../core/record/validate-forms.ts';
import type { FormProblem } from '../../ui/band.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { todayHere } from '../facts/today.ts';

/** What a page gives to a form. */
export interface FormHost<Id extends SectionId> {
  readonly facts: RecordFacts;
  /** The entry to change; absent for a new one. */
  readonly fact?: Fact<SectionValues[Id]> | undefined;
  /** Only what is needed at first; the rest stays behind "More details". */
  readonly brief?: boolean | undefined;
  readonly saving: boolean;
  readonly error: Error | null;
  readonly onSave: (form: FormOf<Id>) => void;
  /** The words of the button. */
  readonly act: string;
  /** Beside the button: cancel, not now. */
  readonly others?: ReactNode;
  /** Takes what is stored instead of what was typed, after somebody else was first. */
  readonly onTakeStored?: (() => void) | undefined;
}

export interface Reading<Id extends SectionId> {
  /** The form as core takes it. What is missing is left out. */
  readonly form: { readonly [Field in keyof FormOf<Id>]?: FormOf<Id>[Field] | undefined };
  readonly dates?: Readonly<Record<string, DateReading | undefined>>;
  /** Boxes that must hold a number: what was typed by field. */
  readonly numbers?: Readonly<Record<string, string>>;
}

export interface SectionForm<Id extends SectionId, Draft> {
  readonly section: Id;
  readonly draft: Draft;
  readonly edit: (change: Partial<Draft>) => void;
  readonly errorOf: (field: string) => string | undefined;
  readonly idOf: (field: string) => string;
  readonly submit: () => void;
  readonly tries: number;
  /** The problems as they were when the form was sent: the summary must not move while one types. */
  readonly summary: readonly FormProblem[];
  readonly unsavedRef: RefObject<boolean>;
}

export function useSectionForm<Id extends SectionId, Draft>(
  section: Id,
  host: FormHost<Id>,
  start: () => Draft,
  read: (draft: Draft) => Reading<Id>,
): SectionForm<Id, Draft> {
  const [draft, setDraft] = useState(start);
  const [tries, setTries] = useState(0);
  const [summary, setSummary] = useState<readonly FormProblem[]>([]);
  const unsavedRef = useRef(false);
  const problemsOf = useProblems(section);
  const { error } = host;
  useEffect(() => {
    if (error !== null) unsavedRef.current = true;
  }, [error]);
  const idOf = (field: string): string => `${section}-${field.replaceAll('.', '-')}`;
  const problems = tries === 0 ? [] : problemsOf(read(draft), idOf);
  return {
    section,
    draft,
    tries,
    summary,
    unsavedRef,
    idOf,
    edit: (change) => {
      unsavedRef.current = true;
      setDraft({ ...draft, ...change });
    },
    errorOf: (field) => problems.find((one) => one.field === idOf(field))?.message,
    submit: () => {
      if (host.saving) return;
      const reading = read(draft);
      const found = problemsOf(reading, idOf);
      setTries(tries + 1);
      setSummary(found);
      if (found.length > 0) return;
      unsavedRef.current = false;
      // Validated just above: what core requires is there.
      host.onSave(withoutGaps(reading.form) as FormOf<Id>);
    },
  };
}

function withoutGaps(form: object): object {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
}

const needs = [
  'need.identity.name',
  'need.allergies.substance',
  'need.conditions.condition',
  'need.medicines.medicine',
  'need.disabilities.disability',
  'need.vaccinations.vaccine',
  'need.vaccinations.date',
  'need.implants.implant',
  'need.blood-group.group',
  'need.body.weightKg',
  'need.pregnancy.state',
  'need.contacts.contacts',
  'need.contacts.name',
  'need.contacts.phone',
  'need.care-team.name',
  'need.organ-donor.answer',
  'need.organ-donor.organs',
  'need.directives.kind',
  'need.documents.title',
  'need.documents.kind',
] as const;

function useProblems<Id extends SectionId>(
  section: Id,
): (reading: Reading<Id>, idOf: (field: string) => string) => readonly FormProblem[] {
  const { t } = useTranslation('patient-forms');
  const { t: common } = useTranslation('common');
  return (reading, idOf) => {
    const found = new Map<string, string>();
    for (const [field, date] of Object.entries(reading.dates ?? {}))
      if (date?.kind === 'problem') found.set(field, common(date.problem));
    for (const [field, typed] of Object.entries(reading.numbers ?? {}))
      if (readNumber(typed) === 'not-a-number') found.set(field, t('problem.not-a-number'));
    for (const { field, code } of validateForm(section, withoutGaps(reading.form), todayHere())) {
      // A choice is one box, whatever is wrong inside it.
      const box = field.replace(/\.(text|listId)$/, '');
      if (found.has(box)) continue;
      const need = needs.find((key) => key === `need.${section}.${box.split('.').at(-1) ?? ''}`);
      found.set(box, code === 'required' && need !== undefined ? t(need) : t(`problem.${code}`));
    }
    return [...found].map(([field, message]) => ({ field: idOf(field), message }));
  };
}

/** A number as people write it, with point or comma; undefined where nothing was written. */
export function readNumber(typed: string): number | 'not-a-number' | undefined {
  const text = typed.trim().replace(',', '.');
  if (text === '') return undefined;
  return /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 'not-a-number';
}

export function numberOrNothing(typed: string): number | undefined {
  const number = readNumber(typed);
  return number === 'not-a-number' ? undefined : number;
}

export function dateOrNothing(reading: DateReading | undefined): string | undefined {
  return reading?.kind === 'date' ? reading.value : undefined;
}

export function startingDate(value: string | undefined): DateReading {
  return value === undefined ? { kind: 'empty' } : { kind: 'date', value: value.slice(0, 10) };
}

export function textOrNothing(typed: string): string | undefined {
  const text = typed.trim();
  return text === '' ? undefined : text;
}
