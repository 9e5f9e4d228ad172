// For each section: who sees it. Saved as it is chosen, with a way back; entries can be left out one by one.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardPlacement } from '../../../core/card/card-settings.ts';
import { sensitiveFactKind } from '../../../core/card/sensitive-codes.ts';
import type { Fact, RecordFacts, SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { OwnCard } from '../../api/card.ts';
import { useChangeSettings } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useRecordFacts } from '../facts/record-facts.ts';
import { recordOrder } from '../facts/sections.ts';
import { EntrySheet } from './entry-sheet.tsx';
import { useChosen } from './use-chosen.ts';

const PLACEMENTS: readonly CardPlacement[] = ['first', 'second', 'none'];

/** Sections kept in one resource with the name: shown or withheld as a whole. */
const WHOLE: readonly SectionId[] = ['identity', 'address', 'contacts'];

/** Facts whose showing can be chosen one by one: those of other resources, without what is private anyway. */
export function choosableFacts(
  facts: RecordFacts,
  section: SectionId,
): readonly Fact<SectionValues[SectionId]>[] {
  const held = facts[section];
  if (held.state !== 'recorded' || WHOLE.includes(section)) return [];
  return held.facts.filter(
    (fact) => fact.resource.type !== 'Patient' && sensitiveFactKind(section, fact) === undefined,
  );
}

export function Placements({ card }: { readonly card: OwnCard }) {
  const { t } = useTranslation(['card', 'patient-record']);
  const problemWords = useProblemWords();
  const change = useChangeSettings();
  const { facts } = useRecordFacts();
  const [chosen, setChosen] = useState<SectionId>();
  const { settings, hasAccessCode } = card;
  const place = (section: SectionId, to: CardPlacement): void => {
    const from = settings.tiers[section];
    if (from === to) return;
    const words = t(`shows.saved.${to}`, { section: t(`patient-record:section.${section}`) });
    change.mutate(
      { tiers: { [section]: to } },
      { onSuccess: () => announceDone(words, () => change.mutate({ tiers: { [section]: from } })) },
    );
  };
  const needsCode = recordOrder.some((section) => settings.tiers[section] === 'second');
  return (
    <>
      {change.isError ? (
        <ErrorBand key={change.failureCount} title={t('shows.failed')}>
          {problemWords(change.error)}
        </ErrorBand>
      ) : null}
      {needsCode && !hasAccessCode ? (
        <Band actions={<a href="#code">{t('shows.setCode')}</a>} tone="info">
          {t('shows.noCode')}
        </Band>
      ) : null}
      <ul className="rows placements">
        {recordOrder.map((section) => {
          const single = choosableFacts(facts, section);
          const hidden = single.filter((fact) => settings.hidden.includes(fact.resource.id)).length;
          return (
            <li className="placement" key={section}>
              <PlacementChoice
                detail={stateWords(t, facts, section)}
                name={t(`patient-record:section.${section}`)}
                onChange={(to) => place(section, to)}
                section={section}
                value={settings.tiers[section]}
              />
              {single.length > 1 || hidden > 0 ? (
                <Button look="link" onPress={() => setChosen(section)}>
                  {hidden === 0 ? t('shows.choose') : t('shows.chooseHidden', { count: hidden })}
                  <span className="visually-hidden">: {t(`patient-record:section.${section}`)}</span>
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <EntrySheet onClose={() => setChosen(undefined)} section={chosen} settings={settings} />
    </>
  );
}

type Translate = ReturnType<typeof useTranslation<['card', 'patient-record']>>['t'];

function stateWords(t: Translate, facts: RecordFacts, section: SectionId): string {
  const held = facts[section];
  switch (held.state) {
    case 'recorded':
      return t('shows.recorded', { count: held.facts.length });
    case 'none-known':
      return t('shows.noneKnown');
    case 'not-recorded':
    case 'withheld':
      return t('shows.notRecorded');
  }
}

interface PlacementChoiceProps {
  readonly section: SectionId;
  readonly name: string;
  readonly detail: string;
  readonly value: CardPlacement;
  readonly onChange: (to: CardPlacement) => void;
}

function PlacementChoice({ section, name, detail, value, onChange }: PlacementChoiceProps) {
  const { t } = useTranslation('card');
  const [shown, choose] = useChosen(value, onChange);
  return (
    <fieldset className="placement-choice">
      <legend>
        <span className="placement-name">{name}</span> <span className="quiet small">{detail}</span>
      </legend>
      <div className="placement-segments">
        {PLACEMENTS.map((placement) => (
          <label key={placement}>
            <input
              checked={shown === placement}
              name={`placement-${section}`}
              onChange={() => choose(placement)}
              type="radio"
              value={placement}
            />
            <span>{t(`placement.${placement}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
