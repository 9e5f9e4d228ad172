// Late entries of clinicians: what they want to add, why so late, and the person's yes or no.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { amendmentsQuery, useAnswerAmendment } from '../../api/sharing.ts';
import type { Amendment } from '../../api/sharing.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Rows, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';

export function Amendments() {
  const { t } = useTranslation('sharing');
  const { data = [] } = useQuery(amendmentsQuery);
  const waiting = data.filter(({ state }) => state === 'proposed');
  if (waiting.length === 0) return null;
  return (
    <Section title={t('amendments.title')}>
      <Rows>
        {waiting.map((amendment) => (
          <AmendmentRow amendment={amendment} key={amendment.id} />
        ))}
      </Rows>
    </Section>
  );
}

function AmendmentRow({ amendment }: { readonly amendment: Amendment }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const answer = useAnswerAmendment();
  const what = amendment.title ?? amendment.type;
  const act = (word: 'accept' | 'reject', done: string) => () =>
    answer.mutate({ id: amendment.id, answer: word }, { onSuccess: () => announceDone(done) });
  return (
    <li className="stack">
      <h3>{t('amendments.what', { name: amendment.author, what })}</h3>
      <p>{t('amendments.reason', { reason: amendment.reason })}</p>
      <p className="quiet small">{formatDateTime(amendment.proposedAt, language)}</p>
      {answer.isError ? <ErrorBand key={answer.failureCount}>{problemWords(answer.error)}</ErrorBand> : null}
      <div className="row-even">
        <Button
          label={`${t('amendments.accept')}: ${what}`}
          onPress={act('accept', t('amendments.accepted'))}
        >
          {t('amendments.accept')}
        </Button>
        <Button
          label={`${t('amendments.reject')}: ${what}`}
          onPress={act('reject', t('amendments.rejected'))}
        >
          {t('amendments.reject')}
        </Button>
      </div>
    </li>
  );
}
