// A paper of one's own, by the phone's camera or as chosen pictures: its pages become one document, with a title, a kind and a day. Goes by
// the same way as every upload, so it goes on after a lost line.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../core/record/document-kinds.ts';
import { lookedAfter, useSignedIn } from '../api/session.ts';
import { paperPath, paths } from '../paths.ts';
import { Band, FormProblems } from '../ui/band.tsx';
import type { FormProblem } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { SelectField } from '../ui/choice.tsx';
import { DateField } from '../ui/date-field.tsx';
import { Icon } from '../ui/icons.tsx';
import type { DateReading } from '../ui/partial-date.ts';
import { PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { fromInput } from './chosen-files.ts';
import { beginSending, useCurrentSending } from './current-sender.ts';
import type { Chosen } from './plan.ts';
import { SendingView } from './sending-view.tsx';
import './uploads.css';

/** As docs/uploads.md has it. */
const MOST_PAGES = 40;
type Kind = (typeof documentKinds)[number];

interface Page extends Chosen {
  /** Address of the picture on this device. */
  readonly shown: string;
}

export function OwnPaperPage() {
  const { t } = useTranslation('uploads');
  const { account } = useSignedIn();
  const current = useCurrentSending(account.id);
  const stored = current?.sending.files.find(({ step }) => step === 'stored')?.resource;
  const [type, id] = (stored ?? '').split('/');
  return (
    <div className="uploads">
      <PageTitle lead={t('paper.lead')}>{t('paper.title')}</PageTitle>
      {current === undefined ? (
        <NewPaper />
      ) : (
        <>
          <SendingView {...current} />
          {type === 'DocumentReference' && id !== undefined ? (
            <LinkButton href={paperPath(id)} icon="eye">
              {t('paper.open')}
            </LinkButton>
          ) : null}
        </>
      )}
      <p>
        <LinkButton href={paths.uploads} look="link">
          {t('paper.others')}
        </LinkButton>
      </p>
    </div>
  );
}

function NewPaper() {
  const { t } = useTranslation(['uploads', 'common', 'patient-record']);
  const me = useSignedIn();
  const other = lookedAfter(me);
  const [pages, setPages] = useState<readonly Page[]>([]);
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<Kind>();
  const [day, setDay] = useState<DateReading>({ kind: 'empty' });
  const [tries, setTries] = useState(0);
  const add = (chosen: readonly Chosen[]): void =>
    setPages([...pages, ...chosen.map((one) => ({ ...one, shown: URL.createObjectURL(one.file) }))]);
  const problems: FormProblem[] = [];
  if (pages.length === 0) problems.push({ field: 'paper-camera', message: t('paper.need.pages') });
  if (pages.length > MOST_PAGES)
    problems.push({ field: 'paper-camera', message: t('paper.need.fewer', { most: MOST_PAGES }) });
  if (title.trim() === '') problems.push({ field: 'paper-title', message: t('paper.need.title') });
  if (kind === undefined) problems.push({ field: 'paper-kind', message: t('paper.need.kind') });
  if (day.kind === 'problem') problems.push({ field: 'paper-day', message: t(`common:${day.problem}`) });
  const errorOf = (field: string): string | undefined =>
    tries === 0 ? undefined : problems.find((one) => one.field === field)?.message;
  return (
    <form
      className="stack-wide record-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTries(tries + 1);
        if (problems.length > 0) return;
        beginSending(pages, {
          accountId: me.account.id,
          kind,
          ...(other === undefined ? {} : { patient: other.id }),
          paper: { title: title.trim(), ...(day.kind === 'date' ? { date: day.value } : {}) },
        });
      }}
    >
      {tries === 0 || problems.length === 0 ? null : <FormProblems key={tries} problems={problems} />}
      <Section note={t('paper.pagesNote')} title={t('paper.pages')}>
        <div className="row drop-acts">
          <PictureInput camera label={t('paper.camera')} onChosen={add} />
          <PictureInput label={t('paper.choose')} onChosen={add} />
        </div>
        {pages.length === 0 ? null : (
          <ol className="paper-pages">
            {pages.map((page, at) => (
              <PageShown
                key={page.shown}
                number={at + 1}
                onRemove={() => {
                  URL.revokeObjectURL(page.shown);
                  setPages(pages.filter((_, place) => place !== at));
                }}
                page={page}
              />
            ))}
          </ol>
        )}
      </Section>
      <TextField
        error={errorOf('paper-title')}
        hint={t('paper.titleHint')}
        id="paper-title"
        label={t('paper.name')}
        maxLength={200}
        onChange={setTitle}
        value={title}
      />
      <SelectField
        error={errorOf('paper-kind')}
        id="paper-kind"
        label={t('kind')}
        onChange={setKind}
        options={documentKinds.map((one) => ({ value: one, label: t(`patient-record:document.${one}`) }))}
        value={kind}
      />
      <DateField
        error={errorOf('paper-day')}
        hint={t('paper.dayHint')}
        id="paper-day"
        label={t('paper.day')}
        onChange={setDay}
        optional
        precision="year"
      />
      {other === undefined ? null : <Band tone="info">{t('paper.for', { name: other.name })}</Band>}
      <Button look="primary" type="submit" wide>
        {t('paper.send')}
      </Button>
    </form>
  );
}

function PictureInput({
  label,
  camera,
  onChosen,
}: {
  readonly label: string;
  readonly camera?: boolean;
  readonly onChosen: (chosen: readonly Chosen[]) => void;
}) {
  return (
    <label className={`button ${camera === true ? 'button-primary' : 'button-plain'} upload-choose`}>
      <Icon name={camera === true ? 'camera' : 'document'} size={20} />
      <span aria-hidden="true">{label}</span>
      <input
        accept={camera === true ? 'image/*' : 'image/jpeg,image/png,image/webp'}
        aria-label={label}
        capture={camera === true ? 'environment' : undefined}
        id={camera === true ? 'paper-camera' : 'paper-files'}
        multiple={camera !== true}
        onChange={(event) => {
          const chosen = fromInput(event.target.files);
          // The same picture may be chosen again.
          event.target.value = '';
          onChosen(chosen);
        }}
        type="file"
      />
    </label>
  );
}

function PageShown({
  page,
  number,
  onRemove,
}: {
  readonly page: Page;
  readonly number: number;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation('uploads');
  return (
    <li className="paper-page">
      <img alt={t('paper.page', { number })} src={page.shown} />
      <Button label={t('paper.removeOf', { number })} look="link" onPress={onRemove}>
        {t('paper.remove')}
      </Button>
    </li>
  );
}
