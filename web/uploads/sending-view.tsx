// One sending as it goes: in all, and each file. What went wrong stands first; the list has a bound.
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../api/problem-words.ts';
import { receiptPath } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Progress } from '../ui/progress.tsx';
import { Rows, Section } from '../ui/section.tsx';
import type { CurrentSending } from './current-sender.ts';
import { endSending } from './current-sender.ts';
import type { Inside, SentFile, Sending } from './sending.ts';
import { secondsLeft, totalsOf } from './sending.ts';
import { sizeWords, useReasonWords } from './upload-words.ts';

const MOST_SHOWN = 100;
const FIRST: Readonly<Record<SentFile['step'], number>> = {
  failed: 0,
  refused: 0,
  sending: 1,
  checking: 2,
  waiting: 3,
  scanning: 4,
  stored: 5,
};

const rankOf = ({ step, inside }: SentFile): number => (inside && inside.refused > 0 ? 0 : FIRST[step]);

export function SendingView({ sending, sender }: CurrentSending) {
  const { t } = useTranslation('uploads');
  const problemWords = useProblemWords();
  const totals = totalsOf(sending);
  const done = totals.bytes === 0 ? 1 : totals.sent / totals.bytes;
  const percent = Math.floor(done * 100);
  const { phase } = sending;
  return (
    <Section title={t(`phase.${phase}`)}>
      <div className="stack">
        <Progress done={done} label={t('all')} words={useTotalWords(sending)} />
        {phase === 'waiting' ? (
          <Band announce tone="caution">
            {t('dropped', { percent })}
          </Band>
        ) : null}
        {phase === 'stopped' ? (
          <ErrorBand title={t('stopped', { percent })}>{problemWords(sending.error)}</ErrorBand>
        ) : null}
        {phase === 'done' ? (
          <Band announce tone={totals.refused === 0 ? 'ok' : 'caution'}>
            {totals.refused === 0
              ? t('done.all', { count: totals.stored })
              : t('done.some', { stored: totals.stored, refused: totals.refused })}
          </Band>
        ) : null}
        {sending.files.some(({ differs }) => differs === true) ? (
          <Band tone="caution" title={t('differs.title')}>
            {t('differs.what')}
          </Band>
        ) : null}
        <div className="row drop-acts">
          {phase === 'running' || phase === 'waiting' ? (
            <Button onPress={sender.pause}>{t('pause')}</Button>
          ) : null}
          {phase === 'paused' || phase === 'stopped' ? (
            <Button look="primary" onPress={sender.goOn}>
              {t('goOn')}
            </Button>
          ) : null}
          {phase === 'done' || phase === 'stopped' || phase === 'paused' ? (
            <Button onPress={endSending}>{phase === 'done' ? t('more') : t('chooseOthers')}</Button>
          ) : null}
          {sending.receipts.slice(-1).map((id) => (
            <LinkButton href={receiptPath(id)} key={id} look="link">
              {t('receipt.last')}
            </LinkButton>
          ))}
        </div>
        <FileList files={sending.files} />
      </div>
    </Section>
  );
}

function useTotalWords(sending: Sending): string {
  const { t } = useTranslation('uploads');
  const { files, over } = totalsOf(sending);
  const seconds = secondsLeft(sending);
  const sent = t('sentOf', { over, files });
  if (seconds === undefined) return sent;
  return seconds < 90
    ? `${sent}, ${t('left.soon')}`
    : `${sent}, ${t('left.minutes', { count: Math.round(seconds / 60) })}`;
}

function FileList({ files }: { readonly files: readonly SentFile[] }) {
  const { t } = useTranslation('uploads');
  const shown = files.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, MOST_SHOWN);
  return (
    <>
      <Rows label={t('files')}>
        {shown.map((file) => (
          <FileRow file={file} key={file.path} />
        ))}
      </Rows>
      {files.length > shown.length ? (
        <p className="quiet small">{t('andMore', { count: files.length - shown.length })}</p>
      ) : null}
    </>
  );
}

function InsideOf({ inside }: { readonly inside: Inside }) {
  const { t } = useTranslation('uploads');
  const reasonWords = useReasonWords();
  const { stored, refused, wrong } = inside;
  return (
    <>
      <p className={refused === 0 ? 'quiet small' : 'upload-reason'}>{t('inside', { stored, refused })}</p>
      {wrong.length === 0 ? null : (
        <ul className="upload-inside">
          {wrong.map(({ name, reason }, at) => (
            <li key={`${name} ${at}`}>
              <p className="upload-name small">{name}</p>
              <p className="quiet small">{reasonWords(reason)}</p>
            </li>
          ))}
        </ul>
      )}
      {refused > wrong.length ? (
        <p className="quiet small">{t('andMore', { count: refused - wrong.length })}</p>
      ) : null}
    </>
  );
}

function FileRow({ file }: { readonly file: SentFile }) {
  const { t } = useTranslation('uploads');
  const reasonWords = useReasonWords();
  const isWrong = file.step === 'refused' || file.step === 'failed' || (file.inside?.refused ?? 0) > 0;
  return (
    <li className="upload-row" data-wrong={isWrong ? '' : undefined}>
      <p className="upload-name">{file.path}</p>
      <p className="quiet small">
        {sizeWords(file.size)} · {t(`step.${file.step}`)}
        {file.step === 'sending' && file.size > 0
          ? ` · ${Math.floor((file.sent / file.size) * 100)}\u00A0%`
          : ''}
      </p>
      {isWrong && file.inside === undefined ? (
        <p className="upload-reason">{reasonWords(file.reason)}</p>
      ) : null}
      {file.inside === undefined ? null : <InsideOf inside={file.inside} />}
    </li>
  );
}
