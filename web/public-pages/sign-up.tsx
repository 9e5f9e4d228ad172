// Making an account: three answers now, the rest is asked afterwards, step by step.
import { useNavigate } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { useSignUp } from '../api/session.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { PageTitle, Section } from '../ui/section.tsx';
import { AccountForm } from './account-form.tsx';
import { OpenFrame } from './open-frame.tsx';
import './form-page.css';

export function SignUpPage() {
  const { t } = useTranslation('public-pages');
  const language = useLanguage();
  const navigate = useNavigate();
  const signUp = useSignUp();
  return (
    <OpenFrame>
      <div className="form-page">
        <PageTitle lead={t('signUp.lead')}>{t('signUp.title')}</PageTitle>
        <div className="open-sheet">
          <AccountForm
            act={t('signUp.act')}
            error={signUp.error}
            failed={t('signUp.failed')}
            onSend={(account) =>
              signUp.mutate(
                { ...account, language },
                { onSuccess: () => void navigate({ href: paths.begin }) },
              )
            }
            sending={signUp.isPending}
          >
            <p>
              <Trans components={{ go: <a href={paths.signIn} /> }} i18nKey="signUp.have" ns="public-pages" />
            </p>
          </AccountForm>
        </div>
        <Section title={t('signUp.next')}>
          <ol className="steps">
            <li>{t('signUp.next1')}</li>
            <li>{t('signUp.next2')}</li>
            <li>{t('signUp.next3')}</li>
          </ol>
        </Section>
      </div>
    </OpenFrame>
  );
}
