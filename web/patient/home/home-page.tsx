// The first page of a person: their card, what is next, what matters most, and whether the record is whole.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { cardQuery, previewHref } from '../../api/card.ts';
import type { OwnCard } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSignedIn } from '../../api/session.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading } from '../../ui/section.tsx';
import { CodeSheet } from '../card/code-sheet.tsx';
import { OwnCardFront } from '../card/own-card.tsx';
import { useNow } from '../who-looked/use-now.ts';
import { givenName } from './given-name.ts';
import { Matters } from './matters.tsx';
import { NextActs } from './next-acts.tsx';
import { Whole } from './whole.tsx';
import './home.css';

/** Morning until noon, afternoon until five, evening until the next morning. */
function greetingAt(hour: number): 'morning' | 'afternoon' | 'evening' {
  if (hour >= 5 && hour < 12) return 'morning';
  return hour >= 12 && hour < 17 ? 'afternoon' : 'evening';
}

export function HomePage() {
  const { t } = useTranslation(['home', 'common']);
  const { patient } = useSignedIn();
  const now = useNow();
  const card = useQuery(cardQuery(useLanguage()));
  const greeting = t(`home:greeting.${greetingAt(now.getHours())}`, {
    name: givenName(patient.name),
  });
  return (
    <>
      <title>{`${t('common:nav.home')} · ${t('common:medallion')}`}</title>
      <h1 className="home-greeting" tabIndex={-1}>
        {greeting}
      </h1>
      <div className="columns home-columns">
        <CardPart card={card.data} error={card.error} onAgain={() => void card.refetch()} />
        <NextActs card={card.data} />
        <Matters />
        <Whole />
      </div>
    </>
  );
}

interface CardPartProps {
  readonly card: OwnCard | undefined;
  readonly error: Error | null;
  readonly onAgain: () => void;
}

function CardPart({ card, error, onAgain }: CardPartProps) {
  const { t } = useTranslation(['home', 'common']);
  const problemWords = useProblemWords();
  const language = useLanguage();
  const [shown, setShown] = useState(false);
  if (card === undefined) {
    return (
      <div className="home-card">
        {error === null ? (
          <Loading>{t('card.loading')}</Loading>
        ) : (
          <ErrorBand
            actions={<Button onPress={onAgain}>{t('common:act.tryAgain')}</Button>}
            title={t('card.failed')}
          >
            {problemWords(error)}
          </ErrorBand>
        )}
      </div>
    );
  }
  if (card.face === null) {
    return (
      <div className="home-card">
        <Band
          actions={
            <LinkButton href={paths.card} look="primary">
              {t('card.getNew')}
            </LinkButton>
          }
          title={t(card.state === 'lost' ? 'card.lost' : 'card.revoked', { number: card.number })}
          tone="caution"
        >
          {t('card.showsNothing')}
        </Band>
      </div>
    );
  }
  return (
    <div className="home-card">
      <OwnCardFront card={card} face={card.face} />
      <div className="row-even home-card-acts">
        <Button icon="card" look="primary" onPress={() => setShown(true)}>
          {t('card.showCode')}
        </Button>
        <LinkButton href={`${paths.card}#print`} icon="print">
          {t('card.print')}
        </LinkButton>
      </div>
      <p className="home-preview">
        <a href={previewHref('first', language)} rel="noopener" target="_blank">
          {t('card.preview')}
          <span className="visually-hidden"> {t('card.newTab')}</span>
        </a>
      </p>
      <CodeSheet card={card} face={card.face} onClose={() => setShown(false)} open={shown} />
    </div>
  );
}
