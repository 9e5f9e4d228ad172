// The page on which one entry is checked: the record it holds, recomputed here, down to the signed checkpoint.

import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { leafHash } from '../../core/ledger/tree.ts';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { EntryStep } from '../../core/ledger/verify-entry.ts';
import { useLastingMutation } from '../api/lasting-mutation.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { explorerPlace, paths, recordBlocks } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { checkEntry } from './check-entry.ts';
import type { EntryCheck, EntryTarget } from './check-entry.ts';
import { WitnessWords } from './witness-words.tsx';
import { CheckedSteps, Verdict } from '../ui/verdict.tsx';

/** `/verify/entry/<entry id>`, and `/verify/<Type>/<id>` for what stands now. */
export function VerifyEntryPage() {
  const { entryId, type, id } = useParams({ strict: false });
  const target: EntryTarget =
    entryId === undefined ? { kind: 'version', type: type ?? '', id: id ?? '' } : { kind: 'entry', entryId };
  const key = entryId ?? `${type}/${id}`;
  return <EntryPage key={key} target={target} />;
}

function EntryPage({ target }: { readonly target: EntryTarget }) {
  const { t } = useTranslation('verify');
  const problemWords = useProblemWords();
  const check = useLastingMutation({ mutationFn: (wanted: EntryTarget) => checkEntry(wanted) });
  const { mutate } = check;
  // The target is a plain value that changes only with the page itself.
  const wanted = JSON.stringify(target);
  useEffect(() => mutate(JSON.parse(wanted) as EntryTarget), [mutate, wanted]);
  const again = (
    <div className="verify-again">
      <Button icon="tick" onPress={() => mutate(target)}>
        {t('again')}
      </Button>
    </div>
  );
  if (check.isError) {
    return (
      <>
        <PageTitle>{t('entry.title')}</PageTitle>
        <ErrorBand title={t('notChecked')}>{problemWords(check.error)}</ErrorBand>
        {again}
      </>
    );
  }
  if (!check.data) {
    return (
      <>
        <PageTitle>{t('entry.title')}</PageTitle>
        <Loading>{t('entry.checking')}</Loading>
      </>
    );
  }
  return (
    <>
      <EntryResult check={check.data} />
      {again}
    </>
  );
}

const shownSteps = [
  'content-matches-statement',
  'leaf-names-commitment',
  'leaf-in-tree',
  'checkpoint-signed',
] as const;

function EntryResult({ check }: { readonly check: EntryCheck }) {
  const { t } = useTranslation('verify');
  const language = useLanguage();
  const { verification, entry } = check;
  const when = formatDateTime(entry.recordedAt, language);
  if (!verification || !entry.evidence) {
    return (
      <Verdict outcome="waiting" title={t('entry.pending')}>
        <p>{t('entry.pendingWords', { when })}</p>
      </Verdict>
    );
  }
  const wroteNothing = (step: EntryStep): boolean => step.reason === 'statement-names-no-content';
  const steps = verification.steps.filter(
    (step) => shownSteps.some((code) => code === step.code) && !wroteNothing(step),
  );
  const { evidence } = entry;
  const isErased = evidence.erasedBy !== undefined && evidence.statement === undefined;
  // What stops half way proves nothing, unless it is the way of an entry that was erased.
  const walked = verification.verdict === 'passed' || (isErased && verification.verdict === 'incomplete');
  const failed = !walked || check.key === 'changed';
  const passedTitle = t(isErased ? 'entry.erased' : 'entry.passed');
  return (
    <>
      <Verdict
        outcome={failed ? 'failed' : 'passed'}
        title={failed ? t('entry.failed', { number: formatNumber(evidence.seq) }) : passedTitle}
      >
        <p>
          {t(isErased ? 'entry.erasedWords' : 'entry.words', { number: formatNumber(evidence.seq), when })}
        </p>
        {failed ? <p>{t('whatNow')}</p> : null}
      </Verdict>
      <Section title={t('checked')}>
        <CheckedSteps
          steps={steps.map((step) => ({
            key: step.code,
            outcome: step.outcome,
            title: t(`entryStep.${step.code as (typeof shownSteps)[number]}`),
            detail: t(`entryStep.outcome.${step.outcome}`),
          }))}
        />
      </Section>
      <Section title={t('notProven')}>
        <div className="prose">
          <p>{t('notProven.right')}</p>
          <WitnessWords last={evidence.leafIndex} />
        </div>
      </Section>
      <Section>
        <Rows>
          <NextRow href={explorerPlace(evidence.leafIndex)} icon="eye" title={t('inPublic')} />
          {entry.on === undefined ? null : (
            <NextRow href={recordBlocks(entry.on)} icon="record" title={t('versionBlocks')} />
          )}
          <NextRow href={paths.blocks} icon="record" title={t('blocks')} />
        </Rows>
      </Section>
      <Section title={t('experts')}>
        <Rows>
          <CopyValue label={t('value.leafHash')} value={bytesToHex(leafHash(decodeBase64(evidence.leaf)))} />
          {verification.leaf ? (
            <CopyValue label={t('value.prev')} value={bytesToHex(verification.leaf.prev)} />
          ) : null}
          <CopyValue label={t('value.index')} value={String(evidence.leafIndex)} />
          {verification.checkpoint ? (
            <CopyValue label={t('value.root')} value={bytesToHex(verification.checkpoint.root)} />
          ) : null}
          <CopyValue label={t('value.size')} value={String(evidence.size)} />
          <CopyValue label={t('value.key')} value={check.vkey} />
          <CopyValue label={t('value.entry')} value={entry.entryId} />
        </Rows>
      </Section>
    </>
  );
}
