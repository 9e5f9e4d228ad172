// The rows of the visit, in the order in which a doctor works. What may not be written into is not shown.
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../core/access/categories.ts';
import type { Named, Prescribed, VisitDraft } from '../../../core/visit/draft.ts';
import type { LineFinding } from '../../../core/visit/findings.ts';
import type { VisitProblem } from '../../../core/visit/problems.ts';
import type { KeptVisit } from '../../api/kept-visits.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { AddField } from './add-field.tsx';
import { Findings } from './findings.tsx';
import { FollowUpRow, PictureRow, TellRow } from './last-rows.tsx';
import { findDiagnosis, findMedicine, findProcedure, findTest } from './lists.ts';
import { MedicineLine } from './medicine-line.tsx';
import { NamedList, Toggle, VisitRow, WordsRow } from './visit-row.tsx';
import { WhereTo } from './where-to.tsx';
import { VitalsRow } from './vitals-row.tsx';

export interface VisitFormProps {
  readonly kept: KeptVisit;
  readonly name: string;
  readonly adult: boolean;
  readonly today: string;
  readonly problems: readonly VisitProblem[];
  readonly found: ReadonlyMap<string, readonly LineFinding[]>;
  /** Undefined without network, where nothing of the record is known. */
  readonly checkedAgainst: { readonly allergies: number; readonly medicines: number } | undefined;
  readonly mayWrite: (part: Category) => boolean;
  readonly onChange: (part: Partial<VisitDraft>) => void;
}

const newKey = (): string => crypto.randomUUID();

export function VisitForm(props: VisitFormProps) {
  const { kept, mayWrite, onChange, problems } = props;
  const { draft } = kept;
  const { t } = useTranslation('visit');
  return (
    <div className="visit-form">
      <WordsRow
        id="visit-symptoms"
        label={t('symptoms')}
        note={t('symptoms.note')}
        onChange={(symptoms) => onChange({ symptoms })}
        value={draft.symptoms}
      />
      {mayWrite('vital-signs') ? (
        <>
          <WordsRow
            id="visit-examination"
            label={t('examination')}
            onChange={(examination) => onChange({ examination })}
            value={draft.examination}
          />
          <VitalsRow
            adult={props.adult}
            onChange={(vitals) => onChange({ vitals })}
            problems={problems}
            vitals={draft.vitals}
          />
        </>
      ) : null}
      {mayWrite('conditions') ? <DiagnosisRow draft={draft} onChange={onChange} /> : null}
      {mayWrite('medicines') ? <Prescription {...props} /> : null}
      {mayWrite('procedures') ? <OrderRows draft={draft} onChange={onChange} /> : null}
      {mayWrite('conditions') ? (
        <>
          <WordsRow
            id="visit-notes"
            label={t('notes')}
            onChange={(notes) => onChange({ notes })}
            value={draft.notes}
          />
          <WordsRow
            id="visit-advice"
            label={t('advice', { name: props.name })}
            note={t('advice.note')}
            onChange={(advice) => onChange({ advice })}
            value={draft.advice}
          />
        </>
      ) : null}
      {mayWrite('documents') ? <PictureRow draft={draft} onChange={onChange} /> : null}
      <FollowUpRow draft={draft} onChange={onChange} problems={problems} today={props.today} />
      <TellRow draft={draft} onChange={onChange} />
    </div>
  );
}

interface RowProps {
  readonly draft: VisitDraft;
  readonly onChange: (part: Partial<VisitDraft>) => void;
}

const without = <One extends Named>(list: readonly One[], { key }: Named): One[] =>
  list.filter((one) => one.key !== key);

function DiagnosisRow({ draft, onChange }: RowProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  return (
    <VisitRow label={t('diagnosis')}>
      <NamedList
        renderDetail={(one) => (
          <Toggle
            label={t('probable.of', { name: one.text })}
            on={one.probable}
            onChange={(probable) =>
              onChange({
                diagnoses: draft.diagnoses.map((each) =>
                  each.key === one.key ? { ...each, probable } : each,
                ),
              })
            }
            words={t('probable')}
          />
        )}
        of={draft.diagnoses}
        onRemove={(one) => onChange({ diagnoses: without(draft.diagnoses, one) })}
        remove={({ text }) => t('remove', { name: text })}
      />
      <AddField
        find={(typed) => findDiagnosis(typed, language, t('ownWords'))}
        label={t('diagnosis.add')}
        onAdd={(value) =>
          onChange({ diagnoses: [...draft.diagnoses, { ...value, key: newKey(), probable: false }] })
        }
        placeholder={t('diagnosis.hint')}
      />
    </VisitRow>
  );
}

function OrderRows({ draft, onChange }: RowProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  return (
    <>
      <VisitRow label={t('tests')}>
        <NamedList
          of={draft.tests}
          renderDetail={(one) => (
            <WhereTo
              of={one}
              onChange={(laboratory) =>
                onChange({
                  tests: draft.tests.map((each) => (each.key === one.key ? { ...each, laboratory } : each)),
                })
              }
            />
          )}
          onRemove={(one) => onChange({ tests: without(draft.tests, one) })}
          remove={({ text }) => t('remove', { name: text })}
        />
        <AddField
          find={(typed) => findTest(typed, language, t('ownWords'))}
          label={t('tests.add')}
          onAdd={(value) => onChange({ tests: [...draft.tests, { ...value, key: newKey() }] })}
          placeholder={t('tests.hint')}
        />
      </VisitRow>
      <VisitRow label={t('procedures')}>
        <NamedList
          of={draft.procedures}
          onRemove={(one) => onChange({ procedures: without(draft.procedures, one) })}
          remove={({ text }) => t('remove', { name: text })}
        />
        <AddField
          find={(typed) => findProcedure(typed, language, t('ownWords'))}
          label={t('procedures.add')}
          onAdd={(value) => onChange({ procedures: [...draft.procedures, { ...value, key: newKey() }] })}
          placeholder={t('procedures.hint')}
        />
      </VisitRow>
    </>
  );
}

function Prescription({ kept, problems, found, checkedAgainst, onChange }: VisitFormProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const { draft } = kept;
  const change = (one: Prescribed): void =>
    onChange({ medicines: draft.medicines.map((each) => (each.key === one.key ? one : each)) });
  const remove = (one: Prescribed): void => onChange({ medicines: without(draft.medicines, one) });
  return (
    <VisitRow label={t('prescription')}>
      {draft.medicines.length === 0 ? null : (
        <ul className="visit-lines">
          {draft.medicines.map((one) => (
            <li key={one.key}>
              <MedicineLine
                of={one}
                onChange={change}
                onRemove={() => remove(one)}
                wrong={problems.some(({ field }) => field === `medicine:${one.key}`)}
              />
              <Findings
                found={found.get(one.key) ?? []}
                of={one}
                onReason={(rule, reason) => change({ ...one, reasons: { ...one.reasons, [rule]: reason } })}
                onRemove={() => {
                  remove(one);
                  document.getElementById('visit-medicine')?.focus();
                }}
                server={kept.found?.[one.key] ?? []}
              />
            </li>
          ))}
        </ul>
      )}
      <AddField
        find={(typed) => findMedicine(typed, language, t('ownWords'))}
        id="visit-medicine"
        label={t('prescription.add')}
        onAdd={(value) => onChange({ medicines: [...draft.medicines, { ...value, key: newKey() }] })}
        placeholder={t('prescription.hint')}
      />
      <p className="quiet small">
        {checkedAgainst === undefined
          ? t('prescription.unchecked')
          : t('prescription.checked', checkedAgainst)}
      </p>
    </VisitRow>
  );
}
