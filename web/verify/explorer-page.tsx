// The public log for people: what was signed last, checked on this device, and its entries as the log serves them to everybody.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { openCheckpoint } from '../../core/ledger/checkpoint.ts';
import { TILE_WIDTH } from '../../core/ledger/tile-paths.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { readLogKey } from '../api/evidence.ts';
import { checkpointQuery, leavesQuery, logProgressQuery, stateAt } from '../api/ledger.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatNumber } from '../i18n/format.ts';
import { explorerPlace, paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Raw } from '../ui/block.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { EntryProof } from '../ui/entry-proof.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { LeafBlock } from './leaf-block.tsx';

const SHOWN = 20;

function judge(note: string, vkey: string) {
  try {
    return openCheckpoint(note, [parseVerifierKey(vkey)]);
  } catch {
    return undefined;
  }
}

export function ExplorerPage() {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const note = useQuery(checkpointQuery);
  const key = useQuery({ queryKey: ['log-key'], queryFn: ({ signal }) => readLogKey(signal) });
  const error = note.error ?? key.error;
  if (error) {
    return (
      <>
        <PageTitle>{t('explorer.title')}</PageTitle>
        <ErrorBand>{problemWords(error)}</ErrorBand>
      </>
    );
  }
  if (note.data === undefined || key.data === undefined) {
    return (
      <>
        <PageTitle>{t('explorer.title')}</PageTitle>
        <Loading>{t('explorer.loading')}</Loading>
      </>
    );
  }
  const opened = judge(note.data, key.data);
  return (
    <>
      <PageTitle lead={t('explorer.lead')}>{t('explorer.title')}</PageTitle>
      <Section title={t('explorer.now')}>
        {opened?.ok === true ? (
          <>
            <p>
              {t('explorer.size', {
                count: opened.checkpoint.size,
                all: formatNumber(opened.checkpoint.size),
              })}
              {'. '}
              {t('explorer.signed')}
            </p>
            <Rows>
              <CopyValue label={t('explorer.root')} value={bytesToHex(opened.checkpoint.root)} />
              <CopyValue label={t('explorer.origin')} value={opened.checkpoint.origin} />
              <CopyValue label={t('explorer.key')} value={key.data} />
            </Rows>
          </>
        ) : (
          <ErrorBand>{t('explorer.notSigned')}</ErrorBand>
        )}
        <details>
          <summary>{t('explorer.raw')}</summary>
          <Raw label={t('explorer.raw')}>{note.data}</Raw>
        </details>
        <Rows>
          <NextRow href={paths.transactions} icon="tick" title={t('explorer.transactions')} />
          <NextRow
            detail={t('explorer.filesText')}
            href="/log/checkpoint"
            icon="document"
            title={t('explorer.files')}
          />
        </Rows>
      </Section>
      <FindPlace />
      {opened?.ok === true ? <Newest size={opened.checkpoint.size} /> : null}
    </>
  );
}

function FindPlace() {
  const { t } = useTranslation('ledger');
  const navigate = useNavigate();
  const [place, setPlace] = useState('');
  const whole = /^(0|[1-9]\d{0,14})$/.test(place.trim());
  return (
    <Section title={t('explorer.go')}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (whole) void navigate({ href: explorerPlace(Number(place.trim())) });
        }}
      >
        <TextField inputMode="numeric" label={t('explorer.place')} onChange={setPlace} value={place} />
        <Button type="submit">{t('explorer.show')}</Button>
      </form>
    </Section>
  );
}

/** Newest first, a few at a time, out of the bundles that the log serves. */
function Newest({ size }: { readonly size: number }) {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const [end, setEnd] = useState(size);
  const last = Math.min(end, size);
  const bundle = Math.floor(Math.max(last - 1, 0) / TILE_WIDTH);
  const first = Math.max(last - SHOWN, bundle * TILE_WIDTH);
  const { data, error } = useQuery(leavesQuery(bundle, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)));
  const { data: progress } = useQuery(logProgressQuery);
  const shown = (data ?? [])
    .map((bytes, at) => ({ bytes, index: bundle * TILE_WIDTH + at }))
    .filter(({ index }) => index >= first && index < last)
    .toReversed();
  return (
    <Section title={t('explorer.newest')}>
      {error ? <ErrorBand>{problemWords(error)}</ErrorBand> : null}
      {data === undefined && !error ? <Loading>{t('explorer.loading')}</Loading> : null}
      <ol className="blocks">
        {shown.map(({ bytes, index }) => (
          <LeafBlock
            bytes={bytes}
            index={index}
            key={index}
            proof={progress === undefined ? null : <EntryProof of={stateAt(progress, index)} />}
          >
            <p>
              <LinkButton href={explorerPlace(index)} look="link">
                {t('explorer.show')}
                <span className="visually-hidden">
                  {' '}
                  {t('explorer.entry', { index: formatNumber(index) })}
                </span>
              </LinkButton>
            </p>
          </LeafBlock>
        ))}
      </ol>
      <div className="row-apart">
        {last < size ? (
          <Button onPress={() => setEnd(Math.min(size, last + SHOWN))}>{t('explorer.newer')}</Button>
        ) : null}
        {first > 0 ? <Button onPress={() => setEnd(first)}>{t('explorer.older')}</Button> : null}
      </div>
    </Section>
  );
}
