// Making the first administrator, by the one-time link that the server printed at its start.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSetup } from '../api/session.ts';
import { paths } from '../paths.ts';
import { PageTitle } from '../ui/section.tsx';
import { AccountForm } from './account-form.tsx';
import { OpenFrame } from './open-frame.tsx';
import './form-page.css';

export function SetupPage() {
  const { t } = useTranslation('public-pages');
  const navigate = useNavigate();
  const { token = '' } = useSearch({ strict: false });
  const setup = useSetup();
  return (
    <OpenFrame>
      <div className="form-page">
        <PageTitle lead={t('setup.lead')}>{t('setup.title')}</PageTitle>
        <div className="open-sheet">
          <AccountForm
            act={t('setup.act')}
            error={setup.error}
            failed={t('setup.failed')}
            onSend={(account) =>
              setup.mutate(
                { ...account, token },
                { onSuccess: () => void navigate({ href: paths.home, replace: true }) },
              )
            }
            sending={setup.isPending}
          />
        </div>
      </div>
    </OpenFrame>
  );
}
