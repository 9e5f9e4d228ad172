// What is shown where a page is missing, breaks or takes long: what happened, what was kept, what next.
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { paths } from '../paths.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Logo } from '../ui/icons.tsx';
import { Loading, PageTitle } from '../ui/section.tsx';
import '../ui/brand.css';
import './broken.css';

export function MissingPage() {
  const { t } = useTranslation('common');
  return (
    <main className="broken">
      <a className="brand" href={paths.landing}>
        <Logo />
        <span>{t('medallion')}</span>
      </a>
      <PageTitle lead={t('missing.text')}>{t('missing.title')}</PageTitle>
      <LinkButton href={paths.landing} look="primary">
        {t('missing.home')}
      </LinkButton>
    </main>
  );
}

export function BrokenPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation('common');
  const problemWords = useProblemWords();
  const isAnswer = error instanceof ApiError;
  const isOffline = isAnswer && error.code === 'no-connection';
  return (
    <div className="broken">
      <PageTitle lead={isAnswer ? problemWords(error) : t('broken.text')}>
        {isOffline ? t('broken.noConnection') : t('broken.title')}
      </PageTitle>
      <div className="row">
        <Button look="primary" onPress={() => location.reload()}>
          {t('act.tryAgain')}
        </Button>
        <LinkButton href={paths.landing}>{t('missing.home')}</LinkButton>
      </div>
    </div>
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
