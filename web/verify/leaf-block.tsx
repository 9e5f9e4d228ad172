// One leaf of the public log as a block: what the 98 bytes say, and the bytes themselves.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Leaf } from '../../core/ledger/leaf.ts';
import { decodeLeaf } from '../../core/ledger/leaf.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import { formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Block } from '../ui/block.tsx';

export function readLeaf(bytes: Uint8Array): Leaf | undefined {
  try {
    return decodeLeaf(bytes);
  } catch {
    return undefined;
  }
}

export function instantOf(leaf: Leaf): string {
  return new Date(leaf.timeSeconds * 1000).toISOString();
}

export function LeafBlock({
  bytes,
  index,
  proof,
  children,
}: {
  readonly bytes: Uint8Array;
  readonly index: number;
  readonly proof?: ReactNode;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation('ledger');
  const language = useLanguage();
  const leaf = readLeaf(bytes);
  return (
    <Block
      lines={
        leaf === undefined
          ? []
          : [
              t(`kind.${leaf.kind}`),
              formatDateTime(instantOf(leaf), language),
              t('block.seq', { seq: formatNumber(leaf.seq) }),
            ]
      }
      proof={proof}
      raw={{ label: t('block.raw'), text: bytesToHex(bytes) }}
      title={t('explorer.entry', { index: formatNumber(index) })}
      values={[
        { label: t('block.hash'), value: bytesToHex(leafHash(bytes)) },
        ...(leaf === undefined
          ? []
          : [
              { label: t('block.prev'), value: leaf.seq === 1 ? t('block.first') : bytesToHex(leaf.prev) },
              { label: t('block.pseudonym'), value: bytesToHex(leaf.pseudonym) },
              { label: t('block.commitment'), value: bytesToHex(leaf.commitment) },
            ]),
      ]}
    >
      {children}
    </Block>
  );
}
