// The page on which a person's own device checks the whole record: nothing altered, nothing missing, or what does not match.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesToHex } from '@noble/hashes/utils.js';
import { useLastingMutation } from '../api/lasting-mutation.ts';
import { formatDateTime, formatNumber, formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { keepCheck, keepLength, knownLength } from '../api/check-memory.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useSignedIn } from '../api/session.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { checkRecord } from './check-record.ts';
import type { RecordCheck } from './check-record.ts';
import { WitnessWords } from './witness-words.tsx';
import { CheckedSteps, Verdict } from '../ui/verdict.tsx';

export function VerifyRecordPage() {
  const { t } = useTranslation('verify');
  const problemWords = useProblemWords();
  const [links, setLinks] = useState(0);
  const { patient } = useSignedIn();
  const check = useLastingMutation({
    mutationFn: () => checkRecord(knownLength(patient.id), setLinks),
    onSuccess: (found) => {
      const { writes, others } = found;
      if (isSound(found)) keepLength(patient.id, writes + others + found.erased);
      // What failed takes the memory of an earlier success away.
      keepCheck(patient.id, isSound(found) ? { at: new Date().toISOString(), writes, others } : undefined);
    },
  });
  const { mutate } = check;
  useEffect(() => mutate(), [mutate]);
  if (check.isError) {
    return (
      <>
        <PageTitle>{t('record.title')}</PageTitle>
        <ErrorBand title={t('notChecked')}>{problemWords(check.error)}</ErrorBand>
        <Button look="primary" onPress={() => mutate()}>
          {t('again')}
        </Button>
      </>
    );
  }
  if (!check.data) {
    return (
      <>
        <PageTitle>{t('record.title')}</PageTitle>
        <Loading>{links === 0 ? t('record.checking') : t('record.checkingSome', { count: links })}</Loading>
      </>
    );
  }
  return <RecordResult again={() => mutate()} check={check.data} />;
}

/** Everything matched, under the key this device knows. */
function isSound(check: RecordCheck): boolean {
  return check.verdict === 'passed' && check.key !== 'changed';
}

function RecordResult({ check, again }: { readonly check: RecordCheck; readonly again: () => void }) {
  const { t } = useTranslation('verify');
  const language = useLanguage();
  const [at] = useState(() => new Date().toISOString());
  const failed = !isSound(check);
  const has = (...codes: string[]): boolean => check.failures.some((failure) => codes.includes(failure.code));
  const outcome = (isBroken: boolean): 'failed' | 'passed' => (isBroken ? 'failed' : 'passed');
  const total = check.writes + check.others + check.erased;
  const where = check.failures.find((failure) => failure.entryId !== undefined);
  return (
    <>
      <Verdict outcome={failed ? 'failed' : 'passed'} title={t(failed ? 'record.failed' : 'record.passed')}>
        <p>
          {t('record.entries', { count: check.writes, all: formatNumber(check.writes) })}{' '}
          {t('record.looks', { count: check.others, all: formatNumber(check.others) })}{' '}
          {t('record.how', {
            time: formatTime(at),
            seconds: (check.tookMs / 1000).toFixed(1),
          })}
          {check.erased > 0
            ? ` ${t('record.erased', { count: check.erased, all: formatNumber(check.erased) })}`
            : null}
        </p>
        {failed ? <p>{t('whatNow')}</p> : null}
      </Verdict>
      {where?.position === undefined ? null : (
        <Band
          actions={
            <LinkButton href={`${paths.verify}/entry/${where.entryId}`}>{t('record.seeEntry')}</LinkButton>
          }
          title={t('record.entryFails', { number: formatNumber(where.position + 1) })}
          tone="danger"
        >
          {t(`failure.${where.code}`)}
        </Band>
      )}
      <Section title={t('checked')}>
        <CheckedSteps
          steps={[
            {
              key: 'entries',
              outcome: outcome(
                has(
                  'statement-differs',
                  'statement-unreadable',
                  'content-differs',
                  'content-missing',
                  'leaf-malformed',
                  'erasure-not-shown',
                ),
              ),
              title: t('step.entries'),
              detail: t('step.entriesDetail', { count: total, all: formatNumber(total) }),
            },
            {
              key: 'chain',
              outcome: outcome(
                has(
                  'chain-shorter-than-known',
                  'pseudonym-differs',
                  'seq-out-of-order',
                  'prev-differs',
                  'index-out-of-order',
                ),
              ),
              title: t('step.chain'),
              detail: t('step.chainDetail', { last: formatNumber(total) }),
            },
            {
              key: 'tree',
              outcome: outcome(has('leaf-not-in-tree')),
              title: t('step.tree'),
              detail: t('step.treeDetail', { size: formatNumber(check.checkpoint?.size ?? 0) }),
            },
            {
              key: 'signed',
              outcome: outcome(has('checkpoint-not-signed') || check.key === 'changed'),
              title: t('step.signed'),
              detail: t(`step.key.${check.key}`),
            },
          ]}
        />
      </Section>
      <Section title={t('notProven')}>
        <div className="prose">
          <p>{t('notProven.right')}</p>
          <WitnessWords last={check.lastIndex} />
        </div>
      </Section>
      <Section>
        <Rows>
          <NextRow href={paths.blocks} icon="record" title={t('blocks')} />
          <NextRow href={paths.transactions} icon="tick" title={t('transactions')} />
        </Rows>
      </Section>
      <Section title={t('experts')}>
        <Rows>
          <CopyValue
            label={t('value.root')}
            value={check.checkpoint ? bytesToHex(check.checkpoint.root) : ''}
          />
          <CopyValue label={t('value.size')} value={String(check.checkpoint?.size ?? '')} />
          <CopyValue label={t('value.pseudonym')} value={check.pseudonym} />
          <CopyValue label={t('value.key')} value={check.vkey} />
        </Rows>
        <p className="quiet small verify-when">{formatDateTime(at, language)}</p>
      </Section>
      <div className="verify-again">
        <Button icon="tick" onPress={again}>
          {t('again')}
        </Button>
      </div>
    </>
  );
}
