// What does not fit into the bar of a phone, and the way out.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { workQuery } from '../api/clinic.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useKeepLanguage, useSignOut } from '../api/session.ts';
import { formPaths, paths, witnessPath } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { LanguageChoice, ThemeSwitch } from '../ui/preferences.tsx';
import { NextRow, PageTitle, Rows } from '../ui/section.tsx';
import './more.css';

export function MorePage() {
  const { t } = useTranslation('common');
  const { data: work } = useQuery(workQuery);
  const problemWords = useProblemWords();
  const signOut = useSignOut(paths.landing);
  // On a phone that several people use: this session ends, and the next one begins with a page loaded anew.
  const handOver = useSignOut(paths.signIn);
  const keepLanguage = useKeepLanguage();
  return (
    <>
      <PageTitle>{t('nav.more')}</PageTitle>
      <div className="more-ways">
        <Rows>
          <NextRow href={paths.notices} icon="bell" title={t('nav.notices')} />
          {(work?.memberships.length ?? 0) > 0 ? (
            <NextRow href={paths.whoLooked} icon="eye" title={t('nav.whoLooked')} />
          ) : null}
          <NextRow href={paths.sharing} icon="key" title={t('nav.sharing')} />
          <NextRow href={paths.orders} icon="record" title={t('nav.orders')} />
          <NextRow href={paths.results} icon="flask" title={t('nav.results')} />
          <NextRow href={paths.trends} icon="heart" title={t('nav.trends')} />
          <NextRow href={paths.doses} icon="pencil" title={t('nav.own')} />
          <NextRow href={formPaths.list()} icon="pencil" title={t('nav.forms')} />
          <NextRow href={paths.uploads} icon="upload" title={t('nav.uploads')} />
          {work?.clinician == null ? null : (
            <NextRow href={paths.clinic} icon="people" title={t('nav.clinic')} />
          )}
          {work?.answers === true || work?.audits === true ? (
            <NextRow href={paths.oversight} icon="hospital" title={t('nav.oversight')} />
          ) : null}
          {work?.memberships.some(({ role }) => role === 'records') === true ? (
            <NextRow href={paths.office} icon="pencil" title={t('nav.office')} />
          ) : null}
          {work?.memberships.some(({ role }) => role === 'laboratory' || role === 'radiology') === true ? (
            <NextRow href={paths.laboratory} icon="flask" title={t('nav.laboratory')} />
          ) : null}
          {work?.memberships.some(({ role }) => role === 'desk') === true ? (
            <NextRow href={paths.desk} icon="card" title={t('nav.desk')} />
          ) : null}
          {work?.administers === true ? (
            <NextRow href={paths.admin} icon="person" title={t('nav.admin')} />
          ) : null}
          {work?.audits === true && !work.administers ? (
            <NextRow href={paths.acts} icon="document" title={t('nav.acts')} />
          ) : null}
          {(work?.memberships.length ?? 0) > 0 ? (
            <NextRow href={witnessPath} icon="eye" title={t('nav.witness')} />
          ) : null}
          {(work?.memberships.length ?? 0) > 0 ? (
            <NextRow href={paths.places} icon="hospital" title={t('nav.places')} />
          ) : null}
          <NextRow href={paths.family} icon="people" title={t('nav.family')} />
          <NextRow href={paths.verify} icon="tick" title={t('nav.verify')} />
          <NextRow href={paths.apps} icon="download" title={t('nav.apps')} />
          {(work?.memberships.length ?? 0) > 0 ? (
            <NextRow href={paths.vouch} icon="tick" title={t('nav.vouch')} />
          ) : null}
          <NextRow href={paths.devices} icon="key" title={t('nav.devices')} />
          <NextRow href={paths.settings} icon="settings" title={t('nav.settings')} />
          <NextRow href={paths.howItWorks} icon="info" title={t('nav.howItWorks')} />
        </Rows>
      </div>
      <div className="stack-wide more-choices">
        <LanguageChoice onChosen={(language) => keepLanguage.mutate(language)} />
        <ThemeSwitch />
        {signOut.isError ? <ErrorBand>{problemWords(signOut.error)}</ErrorBand> : null}
        <div className="row">
          <Button icon="people" onPress={() => handOver.mutate()}>
            {t('nav.switchPerson')}
          </Button>
          <Button icon="out" onPress={() => signOut.mutate()}>
            {t('nav.signOut')}
          </Button>
        </div>
      </div>
    </>
  );
}
