// A new document: one file, its name and kind. The file goes to the server only when the form is sent.
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../../core/record/document-kinds.ts';
import type { DocumentKind } from '../../../core/record/facts.ts';
import { ApiError } from '../../api/client.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSendDocument } from '../../api/record.ts';
import { ErrorBand, FormProblems } from '../../ui/band.tsx';
import type { FormProblem } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { FileField } from './file-field.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { dateOrNothing } from './section-form-state.ts';
import './forms.css';

const MOST_MEGABYTES = 20;

export interface DocumentUploadProps {
  readonly onSaved: () => void;
  readonly others?: ReactNode;
}

export function DocumentUpload({ onSaved, others }: DocumentUploadProps) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const { t: common } = useTranslation('common');
  const problemWords = useProblemWords();
  const send = useSendDocument();
  const unsavedRef = useRef(false);
  const [file, setFile] = useState<File | undefined>();
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<DocumentKind | undefined>();
  const [date, setDate] = useState<DateReading>({ kind: 'empty' });
  const [tries, setTries] = useState(0);
  const [summary, setSummary] = useState<readonly FormProblem[]>([]);

  const problems: FormProblem[] = [];
  if (file === undefined) problems.push({ field: 'documents-file', message: t('need.documents.file') });
  else if (file.size > MOST_MEGABYTES * 1024 * 1024) {
    const message = t('problem.fileTooLarge', { most: MOST_MEGABYTES });
    problems.push({ field: 'documents-file', message });
  }
  if (title.trim() === '') problems.push({ field: 'documents-title', message: t('need.documents.title') });
  else if (/\p{Cc}/u.test(title))
    problems.push({ field: 'documents-title', message: t('problem.control-character') });
  if (kind === undefined) problems.push({ field: 'documents-kind', message: t('need.documents.kind') });
  if (date.kind === 'problem') problems.push({ field: 'documents-date', message: common(date.problem) });
  const errorOf = (field: string): string | undefined =>
    tries === 0 ? undefined : problems.find((one) => one.field === field)?.message;
  const words = (error: Error): string =>
    error instanceof ApiError && error.code === 'kind-not-accepted'
      ? t('problem.notADocument')
      : problemWords(error);

  return (
    <form
      className="stack-wide record-form"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (send.isPending) return;
        setTries(tries + 1);
        setSummary(problems);
        if (problems.length > 0 || file === undefined || kind === undefined) return;
        const day = dateOrNothing(date);
        send.mutate(
          { file, title: title.trim(), kind, ...(day === undefined ? {} : { date: day }) },
          {
            onSuccess: () => {
              unsavedRef.current = false;
              announceDone(t('patient-record:done.saved', { what: title.trim() }));
              onSaved();
            },
          },
        );
      }}
    >
      {send.isPending ? null : summary.length > 0 ? (
        <FormProblems key={tries} problems={summary} />
      ) : send.error === null ? null : (
        <ErrorBand key={tries} title={t('form.failed')}>
          {words(send.error)}
        </ErrorBand>
      )}
      <FileField
        accept="application/pdf,image/jpeg,image/png,image/webp"
        chosen={file?.name}
        error={errorOf('documents-file')}
        hint={t('documents.fileHint')}
        icon="upload"
        id="documents-file"
        label={t('documents.file')}
        onChoose={(next) => {
          unsavedRef.current = true;
          setFile(next);
          if (title === '') setTitle(next.name.replace(/\.[a-z0-9]{2,4}$/i, '').slice(0, 200));
        }}
        words={file === undefined ? t('documents.choose') : t('documents.another')}
      />
      <TextField
        error={errorOf('documents-title')}
        hint={t('documents.titleHint')}
        id="documents-title"
        label={t('documents.title')}
        maxLength={200}
        onChange={(value) => {
          unsavedRef.current = true;
          setTitle(value);
        }}
        value={title}
      />
      <SelectField
        error={errorOf('documents-kind')}
        id="documents-kind"
        label={t('documents.kind')}
        onChange={setKind}
        options={documentKinds.map((each) => ({ value: each, label: t(`patient-record:document.${each}`) }))}
        value={kind}
      />
      <DateField
        error={errorOf('documents-date')}
        hint={t('form.sinceHint')}
        id="documents-date"
        label={t('documents.date')}
        onChange={setDate}
        optional
        precision="year"
      />
      <div className="form-acts">
        <Button busy={send.isPending && t('documents.sending')} look="primary" type="submit" wide>
          {t('patient-record:save.documents')}
        </Button>
        {others}
      </div>
      <LeaveGuard unsavedRef={unsavedRef} />
    </form>
  );
}
