// Devices and sign-ins: what is asked for when one signs in, where one is signed in, and the password.
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../../ui/section.tsx';
import { ChangePassword } from '../settings/change-password.tsx';
import { Passkeys } from '../settings/passkeys.tsx';
import { Sessions } from '../settings/sessions.tsx';
import { OwnRecoveries } from './own-recoveries.tsx';
import { SecondFactors } from './second-factors.tsx';
import '../settings/settings.css';
import './sign-ins.css';

export function DevicesPage() {
  const { t } = useTranslation('account');
  return (
    <>
      <PageTitle lead={t('devices.lead')}>{t('devices.title')}</PageTitle>
      <div className="columns settings">
        <OwnRecoveries />
        <SecondFactors />
        <Passkeys />
        <Sessions />
        <ChangePassword />
      </div>
    </>
  );
}
