// Where the alert leads: somebody says that they are this person. One press stops it, without a sign-in.
import { useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useStopRecovery } from '../api/recovery.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { PageTitle } from '../ui/section.tsx';
import './recovery.css';

export function StopRecoveryPage() {
  const { t } = useTranslation('recovery');
  const problemWords = useProblemWords();
  const token = useRouterState({ select: (state) => state.location.hash });
  const stop = useStopRecovery();
  const isOver = stop.error instanceof ApiError && stop.error.code === 'recovery-over';
  return (
    <div className="recovery">
      <PageTitle lead={stop.isSuccess || isOver ? undefined : t('stop.lead')}>{t('stop.title')}</PageTitle>
      {stop.isSuccess || isOver ? (
        <div className="stack-wide">
          <Band announce tone="ok">
            {t(isOver ? 'stop.over' : 'stop.done')}
          </Band>
          <p>{t('stop.next')}</p>
          <div className="row">
            <LinkButton href={paths.signIn}>{t('ended.signIn')}</LinkButton>
          </div>
        </div>
      ) : (
        <div className="stack-wide">
          {stop.isError ? <ErrorBand>{problemWords(stop.error)}</ErrorBand> : null}
          <Button busy={stop.isPending && t('stop.busy')} look="primary" onPress={() => stop.mutate(token)}>
            {t('stop.act')}
          </Button>
          <p className="quiet">{t('stop.mine')}</p>
        </div>
      )}
    </div>
  );
}
