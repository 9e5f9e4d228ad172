// The first page: what it is in three lines, a sample card, signing in, and the ways on for everybody else.
import { useNavigate } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { useMe } from '../api/session.ts';
import { paths } from '../paths.ts';
import { NextRow } from '../ui/section.tsx';
import { OpenFrame } from './open-frame.tsx';
import { SampleCard } from './sample-card.tsx';
import { SignInForm } from './sign-in-form.tsx';
import './landing.css';

export function LandingPage() {
  const { t } = useTranslation(['public-pages', 'common']);
  const navigate = useNavigate();
  const { data: me } = useMe();
  return (
    <OpenFrame wide>
      <title>{`${t('landing.tab')} · ${t('common:medallion')}`}</title>
      <div className="landing">
        <div className="landing-words">
          <h1 tabIndex={-1}>
            <span>{t('landing.one')}</span> <span>{t('landing.two')}</span> <span>{t('landing.three')}</span>
          </h1>
          <p className="landing-lead">{t('landing.lead')}</p>
        </div>
        <div className="landing-card">
          <SampleCard />
          <p className="quiet">{t('landing.sample')}</p>
        </div>
        <section aria-labelledby="sign-in-title" className="open-sheet landing-sign-in">
          <h2 id="sign-in-title">{t('signIn.title')}</h2>
          {me ? (
            <p>
              <Trans
                components={{ go: <a href={paths.home} /> }}
                i18nKey="landing.goHome"
                ns="public-pages"
              />
            </p>
          ) : (
            <>
              <SignInForm onSignedIn={() => void navigate({ href: paths.home })} />
              <p className="landing-new">
                <Trans
                  components={{ go: <a href={paths.signUp} /> }}
                  i18nKey="landing.new"
                  ns="public-pages"
                />
              </p>
            </>
          )}
        </section>
      </div>
      <ul className="rows doors">
        <NextRow
          detail={t('doors.helpingText')}
          href={paths.helpSomeone}
          icon="help"
          title={t('doors.helping')}
        />
        <NextRow detail={t('doors.howText')} href={paths.howItWorks} icon="card" title={t('doors.how')} />
        <NextRow
          detail={t('doors.proveText')}
          href={`${paths.howItWorks}#proof`}
          icon="tick"
          title={t('doors.prove')}
        />
      </ul>
    </OpenFrame>
  );
}
