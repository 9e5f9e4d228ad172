// What a stored document is called, which kind it is and of which day. The file itself stays as it is.
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../../core/record/document-kinds.ts';
import type { DocumentKind } from '../../../core/record/facts.ts';
import { SelectField } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { dateOrNothing, startingDate, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly title: string;
  readonly kind: DocumentKind | undefined;
  readonly date: DateReading;
}

/** Changes what is said about a document. */
export function DocumentForm(host: FormHost<'documents'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const was = host.fact?.value;
  const form = useSectionForm(
    'documents',
    host,
    (): Draft => ({ title: was?.title ?? '', kind: was?.kind, date: startingDate(was?.date) }),
    (draft) => ({
      form: {
        title: draft.title,
        kind: draft.kind,
        date: dateOrNothing(draft.date),
        url: ownAddress(was?.url),
        contentType: was?.contentType ?? 'application/octet-stream',
        sizeBytes: was?.sizeBytes ?? 0,
      },
      dates: { date: draft.date },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <TextField
        error={errorOf('title')}
        id={idOf('title')}
        label={t('documents.title')}
        maxLength={200}
        onChange={(title) => edit({ title })}
        value={draft.title}
      />
      <SelectField
        error={errorOf('kind')}
        id={idOf('kind')}
        label={t('documents.kind')}
        onChange={(kind) => edit({ kind })}
        options={documentKinds.map((kind) => ({ value: kind, label: t(`patient-record:document.${kind}`) }))}
        value={draft.kind}
      />
      <DateField
        error={errorOf('date')}
        hint={t('form.sinceHint')}
        id={idOf('date')}
        initial={was?.date}
        label={t('documents.date')}
        onChange={(date) => edit({ date })}
        optional
        precision="year"
      />
    </FormFrame>
  );
}

/** The path of a file of this server, whichever origin it was stored under. */
export function ownAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url, location.href)) return url;
  const { pathname } = new URL(url, location.href);
  return pathname.startsWith('/api/files/') ? pathname : url;
}
