// Emergencies in which the record was opened: pinned until the person has said what they think, then with what became of them.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { glassReviewsQuery, useAnswerGlass } from '../../api/sharing.ts';
import type { GlassReview } from '../../api/sharing.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';

export function GlassBands() {
  const { data = [] } = useQuery(glassReviewsQuery);
  return (
    <div className="glass-bands">
      {data.slice(0, 5).map((review) => (
        <GlassBand key={review.id} review={review} />
      ))}
    </div>
  );
}

function GlassBand({ review }: { readonly review: GlassReview }) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const answer = useAnswerGlass();
  const when = formatDateTime(review.openedAt, language);
  const act = (word: 'right' | 'questioned') => () => answer.mutate({ id: review.id, answer: word });
  const open = review.personAnswer === null;
  return (
    <Band
      actions={
        open ? (
          <>
            <Button label={t('glass.rightOn', { when })} onPress={act('right')}>
              {t('glass.right')}
            </Button>
            <Button label={t('glass.questionOn', { when })} look="danger" onPress={act('questioned')}>
              {t('glass.question')}
            </Button>
          </>
        ) : undefined
      }
      title={t('glass.title', { when })}
      tone={open ? 'danger' : 'info'}
    >
      <p>{t('glass.text', { name: review.clinician, reason: review.reason })}</p>
      {review.personAnswer === null ? null : <p>{t(`glass.said.${review.personAnswer}`)}</p>}
      <p>
        {review.finding === null
          ? t(review.overdue ? 'glass.overdue' : 'glass.due', {
              when: formatDateTime(review.dueAt, language),
            })
          : t(`glass.found.${review.finding}`, { words: review.words ?? '' })}
      </p>
      {answer.isError ? <ErrorBand key={answer.failureCount}>{problemWords(answer.error)}</ErrorBand> : null}
    </Band>
  );
}
