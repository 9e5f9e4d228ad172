// Where the link of an invitation to work leads: it opens for whoever signs in with the address that it was sent to.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answerInvitation, invitationQuery } from '../api/places.ts';
import { useSignedIn } from '../api/session.ts';
import { paths } from '../paths.ts';
import { Band } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import './admin.css';
import { ProblemBand } from './problem-band.tsx';
import { useAct } from './use-act.ts';

export function InvitationPage() {
  const { t } = useTranslation(['places', 'common']);
  const { token = '' } = useParams({ strict: false });
  const { account } = useSignedIn();
  const navigate = useNavigate();
  const { data, error } = useQuery(invitationQuery(token));
  const answer = useAct(answerInvitation);
  const say = (said: 'accept' | 'refuse'): void =>
    answer.mutate(
      { token, answer: said },
      {
        onSuccess: () => {
          announceDone(t(`invitation.${said}Done`));
          void navigate({ to: said === 'accept' ? paths.places : paths.home });
        },
      },
    );
  return (
    <div className="admin">
      <PageTitle>{t('invitation.title')}</PageTitle>
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {error === null ? null : (
        <Band title={t('invitation.notYours')} tone="info">
          {t('invitation.signedInAs', { login: account.login ?? '' })}
        </Band>
      )}
      {data?.state === 'open' ? (
        <div className="stack-wide">
          <p className="admin-offer">
            {t('invitation.offer', {
              organisation: data.organization ?? t('noName'),
              role: t(`role.${data.role}`),
            })}
          </p>
          <p>{t(`may.${data.role}`)}</p>
          <p className="quiet">{t('invitation.from', { name: data.from ?? t('noName') })}</p>
          <ProblemBand error={answer.error} />
          <div className="admin-answers">
            <Button busy={answer.isPending && t('working')} look="primary" onPress={() => say('accept')}>
              {t('invitation.accept')}
            </Button>
            <Button onPress={() => say('refuse')}>{t('invitation.refuse')}</Button>
          </div>
        </div>
      ) : null}
      {data !== undefined && data.state !== 'open' ? (
        <Band
          actions={<LinkButton href={paths.places}>{t('own.title')}</LinkButton>}
          title={t('invitation.over')}
          tone="info"
        />
      ) : null}
    </div>
  );
}
