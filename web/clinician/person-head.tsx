// Who somebody is, and what can kill them: the same at the head of their chart and of their visit.
import { useTranslation } from 'react-i18next';
import { isTaken, readAllergen } from '../../core/clinical/read-record.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { medicineClasses } from '../../core/record/code-lists/medicines.ts';
import { codesOf, objectAt, objectsAt, textAt } from '../../core/record/elements.ts';
import { noneKnownIn } from '../../core/record/none-known.ts';
import { readSource } from '../../core/record/read-source.ts';
import type { RecordIndex } from '../../core/record/record-index.ts';
import { timelineEntry } from '../../core/timeline/timeline-entry.ts';
import { ageInYears, formatDate, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { DangerBlock } from '../ui/danger-block.tsx';
import type { DangerLine } from '../ui/danger-block.tsx';
import { SourceLine } from '../ui/fact-row.tsx';

/** Age, birth date, sex, health ID, as far as they are known. @param uhid 14 digits, or nothing */
export function usePersonLead(): (of: {
  readonly person: Resource | undefined;
  readonly uhid: string;
  readonly today: string;
}) => string {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  return ({ person, uhid, today }) => {
    const birthDate = textAt(person, 'birthDate');
    const age = birthDate === undefined ? undefined : ageInYears(birthDate, today);
    const sex = (['male', 'female', 'other', 'unknown'] as const).find(
      (each) => each === textAt(person, 'gender'),
    );
    return [
      ...(age === undefined || birthDate === undefined
        ? []
        : [t('born', { age, date: formatDate(birthDate, language) })]),
      ...(sex === undefined ? [] : [t(`sex.${sex}`)]),
      ...(uhid === '' ? [] : [formatUhid(uhid)]),
    ].join(', ');
  };
}

const DANGEROUS = ['anticoagulant', 'insulin', 'steroid', 'immunosuppressant', 'chemotherapy'] as const;
/** A strip of more would hide what it is for. */
const mostLines = 12;

export interface DangersProps {
  readonly record: readonly Resource[];
  readonly index: RecordIndex;
  readonly today: string;
  /** Whether the permission covers allergies: what one may not see is not "not recorded". */
  readonly seesAllergies: boolean;
}

export function Dangers({ record, index, today, seesAllergies }: DangersProps) {
  const { t } = useTranslation('visit');
  const allergies = record.filter(
    (one) => one.resourceType === 'AllergyIntolerance' && readAllergen(one) !== undefined,
  );
  const medicines = record.filter((one) => {
    if (!isTaken(one, today)) return false;
    const classes = medicineClasses([], timelineEntry(one)?.title ?? '');
    return DANGEROUS.some((each) => classes.includes(each));
  });
  const lines = [...allergies, ...medicines].map((one): DangerLine => {
    const entry = timelineEntry(one);
    return { noun: entry?.title ?? '', instruction: entry?.lines[0] };
  });
  const once = [...new Map(lines.map((line) => [line.noun, line])).values()].filter(
    ({ noun }) => noun !== '',
  );
  const denied = record.find(
    (one) =>
      one.resourceType === 'AllergyIntolerance' &&
      noneKnownIn(codesOf(objectAt(one, 'code'))).includes('allergies'),
  );
  const { kind, who, date } =
    denied === undefined ? { kind: undefined, who: undefined, date: undefined } : readSource(index, denied);
  return (
    <>
      {once.length === 0 ? null : <DangerBlock compact lines={once.slice(0, mostLines)} />}
      {allergies.length > 0 ? null : (
        <div className="person-silence">
          {kind === undefined ? (
            <p>{t(seesAllergies ? 'allergies.notRecorded' : 'allergies.notOpen')}</p>
          ) : (
            <>
              <strong>{t('allergies.noneKnown')}</strong>
              <SourceLine source={{ author: kind, who, ...(date === undefined ? {} : { on: date }) }} />
            </>
          )}
        </div>
      )}
    </>
  );
}

export const patientOf = (record: readonly Resource[], id: string): Resource | undefined =>
  record.find((one) => one.resourceType === 'Patient' && textAt(one, 'id') === id);

/** The name as the record has it; undefined where it is not covered. */
export function nameIn(person: Resource | undefined): string | undefined {
  const [name] = objectsAt(person, 'name');
  const text = textAt(name, 'text');
  return text === undefined || text === '' ? undefined : text;
}
