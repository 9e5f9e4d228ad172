// The account: who one is, the two names of the record, the way to devices and sign-ins, language and colours, the way out.
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { useKeepLanguage, useSignedIn, useSignOut } from '../../api/session.ts';
import { formatUhid, initials } from '../../i18n/format.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { CopyValue } from '../../ui/copy-value.tsx';
import { LanguageChoice, ThemeSwitch } from '../../ui/preferences.tsx';
import { Avatar, NextRow, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { Alias } from './alias.tsx';
import { EraseAll } from './erase-all.tsx';
import { TakeAway } from './take-away.tsx';
import './settings.css';

export function SettingsPage() {
  const { t } = useTranslation(['account', 'common']);
  const { account, self: patient } = useSignedIn();
  return (
    <>
      <PageTitle>{t('common:nav.settings')}</PageTitle>
      <div className="columns settings">
        <Section title={t('you.title')}>
          <div className="settings-you">
            <Avatar initials={initials(patient.name)} photoUrl={patient.photoUrl} />
            <div>
              <p className="settings-name">{patient.name}</p>
              <p className="quiet">{t('you.login', { login: account.login })}</p>
            </div>
          </div>
          <div className="row">
            <a className="settings-link" href={paths.record}>
              {t(patient.photoUrl === undefined ? 'you.addPhoto' : 'you.changePhoto')}
            </a>
          </div>
        </Section>
        <Section title={t('uhid.title')}>
          <ul className="settings-uhid">
            <CopyValue label={t('uhid.label')} shown={formatUhid(patient.uhid)} value={patient.uhid} />
          </ul>
          <p>{t('uhid.what')}</p>
        </Section>
        <Alias />
        <Section title={t('signingIn.title')}>
          <Rows>
            <NextRow detail={t('devices.seeWhat')} href={paths.devices} icon="key" title={t('devices.see')} />
          </Rows>
        </Section>
        <Section title={t('pages.title')}>
          <Preferences />
        </Section>
        <TakeAway />
        <EraseAll />
      </div>
    </>
  );
}

function Preferences() {
  const { t } = useTranslation(['account', 'common']);
  const problemWords = useProblemWords();
  const keepLanguage = useKeepLanguage();
  const signOut = useSignOut(paths.landing);
  return (
    <div className="stack-wide">
      <LanguageChoice onChosen={(language) => keepLanguage.mutate(language)} />
      {keepLanguage.isError ? (
        <ErrorBand title={t('pages.languageNotKept')}>{problemWords(keepLanguage.error)}</ErrorBand>
      ) : null}
      <ThemeSwitch />
      {signOut.isError ? <ErrorBand>{problemWords(signOut.error)}</ErrorBand> : null}
      <div className="row">
        <Button busy={signOut.isPending && t('pages.signingOut')} icon="out" onPress={() => signOut.mutate()}>
          {t('common:nav.signOut')}
        </Button>
        <LinkButton href={paths.howItWorks} look="link">
          {t('common:nav.howItWorks')}
        </LinkButton>
      </div>
    </div>
  );
}
