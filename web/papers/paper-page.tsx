// What a document names: PDFs, pictures and texts are looked at here, anything else is taken to the device. No program in a file runs.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../core/fhir/types.ts';
import { paperBytesQuery, paperQuery } from '../api/papers.ts';
import type { PaperFile } from '../api/papers.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { clinicPaths, timelineEntryPath } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { ImagesOfPaper } from './images-of-paper.tsx';
import { MOST_BYTES } from './pdf-bounds.ts';
import { PdfViewer } from './pdf-viewer.tsx';
import { PictureViewer } from './picture-viewer.tsx';
import { TextViewer } from './text-viewer.tsx';
import './papers.css';

export function PaperPage() {
  const { paper: id = '', id: patient } = useParams({ strict: false });
  const { t } = useTranslation(['papers', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(paperQuery(id));
  return (
    <div className="papers">
      <PageTitle>{data?.title ?? t('document')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data?.files.length === 0 ? <p className="quiet">{t('none')}</p> : null}
      {data?.files.map((file) => (
        <OnePaper file={file} key={file.key} />
      ))}
      {data === undefined ? null : (
        <ImagesOfPaper document={data.document as unknown as Resource} patient={patient} />
      )}
      {patient === undefined ? (
        <LinkButton href={timelineEntryPath({ type: 'DocumentReference', id })} look="link">
          {t('entry')}
        </LinkButton>
      ) : (
        <LinkButton href={clinicPaths.patient(patient)} look="link">
          {t('backToRecord')}
        </LinkButton>
      )}
    </div>
  );
}

function OnePaper({ file }: { readonly file: PaperFile }) {
  const { t } = useTranslation('papers');
  const name = file.title === '' ? t('document') : file.title;
  const kind = kindOf(file.contentType);
  const isLarge = (file.sizeBytes ?? 0) > MOST_BYTES;
  const address = addressOf(file);
  return (
    <Section>
      {kind === undefined ? (
        <Band tone="info">{t('other')}</Band>
      ) : isLarge ? (
        <Band tone="info">{t('large')}</Band>
      ) : kind === 'picture' ? (
        <PictureViewer address={address} name={name} />
      ) : (
        <FromBytes file={file} kind={kind} name={name} />
      )}
      <p className="paper-take">
        <LinkButton download={file.inline === undefined ? '' : name} href={address} icon="download">
          {t('download', { title: name })}
        </LinkButton>
        {kind === 'pdf' ? <span className="quiet small">{t('print')}</span> : null}
      </p>
    </Section>
  );
}

function FromBytes({
  file,
  kind,
  name,
}: {
  readonly file: PaperFile;
  readonly kind: 'pdf' | 'text';
  readonly name: string;
}) {
  const { t } = useTranslation('papers');
  const problemWords = useProblemWords();
  const { data, error } = useQuery(paperBytesQuery(file));
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('opening')}</Loading>;
  return kind === 'pdf' ? <PdfViewer bytes={data} name={name} /> : <TextViewer bytes={data} name={name} />;
}

/** Of a file here its address; of one that stands in the entry one that holds it, and is no page, whatever it says it is. */
function addressOf({ address, inline, contentType }: PaperFile): string {
  const type = kindOf(contentType) === 'picture' ? contentType : 'application/octet-stream';
  return address ?? `data:${type};base64,${inline ?? ''}`;
}

function kindOf(contentType: string): 'pdf' | 'picture' | 'text' | undefined {
  const [type = ''] = contentType.toLowerCase().split(';');
  if (type === 'application/pdf') return 'pdf';
  if (/^image\/(jpeg|png|webp)$/.test(type)) return 'picture';
  return type.trim() === 'text/plain' ? 'text' : undefined;
}
