// The transaction log: which roots of the log stand on which chain, in which block, and what each entry cost.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { Anchor } from '../api/ledger.ts';
import { anchorsQuery, explorerLink } from '../api/ledger.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Block } from '../ui/block.tsx';
import { Button } from '../ui/button.tsx';
import { EntryProof } from '../ui/entry-proof.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';

export function TransactionsPage() {
  const { t } = useTranslation('ledger');
  const problemWords = useProblemWords();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(anchorsQuery);
  const anchors = data?.pages.flatMap((page) => page.anchors) ?? [];
  const [newest] = anchors;
  return (
    <>
      <PageTitle lead={t('transactions.lead')}>{t('transactions.title')}</PageTitle>
      {newest === undefined ? null : (
        <div className="local-note">
          <Band tone={newest.local ? 'caution' : 'info'}>
            {t(newest.local ? 'chain.local' : 'chain.remote')}
          </Band>
        </div>
      )}
      {error ? <ErrorBand>{problemWords(error)}</ErrorBand> : null}
      {data === undefined && !error ? <Loading>{t('transactions.loading')}</Loading> : null}
      {data !== undefined && anchors.length === 0 ? <p>{t('transactions.none')}</p> : null}
      {anchors.length === 0 ? null : (
        <Section title={t('explorer.transactions')}>
          <ol className="blocks">
            {anchors.map((anchor) => (
              <AnchorBlock anchor={anchor} key={anchor.number} />
            ))}
          </ol>
        </Section>
      )}
      {hasNextPage ? (
        <Button busy={isFetchingNextPage && t('transactions.loading')} onPress={() => void fetchNextPage()}>
          {t('transactions.more')}
        </Button>
      ) : null}
    </>
  );
}

function AnchorBlock({ anchor }: { readonly anchor: Anchor }) {
  const { t } = useTranslation('ledger');
  const language = useLanguage();
  const { block, blockTime, records, gasUsed, feeWei, transaction, chainId, local, checkpoint } = anchor;
  const feeWords = (wei: string, count: number | undefined): string =>
    count === undefined || count === 0
      ? t('transactions.fee', { fee: etherOf(wei) })
      : t('transactions.feeEach', {
          fee: etherOf(wei),
          each: etherOf(shortened(BigInt(wei) / BigInt(count)), 18),
        });
  const link = transaction === undefined ? undefined : explorerLink(chainId, transaction);
  const anchored = anchor.state === 'anchored' && block !== undefined;
  return (
    <Block
      lines={[
        blockTime === undefined
          ? t('transactions.waiting', { when: formatDateTime(anchor.madeAt, language) })
          : t('transactions.when', { when: formatDateTime(blockTime, language) }),
        records === undefined
          ? undefined
          : t('transactions.records', { count: records, all: formatNumber(records) }),
        gasUsed === undefined || records === undefined
          ? undefined
          : t('transactions.gas', {
              gas: formatNumber(gasUsed),
              each: formatNumber(Math.ceil(gasUsed / Math.max(records, 1))),
            }),
        feeWei === undefined ? undefined : feeWords(feeWei, records),
        t('transactions.chain', { id: chainId }),
        anchor.returned === 0 ? undefined : t('transactions.returned', { count: anchor.returned }),
      ]}
      proof={
        <EntryProof of={anchored ? { state: 'anchored', anchor: { block, local } } : { state: 'pending' }} />
      }
      raw={checkpoint === undefined ? undefined : { label: t('transactions.checkpoint'), text: checkpoint }}
      title={t('transactions.size', { size: formatNumber(anchor.size) })}
      values={[
        ...(transaction === undefined ? [] : [{ label: t('transactions.transaction'), value: transaction }]),
        ...(block === undefined ? [] : [{ label: t('transactions.block'), value: String(block) }]),
        { label: t('transactions.root'), value: bytesToHex(decodeBase64(anchor.root)) },
        { label: t('transactions.contract'), value: anchor.contract },
      ]}
    >
      {link === undefined ? null : (
        <p>
          <a href={link} rel="noreferrer noopener" target="_blank">
            {t('transactions.lookUp')}
          </a>
        </p>
      )}
    </Block>
  );
}

/** Three digits say enough of a share. */
function shortened(wei: bigint): string {
  const digits = String(wei);
  return `${digits.slice(0, 3)}${'0'.repeat(Math.max(0, digits.length - 3))}`;
}

/** Wei as ether with all digits that matter. */
function etherOf(wei: string, mostDigits = 9): string {
  const digits = wei.padStart(19, '0');
  const fraction = digits.slice(-18).replace(/0+$/, '');
  return `${digits.slice(0, -18)}${fraction === '' ? '' : `.${fraction.slice(0, mostDigits)}`}`;
}
