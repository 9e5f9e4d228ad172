// For whoever works at the same place as a clinician: to say that somebody stood there, showed their card and said their code.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import type { CardToWitness } from '../api/desk.ts';
import { cardsToWitnessQuery, useWitness } from '../api/desk.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatTime } from '../i18n/format.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { usePurposeWords } from '../ui/scope-words.ts';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import './desk.css';

export function WitnessPage() {
  const { t } = useTranslation(['desk', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(cardsToWitnessQuery);
  return (
    <div className="desk">
      <PageTitle lead={t('witness.lead')}>{t('witness.title')}</PageTitle>
      <Section note={t('witness.note')} title={t('witness.waiting')}>
        {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
        {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
        {data?.length === 0 ? <p className="quiet">{t('witness.none')}</p> : null}
        <ul className="rows">
          {data?.map((one) => (
            <WitnessRow key={one.id} one={one} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function WitnessRow({ one }: { readonly one: CardToWitness }) {
  const { t } = useTranslation('desk');
  const problemWords = useProblemWords();
  const purposeWords = usePurposeWords();
  const witness = useWitness();
  const { clinician, cardEndsWith: digits } = one;
  const gone = witness.error instanceof ApiError && witness.error.status === 404;
  return (
    <li className="desk-row">
      <div className="desk-who">
        <p className="desk-uhid">{t('witness.who', { clinician, digits })}</p>
        <p className="quiet small">
          {t(one.write ? 'witness.writes' : 'witness.looks', { purpose: purposeWords(one.purpose) })}{' '}
          {t('witness.until', { time: formatTime(one.until) })}
        </p>
        {witness.error === null ? null : (
          <ErrorBand>{gone ? t('witness.gone') : problemWords(witness.error)}</ErrorBand>
        )}
      </div>
      <Button
        busy={witness.isPending && t('working')}
        label={t('witness.actOf', { clinician, digits })}
        onPress={() =>
          witness.mutate(one.id, { onSuccess: () => announceDone(t('witness.done', { clinician })) })
        }
      >
        {t('witness.act')}
      </Button>
    </li>
  );
}
