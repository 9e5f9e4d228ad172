// Which kind of entries the list shows: one row that scrolls, the chosen one in inverted ink.
import { useTranslation } from 'react-i18next';
import type { EntryKind } from '../../api/entries.ts';

const KINDS: readonly EntryKind[] = ['looks', 'writes', 'access', 'cards', 'account'];

export interface FilterProps {
  readonly value: EntryKind;
  readonly onChange: (kind: EntryKind) => void;
}

export function Filter({ value, onChange }: FilterProps) {
  const { t } = useTranslation('looks');
  return (
    <fieldset className="filter">
      <legend className="visually-hidden">{t('filter')}</legend>
      <div>
        {KINDS.map((kind) => (
          <label key={kind}>
            <input
              checked={kind === value}
              name="entry-kind"
              onChange={() => onChange(kind)}
              type="radio"
              value={kind}
            />
            <span>{t(`kind.${kind}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
