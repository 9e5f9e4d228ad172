// Where the link of an invitation leads: it opens for the login that it was sent to and for nobody else.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inviteQuery } from '../../api/family.ts';
import { paths } from '../../paths.ts';
import { Band } from '../../ui/band.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { useNow } from '../who-looked/use-now.ts';
import { ReceivedInvite } from './received-invite.tsx';
import './family.css';

export function InvitationPage() {
  const { t } = useTranslation(['family', 'common']);
  const { invite = '' } = useParams({ strict: false });
  const now = useNow();
  const { data, isPending } = useQuery(inviteQuery(invite));
  const isOpen = data?.state === 'open' && Date.parse(data.expiresAt) > now.getTime();
  return (
    <>
      <PageTitle>{t('received.title')}</PageTitle>
      {isPending ? <Loading>{t('common:loading')}</Loading> : null}
      {data !== undefined && isOpen ? (
        <ReceivedInvite invite={data} onAnswered={() => location.assign(paths.family)} />
      ) : null}
      {isPending || isOpen ? null : (
        <Band
          actions={<LinkButton href={paths.family}>{t('title')}</LinkButton>}
          title={t('received.over')}
          tone="info"
        />
      )}
    </>
  );
}
