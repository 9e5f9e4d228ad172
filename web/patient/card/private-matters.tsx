// What stays off the card because it is private, unless the holder ticks it. Not there when there is nothing of the kind.
import { useTranslation } from 'react-i18next';
import type { CardSettings } from '../../../core/card/card-settings.ts';
import { sensitiveFactKind } from '../../../core/card/sensitive-codes.ts';
import type { SensitiveKind } from '../../../core/card/sensitive-codes.ts';
import type { Fact, RecordFacts, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { sectionIds } from '../../../core/record/facts.ts';
import { useChangeSettings } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Section } from '../../ui/section.tsx';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useFactName } from './fact-name.ts';
import { SettingTick } from './setting-tick.tsx';

interface PrivateFact {
  readonly section: SectionId;
  readonly kind: SensitiveKind;
  readonly fact: Fact<SectionValues[SectionId]>;
}

function privateFacts(facts: RecordFacts): readonly PrivateFact[] {
  return sectionIds.flatMap((section) => {
    const held = facts[section];
    if (held.state !== 'recorded') return [];
    return held.facts.flatMap((fact) => {
      const kind = sensitiveFactKind(section, fact);
      return kind === undefined ? [] : [{ section, kind, fact }];
    });
  });
}

export function PrivateMatters({ settings }: { readonly settings: CardSettings }) {
  const { t } = useTranslation(['card', 'patient-record']);
  const problemWords = useProblemWords();
  const change = useChangeSettings();
  const nameOf = useFactName();
  const found = privateFacts(useRecordFacts().facts);
  if (found.length === 0) return null;
  const include = (id: string, isIncluded: boolean): void => {
    const others = settings.includeSensitive.filter((each) => each !== id);
    change.mutate({ includeSensitive: isIncluded ? [...others, id] : others });
  };
  return (
    <Section id="private" note={t('private.note')} title={t('private.title')}>
      {change.isError ? (
        <ErrorBand key={change.failureCount} title={t('shows.failed')}>
          {problemWords(change.error)}
        </ErrorBand>
      ) : null}
      <ul className="rows">
        {found.map(({ section, kind, fact }) => (
          <li key={`${fact.resource.type}/${fact.resource.id}`}>
            <SettingTick
              checked={settings.includeSensitive.includes(fact.resource.id)}
              hint={t('private.hint', {
                section: t(`patient-record:section.${section}`),
                kind: t(`private.${kind}`),
              })}
              label={t('private.include', { what: nameOf(section, fact) })}
              onChange={(isIncluded) => include(fact.resource.id, isIncluded)}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
