// Who can see one entry, and by which rule; and the seal, by which the owner keeps it apart from the rest.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { useSeal, whoSeesQuery } from '../../api/sharing.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, Rows, Section } from '../../ui/section.tsx';

const RULES = [
  'guardian',
  'grant',
  'edit-grant',
  'break-glass',
  'not-covered',
  'guardian-level-too-low',
] as const;

export function WhoSees({ type, id }: { readonly type: string; readonly id: string }) {
  const { t } = useTranslation(['sharing', 'common']);
  const language = useLanguage();
  const problemWords = useProblemWords();
  const { data, error } = useQuery(whoSeesQuery(`${type}/${id}`));
  const seal = useSeal(type, id);
  const failed = error ?? seal.error;
  return (
    <Section title={t('sees.title')}>
      {failed === null ? null : <ErrorBand key={seal.failureCount}>{problemWords(failed)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <div className="stack-wide">
          {data.sealed ? <Band tone="sealed">{t('sees.sealed')}</Band> : null}
          <Rows>
            <li>
              <p className="sharing-who">{t('sees.you')}</p>
              <p className="quiet">{t('sees.rule.self')}</p>
            </li>
            {data.people.map((one) => {
              const rule = RULES.find((each) => each === one.rule) ?? 'not-covered';
              return (
                <li key={`${one.holder.id}${one.basis}${one.endsAt ?? ''}`}>
                  <p className="sharing-who">
                    {t(
                      one.holder.everybody === true
                        ? one.sees
                          ? 'sees.can.everybody'
                          : 'sees.cannot.everybody'
                        : one.sees
                          ? 'sees.can'
                          : 'sees.cannot',
                      { name: one.holder.name },
                    )}
                  </p>
                  <p className="quiet">
                    {t(`sees.rule.${rule}`)}
                    {one.sees && one.endsAt !== null
                      ? ` ${t('until', { when: formatDateTime(one.endsAt, language) })}.`
                      : ''}
                  </p>
                </li>
              );
            })}
          </Rows>
          <Button
            busy={seal.isPending && t('sees.changing')}
            icon="lock"
            onPress={() => seal.mutate(!data.sealed)}
          >
            {t(data.sealed ? 'sees.unseal' : 'sees.seal')}
          </Button>
        </div>
      )}
    </Section>
  );
}
