// One medicine: its name, how much, how often. Words of a source that fit no box stay words.
import { useTranslation } from 'react-i18next';
import { findEntry } from '../../../core/record/code-lists/code-list.ts';
import { routes } from '../../../core/record/code-lists/small-lists.ts';
import type { Frequency, Medicine } from '../../../core/record/facts.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { SelectField } from '../../ui/choice.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import {
  frequencyKey,
  knownFrequencies,
  knownUnits,
  oftenWords,
  unitWords,
} from '../facts/parts-clinical.ts';
import { useSay } from '../facts/parts.ts';
import { choiceOf, CodeField, draftOf, entryLabel } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { MoreDetails } from './more-details.tsx';
import {
  dateOrNothing,
  numberOrNothing,
  startingDate,
  textOrNothing,
  useSectionForm,
} from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';
import { NoteField, SinceField } from './shared-fields.tsx';

interface Draft {
  readonly medicine: ChoiceDraft;
  readonly doseValue: string;
  readonly doseUnit: string | undefined;
  /** A key of `knownFrequencies`, the frequency that was recorded, "needed", or "own" words. */
  readonly often: string | undefined;
  readonly doseText: string;
  readonly route: string | undefined;
  readonly reason: string;
  readonly since: DateReading;
  readonly note: string;
}

function oftenOf(was: Medicine | undefined): string | undefined {
  if (was === undefined) return undefined;
  if (was.doseText !== undefined) return 'own';
  if (was.frequency !== undefined) return frequencyKey(was.frequency);
  return was.asNeeded ? 'needed' : undefined;
}

function frequencyOf(often: string | undefined): Frequency | undefined {
  const [times, period, unit] = (often ?? '').split('-');
  const units = ['s', 'min', 'h', 'd', 'wk', 'mo', 'a'] as const;
  const known = units.find((each) => each === unit);
  return known === undefined ? undefined : { times: Number(times), period: Number(period), unit: known };
}

export function MedicineForm(host: FormHost<'medicines'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const language = useLanguage();
  const say = useSay();
  const was = host.fact?.value;
  const form = useSectionForm(
    'medicines',
    host,
    (): Draft => ({
      medicine: draftOf('medicines', was && { text: was.name, codes: was.codes }, say.term),
      doseValue: was?.dose === undefined ? '' : String(was.dose.value),
      doseUnit: was?.dose?.unit,
      often: oftenOf(was),
      doseText: was?.doseText ?? '',
      route: was?.route === undefined ? undefined : findEntry(routes, was.route.codes, was.route.text)?.id,
      reason: was?.reason ?? '',
      since: startingDate(was?.since),
      note: was?.note ?? '',
    }),
    (draft) => {
      const own = draft.often === 'own';
      return {
        form: {
          medicine: choiceOf(draft.medicine),
          doseValue: numberOrNothing(draft.doseValue),
          doseUnit: draft.doseValue.trim() === '' ? undefined : draft.doseUnit,
          doseText: own ? textOrNothing(draft.doseText) : undefined,
          frequency: own ? was?.frequency : frequencyOf(draft.often),
          asNeeded: own ? was?.asNeeded : draft.often === 'needed' ? true : undefined,
          route: draft.route,
          reason: textOrNothing(draft.reason),
          since: dateOrNothing(draft.since),
          note: textOrNothing(draft.note),
        },
        dates: { since: draft.since },
        numbers: { doseValue: draft.doseValue },
      };
    },
  );
  const { draft, edit, errorOf, idOf } = form;
  const units = [
    ...knownUnits,
    ...(draft.doseUnit === undefined || knownUnits.some((each) => each === draft.doseUnit)
      ? []
      : [draft.doseUnit]),
  ];
  const recorded = was?.frequency;
  const isUnusual =
    recorded !== undefined && !knownFrequencies.some((each) => each === frequencyKey(recorded));
  return (
    <FormFrame form={form} host={host}>
      <CodeField
        error={errorOf('medicine')}
        hint={t('medicines.medicineHint')}
        id={idOf('medicine')}
        label={t('medicines.medicine')}
        list="medicines"
        onChange={(medicine) => edit({ medicine })}
        value={draft.medicine}
      />
      <div className="field-pair">
        <TextField
          error={errorOf('doseValue')}
          id={idOf('doseValue')}
          inputMode="decimal"
          label={t('medicines.doseValue')}
          maxLength={12}
          onChange={(doseValue) => edit({ doseValue })}
          value={draft.doseValue}
        />
        <SelectField
          error={errorOf('doseUnit')}
          id={idOf('doseUnit')}
          label={t('medicines.doseUnit')}
          onChange={(doseUnit) => edit({ doseUnit })}
          options={units.map((unit) => ({ value: unit, label: unitWords(unit, say) }))}
          value={draft.doseUnit}
        />
      </div>
      <SelectField
        error={errorOf('frequency')}
        id={idOf('frequency')}
        label={t('medicines.often')}
        onChange={(often) => edit({ often })}
        options={[
          ...knownFrequencies.map((key) => ({
            value: key as string,
            label: t(`patient-record:often.${key}`),
          })),
          ...(isUnusual ? [{ value: frequencyKey(recorded), label: oftenWords(recorded, say) }] : []),
          { value: 'needed', label: t('patient-record:often.needed') },
          { value: 'own', label: t('patient-record:often.own') },
        ]}
        value={draft.often}
      />
      {draft.often === 'own' ? (
        <TextField
          error={errorOf('doseText')}
          hint={t('medicines.doseTextHint')}
          id={idOf('doseText')}
          label={t('medicines.doseText')}
          maxLength={200}
          onChange={(doseText) => edit({ doseText })}
          value={draft.doseText}
        />
      ) : null}
      <MoreDetails
        startOpen={host.fact !== undefined && host.brief !== true}
        wrong={['route', 'reason', 'since', 'note'].some((field) => errorOf(field) !== undefined)}
      >
        <TextField
          error={errorOf('reason')}
          id={idOf('reason')}
          label={t('medicines.reason')}
          maxLength={200}
          onChange={(reason) => edit({ reason })}
          optional
          value={draft.reason}
        />
        <SelectField
          error={errorOf('route')}
          id={idOf('route')}
          label={t('medicines.route')}
          onChange={(route) => edit({ route })}
          optional
          options={routes.map((entry) => ({ value: entry.id, label: entryLabel(entry, language) }))}
          value={draft.route}
        />
        <SinceField form={form} initial={was?.since} />
        <NoteField form={form} />
      </MoreDetails>
    </FormFrame>
  );
}
