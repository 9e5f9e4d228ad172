// The receipt of one upload: that it came, when, its digest, where that stands in the log, and what became of each file. Nothing of the record.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../api/problem-words.ts';
import type { FileOutcome, Receipt } from '../api/uploads.ts';
import { receiptQuery } from '../api/uploads.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Loading, PageTitle, Rows, Section } from '../ui/section.tsx';
import { sizeWords, useReasonWords } from './upload-words.ts';
import './uploads.css';

const MOST_SHOWN = 200;

export function ReceiptPage() {
  const { id = '' } = useParams({ strict: false });
  const { t } = useTranslation(['uploads', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(receiptQuery(id));
  return (
    <div className="uploads">
      <PageTitle>{t('receipt')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : <Whole receipt={data} />}
      <LinkButton href={paths.uploads} look="link">
        {t('receipt.back')}
      </LinkButton>
    </div>
  );
}

function Whole({ receipt }: { readonly receipt: Receipt }) {
  const { t } = useTranslation('uploads');
  const language = useLanguage();
  const reasonWords = useReasonWords();
  const { counts } = receipt;
  const lines: readonly (readonly [string, string])[] = [
    [t('receipt.file'), receipt.title],
    [t('receipt.size'), sizeWords(receipt.bytes)],
    ...(receipt.receivedAt === undefined
      ? []
      : [[t('receipt.when'), formatDateTime(receipt.receivedAt, language)] as const]),
    ...(receipt.files.length > 1 ? [[t('receipt.files'), t('receipt.counts', { ...counts })] as const] : []),
    [t('receipt.scan'), receipt.scanned ? t('receipt.scanned') : t('receipt.notScanned')],
  ];
  return (
    <>
      <Band tone={toneOf(receipt)}>
        {receipt.state === 'done' && counts.refused > 0
          ? t('receipt.partly', { stored: counts.stored + counts.thereAlready, refused: counts.refused })
          : t(`receipt.${receipt.state}`)}
        {receipt.refusal === undefined || receipt.files.length > 1 ? '' : ` ${reasonWords(receipt.refusal)}`}
      </Band>
      <Section>
        <dl className="receipt-lines">
          {lines.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {receipt.sha256 === undefined ? null : (
          <ul className="receipt-proof">
            <CopyValue label={t('receipt.digest')} value={receipt.sha256} />
            {receipt.entry === undefined ? null : (
              <CopyValue label={t('receipt.entry')} value={receipt.entry} />
            )}
          </ul>
        )}
        <p className="quiet small">{t('receipt.proves')}</p>
        <Button icon="print" onPress={() => window.print()}>
          {t('receipt.print')}
        </Button>
      </Section>
      {receipt.files.length === 0 ? null : (
        <Section title={t('receipt.each')}>
          <Rows>
            {receipt.files
              .toSorted((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'))
              .slice(0, MOST_SHOWN)
              .map((file, at) => (
                <OutcomeRow file={file} key={`${file.name ?? ''} ${at}`} title={receipt.title} />
              ))}
          </Rows>
          {receipt.files.length > MOST_SHOWN ? (
            <p className="quiet small">{t('andMore', { count: receipt.files.length - MOST_SHOWN })}</p>
          ) : null}
        </Section>
      )}
    </>
  );
}

function toneOf({ state, counts }: Receipt): 'ok' | 'caution' | 'danger' | 'info' {
  if (state === 'done') return counts.refused > 0 ? 'caution' : 'ok';
  return state === 'refused' ? 'danger' : 'info';
}

function OutcomeRow({ file, title }: { readonly file: FileOutcome; readonly title: string }) {
  const { t } = useTranslation('uploads');
  const reasonWords = useReasonWords();
  const differs = file.identityDiffers === true || (file.differs?.length ?? 0) > 0;
  return (
    <li className="upload-row" data-wrong={file.outcome === 'refused' ? '' : undefined}>
      <p className="upload-name">{file.name ?? title}</p>
      <p className={file.outcome === 'refused' ? 'upload-reason' : 'quiet small'}>
        {file.outcome === 'refused' ? reasonWords(file.reason) : t(`outcome.${file.outcome}`)}
      </p>
      {differs ? <p className="quiet small">{t('differs.title')}</p> : null}
    </li>
  );
}
