// Staff who have no second factor come here and no further: a passkey or an authenticator app opens the rest.
import { useTranslation } from 'react-i18next';
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { factorsQuery, useMeAnew } from '../../api/factors.ts';
import { useSignOut } from '../../api/session.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Logo } from '../../ui/icons.tsx';
import { LanguageSwitch } from '../../ui/preferences.tsx';
import { PageTitle } from '../../ui/section.tsx';
import { Passkeys } from '../settings/passkeys.tsx';
import { SecondFactors } from './second-factors.tsx';
import '../../ui/brand.css';
import '../settings/settings.css';
import './sign-ins.css';

export function EnrolPage() {
  const { t } = useTranslation(['account', 'common']);
  const signOut = useSignOut(paths.landing);
  const navigate = useNavigate();
  const meAnew = useMeAnew();
  const { data } = useQuery(factorsQuery);
  const isDone = data !== undefined && data.provedBy !== null;
  const goOn = (): void => void meAnew().then(() => navigate({ to: paths.home }));
  // The codes for a lost phone may still be on the screen: the page goes on when it is told to.
  useEffect(() => {
    if (isDone) document.getElementById('enrol-done')?.scrollIntoView({ block: 'nearest' });
  }, [isDone]);
  return (
    <div className="enrol">
      <header className="enrol-top">
        <span className="brand">
          <Logo size={34} />
          <span>{t('common:medallion')}</span>
        </span>
        <LanguageSwitch />
      </header>
      <main id="content" tabIndex={-1}>
        <PageTitle lead={t(isDone ? 'enrol.done' : 'enrol.lead')}>{t('enrol.title')}</PageTitle>
        {isDone ? (
          <div className="enrol-go" id="enrol-done">
            <Button look="primary" onPress={goOn}>
              {t('enrol.goOn')}
            </Button>
          </div>
        ) : null}
        <div className="columns settings">
          <Passkeys />
          <SecondFactors />
        </div>
        <div className="enrol-out">
          <Button icon="out" onPress={() => signOut.mutate()}>
            {t('common:nav.signOut')}
          </Button>
        </div>
      </main>
    </div>
  );
}
