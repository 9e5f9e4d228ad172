// A card that was shown and waits for a colleague who saw it. Goes on to the record by itself when they have said yes.
import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { cardShownQuery } from '../api/clinic.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatTime } from '../i18n/format.ts';
import { clinicPaths, paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle } from '../ui/section.tsx';
import './clinic.css';

export function CardShownPage() {
  const { t } = useTranslation(['clinic', 'common']);
  const problemWords = useProblemWords();
  const navigate = useNavigate();
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(cardShownQuery(id));
  const patient = data?.patient;
  useEffect(() => {
    if (patient !== undefined) void navigate({ to: clinicPaths.patient(patient), replace: true });
  }, [navigate, patient]);
  if (data === undefined && error === null) return <Loading>{t('common:loading')}</Loading>;
  return (
    <div className="clinic stack-wide">
      <PageTitle>{t(data?.state === 'over' ? 'card.over' : 'card.waiting')}</PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data?.state === 'waiting' ? (
        <Band announce tone="info" title={t('card.askColleague', { digits: data.cardEndsWith })}>
          {t('card.waitsUntil', { time: formatTime(data.until) })}
        </Band>
      ) : null}
      {data?.state === 'over' ? (
        <Band
          actions={<LinkButton href={clinicPaths.card}>{t('card.again')}</LinkButton>}
          tone="caution"
          title={t('card.nobody')}
        >
          {t('card.nothingOpen')}
        </Band>
      ) : (
        <p className="quiet">{t('card.bySelf')}</p>
      )}
      <LinkButton href={paths.clinic} look="link">
        {t('asked.back')}
      </LinkButton>
    </div>
  );
}
