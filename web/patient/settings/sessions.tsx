// Where one is signed in: this device and the others, each of which can be ended from here.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useEndOtherSessions } from '../../api/account.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { sessionsQuery, useEndSession } from '../../api/session.ts';
import type { Session } from '../../api/session.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from './proof.tsx';

export function Sessions() {
  const { t } = useTranslation(['account', 'common']);
  const problemWords = useProblemWords();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const endOne = useEndSession();
  const endOthers = useEndOtherSessions();
  const { prove, sheet } = useProof();
  const [failure, setFailure] = useState<Error>();
  const end = async (act: () => Promise<unknown>, words: string): Promise<void> => {
    setFailure(undefined);
    try {
      await prove(act);
      announceDone(words);
    } catch (caught) {
      if (!(caught instanceof ProofRefusedError)) setFailure(caught as Error);
    }
  };
  const others = data?.filter((session) => !session.current) ?? [];
  const here = data?.find((session) => session.current);
  return (
    <Section title={t('sessions.title')}>
      {error === null ? null : (
        <ErrorBand actions={<Button onPress={() => void refetch()}>{t('common:act.tryAgain')}</Button>}>
          {problemWords(error)}
        </ErrorBand>
      )}
      {failure === undefined ? null : (
        <ErrorBand title={t('sessions.failed')}>{problemWords(failure)}</ErrorBand>
      )}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      <ul className="rows">
        {here === undefined ? null : <SessionRow session={here} />}
        {others.map((session) => (
          <SessionRow
            key={session.id}
            onEnd={() =>
              void end(() => endOne.mutateAsync(session.id), t('sessions.ended', { agent: session.agent }))
            }
            session={session}
          />
        ))}
      </ul>
      {others.length > 1 ? (
        <div className="settings-end-all">
          <Button
            busy={endOthers.isPending && t('sessions.ending')}
            onPress={() => void end(() => endOthers.mutateAsync(), t('sessions.othersEnded'))}
          >
            {t('sessions.endOthers')}
          </Button>
        </div>
      ) : null}
      {sheet}
    </Section>
  );
}

function SessionRow({ session, onEnd }: { readonly session: Session; readonly onEnd?: () => void }) {
  const { t } = useTranslation('account');
  const language = useLanguage();
  return (
    <li className="session">
      <div>
        <p className="session-agent">{session.agent}</p>
        <p className="quiet small">
          {session.current
            ? t('sessions.here')
            : t('sessions.seen', { when: formatDateTime(session.lastSeenAt, language) })}
        </p>
      </div>
      {onEnd === undefined ? null : (
        <Button look="link" onPress={onEnd}>
          {t('sessions.end')}
          <span className="visually-hidden">: {session.agent}</span>
        </Button>
      )}
    </li>
  );
}
