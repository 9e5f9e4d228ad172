// Rules by which requests are allowed as they come; each can be ended.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { rulesQuery, useEndRule } from '../../api/sharing.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { usePurposeWords, useScopeWords } from '../../ui/scope-words.ts';
import { Rows, Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';

export function AccessRules() {
  const { t } = useTranslation('sharing');
  const problemWords = useProblemWords();
  const scopeWords = useScopeWords();
  const purposeWords = usePurposeWords();
  const { data = [] } = useQuery(rulesQuery);
  const end = useEndRule();
  if (data.length === 0) return null;
  return (
    <Section note={t('rules.note')} title={t('rules.title')}>
      {end.isError ? <ErrorBand key={end.failureCount}>{problemWords(end.error)}</ErrorBand> : null}
      <Rows>
        {data.map((rule) => {
          const name = rule.holder?.name ?? t('rules.everybody', { organization: rule.organization ?? '' });
          return (
            <li className="row-apart" key={rule.id}>
              <div>
                <p className="sharing-who">{name}</p>
                <p>{scopeWords(rule.scope, 'own')}</p>
                <p className="quiet small">{purposeWords(rule.purpose)}</p>
              </div>
              <Button
                label={t('rules.endWho', { name })}
                look="link"
                onPress={() => end.mutate(rule.id, { onSuccess: () => announceDone(t('rules.ended')) })}
              >
                {t('rules.end')}
              </Button>
            </li>
          );
        })}
      </Rows>
    </Section>
  );
}
