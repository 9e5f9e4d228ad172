// One's own looks of a day in one row that opens: they are kept like any other, but are not what one searches for.
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/entries.ts';
import { formatTime } from '../../i18n/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { EntryProof } from './look-entry.tsx';
import type { EntryWords } from '../../api/entry-words.ts';

export interface OwnLooksProps {
  readonly entries: readonly Entry[];
  readonly isToday: boolean;
  /** More of this day has not been fetched yet. */
  readonly isPart: boolean;
  readonly words: (entry: Entry) => EntryWords;
}

export function OwnLooks({ entries, isToday, isPart, words }: OwnLooksProps) {
  const { t } = useTranslation('looks');
  return (
    <li className="own-looks">
      <details>
        <summary>
          <Icon name="down" size={18} />
          <span>
            {t(isPart ? 'own.part' : isToday ? 'own.today' : 'own.thatDay', { count: entries.length })}
          </span>
        </summary>
        <ul className="own-looks-list">
          {entries.map((entry) => (
            <li key={entry.entryId}>
              <span className="own-looks-time">{formatTime(entry.recordedAt)}</span>
              <span className="own-looks-what">{words(entry).sawLine}</span>
              <EntryProof entry={entry} />
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
