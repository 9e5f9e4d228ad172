// Signing in on a page of its own: where one lands after a link to a page that needs it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { paths, safeNext } from '../paths.ts';
import { PageTitle } from '../ui/section.tsx';
import { OpenFrame } from './open-frame.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './form-page.css';

export function SignInPage() {
  const { t } = useTranslation('public-pages');
  const navigate = useNavigate();
  const { next } = useSearch({ strict: false });
  return (
    <OpenFrame>
      <div className="form-page">
        <PageTitle lead={t('signIn.lead')}>{t('signIn.title')}</PageTitle>
        <div className="open-sheet">
          <SignInForm onSignedIn={() => void navigate({ href: safeNext(next) })} />
          <p className="form-page-else">
            <a href={paths.recover}>{t('signIn.lost')}</a>
          </p>
          <p className="form-page-else">
            <Trans components={{ go: <a href={paths.signUp} /> }} i18nKey="landing.new" ns="public-pages" />
          </p>
          <p className="form-page-else">
            <Trans components={{ go: <a href={paths.claim} /> }} i18nKey="signIn.claim" ns="public-pages" />
          </p>
        </div>
      </div>
    </OpenFrame>
  );
}
