// What the check of one place of the log found: verdict, steps, what it does not prove, and every value to copy.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { PlaceStep, PlaceStepCode } from '../../core/ledger/verify-place.ts';
import { explorerLink } from '../api/ledger.ts';
import { formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Raw } from '../ui/block.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Rows, Section } from '../ui/section.tsx';
import { CheckedSteps, Verdict } from '../ui/verdict.tsx';
import type { PlaceCheck } from './check-place.ts';
import { instantOf } from './leaf-block.tsx';

export function PlaceResult({
  check,
  children,
}: {
  readonly check: PlaceCheck;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation('ledger');
  const language = useLanguage();
  const { leaf, anchor, checkpoint, verdict, witnesses } = check;
  const failed = verdict === 'failed';
  const index = formatNumber(check.index);
  const blockWords = (): string => {
    if (anchor?.block === undefined) return t('step.not-checked');
    if (anchor.local) return t('step.anchoredTest', { block: anchor.block });
    return t('step.anchoredIn', {
      block: anchor.block,
      when: formatDateTime(anchor.blockTime ?? anchor.madeAt, language),
    });
  };
  const detailOf = (code: PlaceStepCode, outcome: PlaceStep['outcome']): string => {
    if (code === 'tree-witnessed' && outcome === 'passed')
      return t('step.witnessedBy', { names: witnesses.map(({ name }) => name).join(', ') });
    if (code === 'tree-witnessed' && outcome === 'not-checked') return t('step.notWitnessed');
    return code === 'tree-anchored' && outcome === 'passed' ? blockWords() : t(`step.${outcome}`);
  };
  const link =
    anchor?.transaction === undefined ? undefined : explorerLink(anchor.chainId, anchor.transaction);
  return (
    <>
      <Verdict
        outcome={failed ? 'failed' : 'passed'}
        stage={
          anchor !== undefined && !anchor.local ? 'anchored' : witnesses.length > 0 ? 'witnessed' : 'logged'
        }
        title={failed ? t('place.failed', { index }) : t('place.passed')}
      >
        {failed || leaf === undefined ? (
          <p>{t('place.failedWords')}</p>
        ) : (
          <>
            <p>{t('place.words', { index, when: formatDateTime(instantOf(leaf), language) })}</p>
            <p>{t('place.kind', { what: t(`kind.${leaf.kind}`) })}</p>
          </>
        )}
      </Verdict>
      {children}
      <Section title={t('place.checked')}>
        <CheckedSteps
          steps={check.steps.map(({ code, outcome }) => ({
            key: code,
            outcome,
            title: t(`step.${code}`),
            detail: detailOf(code, outcome),
            stage:
              code === 'tree-anchored' && anchor?.local === false
                ? 'anchored'
                : code === 'tree-witnessed'
                  ? 'witnessed'
                  : 'logged',
          }))}
        />
      </Section>
      <Section title={t('place.notProven')}>
        <div className="prose">
          <p>{t('place.notProvenText')}</p>
          <p>{t('place.address')}</p>
        </div>
      </Section>
      <Section title={t('place.experts')}>
        <Rows>
          {check.hash ? <CopyValue label={t('block.hash')} value={bytesToHex(check.hash)} /> : null}
          {leaf ? (
            <CopyValue
              label={t('block.prev')}
              value={leaf.seq === 1 ? t('block.first') : bytesToHex(leaf.prev)}
            />
          ) : null}
          <CopyValue label={t('block.index')} value={String(check.index)} />
          {checkpoint ? <CopyValue label={t('explorer.root')} value={bytesToHex(checkpoint.root)} /> : null}
          <CopyValue label={t('explorer.key')} value={check.vkey} />
          {witnesses.map(({ name, timeSeconds }) => (
            <CopyValue
              key={name}
              label={t('place.witness', {
                when: formatDateTime(new Date(timeSeconds * 1000).toISOString(), language),
              })}
              value={name}
            />
          ))}
          {anchor?.transaction === undefined ? null : (
            <>
              <CopyValue label={t('transactions.transaction')} value={anchor.transaction} />
              <CopyValue label={t('transactions.block')} value={String(anchor.block ?? '')} />
              <CopyValue label={t('transactions.contract')} value={anchor.contract} />
              <CopyValue
                label={`${t('transactions.root')}, ${t('transactions.size', { size: formatNumber(anchor.size) })}`}
                value={bytesToHex(decodeBase64(anchor.root))}
              />
            </>
          )}
        </Rows>
        {link === undefined ? null : (
          <p>
            <a href={link} rel="noreferrer noopener" target="_blank">
              {t('transactions.lookUp')}
            </a>
          </p>
        )}
        <details>
          <summary>{t('place.checkpoint')}</summary>
          <Raw label={t('place.checkpoint')}>{check.note}</Raw>
        </details>
        <details>
          <summary>{t('block.raw')}</summary>
          <Raw label={t('block.raw')}>{bytesToHex(check.leafBytes)}</Raw>
        </details>
      </Section>
    </>
  );
}
