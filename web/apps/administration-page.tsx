// For administrators: apps that wait for a decision, and those that were decided on. What an app says of itself is shown as it says it.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { allAppsQuery, useDecideApp } from '../api/apps.ts';
import type { RegisteredApp } from '../api/apps.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import './apps.css';

type Act = 'approve' | 'refuse' | 'disable';

export function AdministrationPage() {
  const { t } = useTranslation(['apps', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(allAppsQuery);
  const decide = useDecideApp();
  const act = (app: RegisteredApp, which: Act): void =>
    decide.mutate(
      { id: app.id, act: which },
      { onSuccess: () => announceDone(t(`admin.done.${which}`, { app: app.name })) },
    );
  const waiting = data?.apps.filter(({ state }) => state === 'waiting') ?? [];
  const decided = data?.apps.filter(({ state }) => state !== 'waiting') ?? [];
  return (
    <>
      <PageTitle lead={t('admin.lead')}>{t('admin.title')}</PageTitle>
      <div className="columns">
        {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
        {decide.isError ? <ErrorBand>{problemWords(decide.error)}</ErrorBand> : null}
        {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
        {data === undefined ? null : (
          <>
            <Section title={t('admin.waiting')}>
              {waiting.length === 0 ? <p className="quiet">{t('admin.noneWaiting')}</p> : null}
              <ul className="rows">
                {waiting.map((app) => (
                  <AppRow app={app} key={app.id}>
                    <Button
                      label={t('admin.approveApp', { app: app.name })}
                      onPress={() => act(app, 'approve')}
                    >
                      {t('admin.approve')}
                    </Button>
                    <Button
                      label={t('admin.refuseApp', { app: app.name })}
                      onPress={() => act(app, 'refuse')}
                    >
                      {t('admin.refuse')}
                    </Button>
                  </AppRow>
                ))}
              </ul>
            </Section>
            <Section title={t('admin.decided')}>
              <ul className="rows">
                {decided.map((app) => (
                  <AppRow app={app} key={app.id}>
                    {app.state === 'approved' ? (
                      <Button
                        label={t('admin.disableApp', { app: app.name })}
                        onPress={() => act(app, 'disable')}
                      >
                        {t('admin.disable')}
                      </Button>
                    ) : null}
                  </AppRow>
                ))}
              </ul>
            </Section>
          </>
        )}
      </div>
    </>
  );
}

function AppRow({ app, children }: { readonly app: RegisteredApp; readonly children: ReactNode }) {
  const { t } = useTranslation('apps');
  const language = useLanguage();
  return (
    <li className="app-row">
      <div>
        <p className="app-name">{app.name}</p>
        <p>
          {t(`state.${app.state}`)} · {t(`kind.${app.proof}`)} · {formatDate(app.registeredAt, language)}
        </p>
        {app.about === '' ? null : <p>{app.about}</p>}
        {app.contact === '' ? null : <p className="quiet small">{app.contact}</p>}
        <p className="quiet small app-code">{app.redirectUris.join(' ')}</p>
        <p className="quiet small app-code">{app.scope}</p>
        <p className="quiet small app-code">{app.id}</p>
      </div>
      <div className="row">{children}</div>
    </li>
  );
}
