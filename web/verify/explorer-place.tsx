// One entry of the public log by its place, with its proof.
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorBand } from '../ui/band.tsx';
import { PageTitle } from '../ui/section.tsx';
import { readIndex } from './check-place.ts';
import { CheckedPlace } from './printed-code.tsx';

export function ExplorerPlacePage() {
  const { t } = useTranslation('ledger');
  const params: { readonly index?: string } = useParams({ strict: false });
  const index = readIndex(params.index ?? '');
  if (index === undefined) {
    return (
      <>
        <PageTitle>{t('explorer.title')}</PageTitle>
        <ErrorBand title={t('place.notChecked')}>{t('explorer.noPlace')}</ErrorBand>
      </>
    );
  }
  return <CheckedPlace index={index} key={index} />;
}
