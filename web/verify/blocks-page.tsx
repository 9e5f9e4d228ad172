// The person's own chain as blocks, newest first: each entry, its hash, and whether it names the block before.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { equalBytes, leafHash } from '../../core/ledger/tree.ts';
import type { Entry } from '../api/entries.ts';
import { chainEntriesQuery } from '../api/entries.ts';
import { useEntryWords } from '../api/entry-words.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { explorerPlace, paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Block } from '../ui/block.tsx';
import { Button } from '../ui/button.tsx';
import { EntryProof } from '../ui/entry-proof.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { readLeaf } from './leaf-block.tsx';

/** By number in the chain: entries are listed by when they were made, which is nearly the same. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => (b.seq ?? Number.MAX_SAFE_INTEGER) - (a.seq ?? Number.MAX_SAFE_INTEGER));
}

export function BlocksPage() {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(chainEntriesQuery);
  const entries = inOrder(data?.pages.flatMap((page) => page.entries) ?? []);
  return (
    <>
      <PageTitle lead={t('blocks.lead')}>{t('blocks.title')}</PageTitle>
      {error ? <ErrorBand>{problemWords(error)}</ErrorBand> : null}
      {data === undefined && !error ? <Loading>{t('blocks.loading')}</Loading> : null}
      <Section title={t('blocks.newest')}>
        <ol className="blocks">
          {entries.map((entry, at) => (
            <EntryBlock before={entries[at + 1]} entry={entry} key={entry.entryId} />
          ))}
        </ol>
      </Section>
      {hasNextPage ? (
        <Button busy={isFetchingNextPage && t('blocks.loading')} onPress={() => void fetchNextPage()}>
          {t('blocks.more')}
        </Button>
      ) : null}
    </>
  );
}

function EntryBlock({ entry, before }: { readonly entry: Entry; readonly before: Entry | undefined }) {
  const { t } = useTranslation('ledger');
  const language = useLanguage();
  const bytes = entry.leaf === undefined ? undefined : decodeBase64(entry.leaf);
  const leaf = bytes === undefined ? undefined : readLeaf(bytes);
  const known = before?.leaf !== undefined && before.seq === (leaf?.seq ?? 0) - 1;
  const fits = known && leaf ? equalBytes(leaf.prev, leafHash(decodeBase64(before.leaf ?? ''))) : undefined;
  const { who, sawLine, why } = useEntryWords()(entry);
  return (
    <Block
      lines={[
        formatDateTime(entry.recordedAt, language),
        who,
        sawLine,
        why,
        fits === undefined ? undefined : t(fits ? 'blocks.fits' : 'blocks.fitsNot'),
      ]}
      proof={<EntryProof href={`${paths.verify}/entry/${entry.entryId}`} of={entry} />}
      raw={bytes === undefined ? undefined : { label: t('block.raw'), text: bytesToHex(bytes) }}
      title={entry.seq === null ? t('blocks.waiting') : t('blocks.number', { seq: formatNumber(entry.seq) })}
      values={
        bytes === undefined || leaf === undefined
          ? []
          : [
              { label: t('block.hash'), value: bytesToHex(leafHash(bytes)) },
              { label: t('block.prev'), value: leaf.seq === 1 ? t('block.first') : bytesToHex(leaf.prev) },
              { label: t('block.index'), value: String(entry.leafIndex ?? '') },
            ]
      }
    >
      {entry.leafIndex === null ? null : (
        <p>
          <a href={explorerPlace(entry.leafIndex)}>{t('blocks.verify')}</a>
        </p>
      )}
    </Block>
  );
}
