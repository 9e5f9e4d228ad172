// What is shown where a page is missing, breaks or takes long: what happened, what was kept, what next.
import type { ReactNode } from 'react';
import { use, useEffect } from 'react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { paths } from '../paths.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Logo } from '../ui/icons.tsx';
import { InsideMain } from '../ui/inside-main.ts';
import { Loading, PageTitle } from '../ui/section.tsx';
import { KeptDrafts } from './kept-drafts.tsx';
import '../ui/brand.css';
import './broken.css';

/** Inside a frame as a part of its page; without one it is the whole page. */
function Place({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('common');
  if (use(InsideMain)) return <div className="broken">{children}</div>;
  return (
    <main className="broken" id="content" tabIndex={-1}>
      <a className="brand" href={paths.landing}>
        <Logo />
        <span>{t('medallion')}</span>
      </a>
      {children}
    </main>
  );
}

export function MissingPage() {
  const { t } = useTranslation('common');
  return (
    <Place>
      <PageTitle lead={t('missing.text')}>{t('missing.title')}</PageTitle>
      <LinkButton href={paths.landing} look="primary">
        {t('missing.home')}
      </LinkButton>
    </Place>
  );
}

export function BrokenPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation('common');
  const problemWords = useProblemWords();
  const isAnswer = error instanceof ApiError;
  // A part of the app that is not on this device fails as an import.
  const isPart = !isAnswer && error instanceof TypeError && /import|module/i.test(error.message);
  if ((isAnswer && error.code === 'no-connection') || (isPart && !navigator.onLine)) return <NoNetworkPage />;
  return (
    <Place>
      <PageTitle lead={isAnswer ? problemWords(error) : t('broken.text')}>{t('broken.title')}</PageTitle>
      <div className="row">
        <Button look="primary" onPress={() => location.reload()}>
          {t('act.tryAgain')}
        </Button>
        <LinkButton href={paths.landing}>{t('missing.home')}</LinkButton>
      </div>
    </Place>
  );
}

/** Nothing but a draft is kept on a device: every other page says so, and opens by itself when the network is back. */
function NoNetworkPage() {
  const { t } = useTranslation('common');
  useEffect(() => {
    const again = (): void => location.reload();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, []);
  return (
    <Place>
      <PageTitle lead={t('broken.notHere')}>{t('broken.noConnection')}</PageTitle>
      <p>{t('broken.whenBack')}</p>
      <KeptDrafts />
      <div className="row">
        <Button look="primary" onPress={() => location.reload()}>
          {t('act.tryAgain')}
        </Button>
      </div>
    </Place>
  );
}

export function PendingPage() {
  const { t } = useTranslation('common');
  return (
    <div className="broken">
      <Loading>{t('loading')}</Loading>
    </div>
  );
}
