// When results come into one's record: at once, after a clinician saw them, or after some days. Says what does not wait.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import type { Release } from '../../api/results.ts';
import { releaseQuery, useRelease } from '../../api/results.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';

export function ReleaseChoice() {
  const { data } = useQuery(releaseQuery);
  return data === undefined ? null : <Form now={data} />;
}

function Form({ now }: { readonly now: Release }) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const save = useRelease();
  const [rule, setRule] = useState(now.rule);
  const [days, setDays] = useState(String(now.days ?? 3));
  const count = /^\d{1,2}$/.test(days.trim()) ? Number(days) : 0;
  const wrong = rule === 'after-days' && (count < 1 || count > 14);
  return (
    <Section note={t('release.note')} title={t('release.title')}>
      <div className="stack-wide">
        <Choice
          label={t('release.when')}
          onChange={setRule}
          options={[
            { value: 'at-once', label: t('release.atOnce') },
            { value: 'after-seen', label: t('release.afterSeen') },
            { value: 'after-days', label: t('release.afterDays') },
          ]}
          value={rule}
        />
        {rule === 'after-days' ? (
          <TextField
            error={wrong ? t('release.daysWrong') : undefined}
            inputMode="numeric"
            label={t('release.days')}
            maxLength={2}
            onChange={setDays}
            value={days}
          />
        ) : null}
        {save.isError ? <ErrorBand>{problemWords(save.error)}</ErrorBand> : null}
        {save.isSuccess ? (
          <Band announce tone="ok">
            {t('release.saved')}
          </Band>
        ) : null}
        <Button
          busy={save.isPending && t('working')}
          missing={wrong ? t('release.daysWrong') : undefined}
          onPress={() => save.mutate({ rule, ...(rule === 'after-days' ? { days: count } : {}) })}
        >
          {t('release.save')}
        </Button>
      </div>
    </Section>
  );
}
