// Which entries of a section the card may show, one tick each. Saved as it is ticked.
import { useTranslation } from 'react-i18next';
import type { CardSettings } from '../../../core/card/card-settings.ts';
import type { SectionId } from '../../../core/record/facts.ts';
import { useChangeSettings } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useRecordFacts } from '../facts/record-facts.ts';
import { useFactName } from './fact-name.ts';
import { choosableFacts } from './placements.tsx';
import { SettingTick } from './setting-tick.tsx';

export interface EntrySheetProps {
  /** Undefined: closed. */
  readonly section: SectionId | undefined;
  readonly settings: CardSettings;
  readonly onClose: () => void;
}

export function EntrySheet({ section, settings, onClose }: EntrySheetProps) {
  const { t } = useTranslation(['card', 'patient-record']);
  return (
    <Sheet
      onClose={onClose}
      open={section !== undefined}
      title={
        section === undefined ? '' : t('entries.title', { section: t(`patient-record:section.${section}`) })
      }
    >
      {section === undefined ? null : <Entries onClose={onClose} section={section} settings={settings} />}
    </Sheet>
  );
}

function Entries({ section, settings, onClose }: EntrySheetProps & { readonly section: SectionId }) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const change = useChangeSettings();
  const { facts } = useRecordFacts();
  const nameOf = useFactName();
  const show = (id: string, isShown: boolean): void => {
    const others = settings.hidden.filter((each) => each !== id);
    change.mutate({ hidden: isShown ? others : [...others, id] });
  };
  return (
    <div className="stack">
      <p className="quiet">{t('entries.note')}</p>
      {change.isError ? (
        <ErrorBand key={change.failureCount} title={t('shows.failed')}>
          {problemWords(change.error)}
        </ErrorBand>
      ) : null}
      <div className="entry-ticks">
        {choosableFacts(facts, section).map((fact) => (
          <SettingTick
            checked={!settings.hidden.includes(fact.resource.id)}
            key={`${fact.resource.type}/${fact.resource.id}`}
            label={nameOf(section, fact)}
            onChange={(isShown) => show(fact.resource.id, isShown)}
          />
        ))}
      </div>
      <Button onPress={onClose} wide>
        {t('entries.done')}
      </Button>
    </div>
  );
}
