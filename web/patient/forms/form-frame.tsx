// Around the fields of every section's form: what is wrong on top, the fields, one button that names the act.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SectionId } from '../../../core/record/facts.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { isConflict } from '../../api/record.ts';
import { Band, ErrorBand, FormProblems } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { factWords, partsOf, useSay } from '../facts/parts.ts';
import { LeaveGuard } from './leave-guard.tsx';
import type { FormHost, SectionForm } from './section-form-state.ts';
import './forms.css';

export interface FormFrameProps<Id extends SectionId, Draft> {
  readonly form: SectionForm<Id, Draft>;
  readonly host: FormHost<Id>;
  readonly children: ReactNode;
}

export function FormFrame<Id extends SectionId, Draft>({ form, host, children }: FormFrameProps<Id, Draft>) {
  const { t } = useTranslation('patient-forms');
  const source = host.fact?.source;
  return (
    <form
      className="stack-wide record-form"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {host.saving ? null : form.summary.length > 0 ? (
        <FormProblems key={form.tries} problems={form.summary} />
      ) : host.error === null ? null : (
        <SaveProblem error={host.error} host={host} key={form.tries} section={form.section} />
      )}
      {source?.verified === true ? (
        <Band tone="caution">
          {source.who === undefined ? t('form.verifiedUnnamed') : t('form.verified', { who: source.who })}
        </Band>
      ) : null}
      {children}
      <div className="form-acts">
        <Button busy={host.saving && t('form.saving')} look="primary" type="submit" wide>
          {host.act}
        </Button>
        {host.others}
      </div>
      <LeaveGuard unsavedRef={form.unsavedRef} />
    </form>
  );
}

interface SaveProblemProps<Id extends SectionId> {
  readonly section: Id;
  readonly host: FormHost<Id>;
  readonly error: Error;
}

/** What happened, what was kept, what next. Somebody else's change is shown, never written over unseen. */
function SaveProblem<Id extends SectionId>({ section, host, error }: SaveProblemProps<Id>) {
  const { t } = useTranslation('patient-forms');
  const problemWords = useProblemWords();
  const say = useSay();
  if (!isConflict(error)) return <ErrorBand title={t('form.failed')}>{problemWords(error)}</ErrorBand>;
  const { fact, onTakeStored } = host;
  const stored = fact === undefined ? undefined : factWords(partsOf(section, fact.value, say));
  return (
    <ErrorBand
      actions={
        onTakeStored === undefined ? undefined : (
          <Button onPress={onTakeStored}>{t('form.takeStored')}</Button>
        )
      }
      title={t('form.conflict')}
    >
      <p>{t('form.conflictText')}</p>
      <p>
        <strong>
          {stored === undefined
            ? t('form.conflictGone')
            : [stored.title, stored.detail, ...stored.notes].filter((each) => each !== '').join(' · ')}
        </strong>
      </p>
      <p>{t('form.conflictNext')}</p>
    </ErrorBand>
  );
}
