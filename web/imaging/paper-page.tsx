// What a document names: pictures are looked at here, anything else is taken to the device. A PDF is never drawn in our origin.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paperQuery } from '../api/papers.ts';
import type { Paper } from '../api/papers.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { clinicPaths, timelineEntryPath } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import './imaging.css';

export function PaperPage() {
  const { paper: id = '', id: patient } = useParams({ strict: false });
  const { t } = useTranslation(['imaging', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(paperQuery(id));
  return (
    <div className="images">
      <PageTitle>{data?.title ?? t('document')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data?.files.length === 0 ? <p className="quiet">{t('document.none')}</p> : null}
      {data?.files.map((file) => (
        <OnePaper file={file} key={file.address} />
      ))}
      {patient === undefined ? (
        <LinkButton href={timelineEntryPath({ type: 'DocumentReference', id })} look="link">
          {t('document.entry')}
        </LinkButton>
      ) : (
        <LinkButton href={clinicPaths.patient(patient)} look="link">
          {t('backToRecord')}
        </LinkButton>
      )}
    </div>
  );
}

function OnePaper({ file }: { readonly file: Paper['files'][number] }) {
  const { t } = useTranslation('imaging');
  const isPicture = /^image\/(jpeg|png|webp)$/.test(file.contentType);
  return (
    <Section>
      {isPicture ? (
        <img alt={file.title} className="paper-picture" src={file.address} />
      ) : (
        <Band tone="info">{t('document.other')}</Band>
      )}
      <LinkButton download="" href={file.address} icon="download">
        {t('download', { title: file.title })}
      </LinkButton>
    </Section>
  );
}
