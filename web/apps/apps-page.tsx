// The apps of a person: whom they let in, to what, until when; each can be shut out at once. And the apps that open from here.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ownAppsQuery, useEndApp, useOpenApp } from '../api/apps.ts';
import type { LetInApp } from '../api/apps.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useSignedIn } from '../api/session.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { appPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import { readScope, useScopeWords, writes } from './scope-words.ts';
import './apps.css';

export function AppsPage() {
  const { t } = useTranslation(['apps', 'common']);
  const problemWords = useProblemWords();
  const { account } = useSignedIn();
  const { data, error, refetch } = useQuery(ownAppsQuery);
  const end = useEndApp();
  const open = useOpenApp();
  const shutOut = (grant: LetInApp): void =>
    end.mutate(grant.id, { onSuccess: () => announceDone(t('list.ended', { app: grant.app.name })) });
  return (
    <>
      <PageTitle lead={t('list.lead')}>{t('list.title')}</PageTitle>
      <div className="columns">
        {error === null ? null : (
          <ErrorBand actions={<Button onPress={() => void refetch()}>{t('common:act.tryAgain')}</Button>}>
            {problemWords(error)}
          </ErrorBand>
        )}
        {end.isError ? <ErrorBand title={t('list.notEnded')}>{problemWords(end.error)}</ErrorBand> : null}
        {open.isError ? <ErrorBand>{problemWords(open.error)}</ErrorBand> : null}
        {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
        {data === undefined ? null : (
          <Section title={t('list.letIn')}>
            {data.letIn.length === 0 ? <p className="quiet">{t('list.none')}</p> : null}
            <ul className="rows">
              {data.letIn.map((grant) => (
                <LetInRow grant={grant} key={grant.id} onEnd={() => shutOut(grant)} />
              ))}
            </ul>
          </Section>
        )}
        {data === undefined || data.canOpen.length === 0 ? null : (
          <Section note={t('list.openNote')} title={t('list.canOpen')}>
            <ul className="rows">
              {data.canOpen.map((app) => (
                <li className="app-row" key={app.id}>
                  <div>
                    <p className="app-name">{app.name}</p>
                    <p className="quiet small">{app.about}</p>
                  </div>
                  <Button label={t('list.openApp', { app: app.name })} onPress={() => open.mutate(app.id)}>
                    {t('list.open')}
                  </Button>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title={t('list.making')}>
          <Rows>
            <NextRow href={appPaths.registrations} icon="pencil" title={t('register.title')} />
            {account.roles?.includes('administrator') === true ? (
              <NextRow href={appPaths.administration} icon="tick" title={t('admin.title')} />
            ) : null}
          </Rows>
        </Section>
      </div>
    </>
  );
}

function LetInRow({ grant, onEnd }: { readonly grant: LetInApp; readonly onEnd: () => void }) {
  const { t } = useTranslation('apps');
  const language = useLanguage();
  const words = useScopeWords();
  const scopes = grant.scopes.map(readScope);
  const sees = [...new Set(scopes.map((scope) => words(scope).what))].join(', ');
  return (
    <li className="app-row">
      <div>
        <p className="app-name">{grant.app.name}</p>
        <p>{grant.patient.own ? t('list.yours') : t('list.of', { name: grant.patient.name })}</p>
        <p className="quiet small">
          {sees === ''
            ? t('ask.seesNothing')
            : t(scopes.some(writes) ? 'list.seesAndChanges' : 'list.sees', { what: sees })}
        </p>
        <p className="quiet small">
          {t('list.since', { when: formatDate(grant.since, language) })}{' '}
          {grant.comesBack
            ? t('list.until', { when: formatDate(grant.until, language) })
            : t('list.whileSignedIn')}
        </p>
      </div>
      <Button label={t('list.endApp', { app: grant.app.name })} onPress={onEnd}>
        {t('list.end')}
      </Button>
    </li>
  );
}
