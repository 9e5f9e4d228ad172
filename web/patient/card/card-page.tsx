// The card: front and back, printing, what each tier shows, the emergency code, and the acts that end it.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { cardQuery, previewHref, useCardAct } from '../../api/card.ts';
import type { OwnCard, OwnCardFace } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { AccessCode } from './access-code.tsx';
import { CardActs } from './card-acts.tsx';
import { ClaimCard } from './claim-card.tsx';
import { OwnCardBack, OwnCardFront } from './own-card.tsx';
import { PrintChoices } from './print-choices.tsx';
import { PrivateMatters } from './private-matters.tsx';
import { CardSwitches } from './card-switches.tsx';
import { Placements } from './placements.tsx';
import './card.css';

export function CardPage() {
  const { t } = useTranslation(['card', 'common']);
  const problemWords = useProblemWords();
  const card = useQuery(cardQuery(useLanguage()));
  if (card.data === undefined) {
    return (
      <>
        <PageTitle>{t('common:nav.yourCard')}</PageTitle>
        {card.isError ? (
          <ErrorBand
            actions={<Button onPress={() => void card.refetch()}>{t('common:act.tryAgain')}</Button>}
            title={t('failed')}
          >
            {problemWords(card.error)}
          </ErrorBand>
        ) : (
          <Loading>{t('loading')}</Loading>
        )}
      </>
    );
  }
  return <WholeCardPage card={card.data} />;
}

function WholeCardPage({ card }: { readonly card: OwnCard }) {
  const { t } = useTranslation(['card', 'common']);
  const language = useLanguage();
  const words = { number: card.number, date: formatDate(card.issued, language) };
  const { face } = card;
  return (
    <>
      <PageTitle lead={t(face === null ? 'lead.ended' : 'lead', words)}>{t('common:nav.yourCard')}</PageTitle>
      {face === null ? <EndedCard card={card} /> : <ValidCard card={card} face={face} />}
      <Section id="shows" note={t('shows.note')} title={t('shows.title')}>
        <Placements card={card} />
      </Section>
      <PrivateMatters settings={card.settings} />
      <Section title={t('switches.title')}>
        <CardSwitches settings={card.settings} />
      </Section>
      <div className="columns card-last">
        <div>
          <AccessCode card={card} />
          <ClaimCard />
        </div>
        {face === null ? null : <CardActs number={card.number} />}
      </div>
    </>
  );
}

function EndedCard({ card }: { readonly card: OwnCard }) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const change = useCardAct();
  return (
    <div className="stack-wide">
      <Band
        actions={
          <Button
            busy={change.isPending && t('ask.acting')}
            look="primary"
            onPress={() =>
              change.mutate('issue', {
                onSuccess: ({ number }) => announceDone(t('ended.issued', { number })),
              })
            }
          >
            {t('ended.issue')}
          </Button>
        }
        title={t(card.state === 'lost' ? 'ended.lost' : 'ended.revoked', { number: card.number })}
        tone="caution"
      >
        {t('ended.text')}
      </Band>
      {change.isError ? <ErrorBand title={t('ask.failed')}>{problemWords(change.error)}</ErrorBand> : null}
    </div>
  );
}

function ValidCard({ card, face }: { readonly card: OwnCard; readonly face: OwnCardFace }) {
  const { t } = useTranslation('card');
  const language = useLanguage();
  return (
    <>
      <h2 className="visually-hidden">{t('sides')}</h2>
      <div className="card-sides">
        <div>
          <OwnCardFront card={card} face={face} />
          <p className="card-side">
            <strong>{t('front')}</strong> <span className="quiet">{t('front.what')}</span>
          </p>
        </div>
        <div>
          <OwnCardBack face={face} />
          <p className="card-side">
            <strong>{t('back')}</strong>{' '}
            <span className="quiet">
              {t(face.offlineText === undefined ? 'back.what' : 'back.whatWithText')}
            </span>
          </p>
        </div>
      </div>
      <div className="columns card-uses">
        <Section id="print" title={t('print.title')}>
          <PrintChoices />
        </Section>
        <Section note={t('preview.note')} title={t('preview.title')}>
          <Rows>
            <NextRow
              detail={t('preview.firstDetail')}
              href={previewHref('first', language)}
              icon="eye"
              newTab
              title={t('preview.first')}
            />
            <NextRow
              detail={t(card.hasAccessCode ? 'preview.secondDetail' : 'preview.secondNoCode')}
              href={previewHref('second', language)}
              icon="key"
              newTab
              title={t('preview.second')}
            />
          </Rows>
        </Section>
      </div>
    </>
  );
}
