// What this account sent: what is not whole yet and how it goes on, then the newest receipts.
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../api/problem-words.ts';
import type { ReceiptLine } from '../api/uploads.ts';
import { receiptsQuery, useDropUpload } from '../api/uploads.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { receiptPath } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, Rows, Section } from '../ui/section.tsx';
import { useCurrentSending } from './current-sender.ts';
import { useSignedIn } from '../api/session.ts';
import { sizeWords } from './upload-words.ts';

export function Receipts() {
  const { t } = useTranslation(['uploads', 'common']);
  const { account } = useSignedIn();
  const problemWords = useProblemWords();
  const sending = useCurrentSending(account.id)?.sending;
  const isSending = sending?.phase === 'running' || sending?.phase === 'waiting';
  const { data, error, refetch } = useQuery(receiptsQuery);
  const news = sending === undefined ? '' : `${sending.phase} ${sending.receipts.length}`;
  useEffect(() => {
    if (news !== '') void refetch();
  }, [news, refetch]);
  const open = isSending ? [] : (data?.filter(({ state }) => state === 'open') ?? []);
  const whole = data?.filter(({ state }) => state !== 'open') ?? [];
  return (
    <>
      {open.length === 0 ? null : (
        <Section title={t('open.title')}>
          <Band tone="info">{t('open.what')}</Band>
          <Rows>
            {open.map((one) => (
              <OpenRow key={one.id} one={one} />
            ))}
          </Rows>
        </Section>
      )}
      <Section note={t('receipts.note')} title={t('receipts')}>
        {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
        {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
        {data !== undefined && whole.length === 0 ? <p className="quiet">{t('receipts.none')}</p> : null}
        <Rows>
          {whole.map((one) => (
            <WholeRow key={one.id} one={one} />
          ))}
        </Rows>
      </Section>
    </>
  );
}

function OpenRow({ one }: { readonly one: ReceiptLine }) {
  const { t } = useTranslation('uploads');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const drop = useDropUpload();
  const when = formatDateTime(one.createdAt, language);
  return (
    <li className="upload-row row-apart">
      <div>
        <p className="upload-name">{one.title}</p>
        <p className="quiet small">
          {t('open.kept', {
            percent: Math.floor((one.received / one.bytes) * 100),
            size: sizeWords(one.bytes),
            when,
          })}
        </p>
        {drop.error === null ? null : <ErrorBand>{problemWords(drop.error)}</ErrorBand>}
      </div>
      <Button
        busy={drop.isPending && t('open.dropping')}
        label={t('open.dropOf', { title: one.title, when })}
        onPress={() => drop.mutate(one.id)}
      >
        {t('open.drop')}
      </Button>
    </li>
  );
}

function WholeRow({ one }: { readonly one: ReceiptLine }) {
  const { t } = useTranslation('uploads');
  const language = useLanguage();
  const when = formatDateTime(one.receivedAt ?? one.createdAt, language);
  const { stored, thereAlready, refused } = one.counts;
  return (
    <li className="upload-row" data-wrong={refused > 0 ? '' : undefined}>
      <a
        aria-label={t('receipt.of', { title: one.title, when })}
        className="upload-name"
        href={receiptPath(one.id)}
      >
        {one.title}
      </a>
      <p className="quiet small">
        {when} · {sizeWords(one.bytes)} ·{' '}
        {one.state === 'done' && refused > 0
          ? t('inside', { stored: stored + thereAlready, refused })
          : t(`state.${one.state}`)}
      </p>
    </li>
  );
}
