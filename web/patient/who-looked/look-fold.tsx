// Many looks as one line: who, how many, from when to when. Opened, each stands as it does alone, with what can be done and its proof.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/entries.ts';
import type { LookFold } from '../../api/look-folds.ts';
import type { EntryWords } from '../../api/entry-words.ts';
import { formatTime } from '../../i18n/format.ts';
import { timelineEntryPath } from '../../paths.ts';
import { Icon } from '../../ui/icons.tsx';

export interface FoldedLooksProps {
  readonly fold: LookFold;
  readonly words: (entry: Entry) => EntryWords;
  readonly children: (entry: Entry) => ReactNode;
}

export function FoldedLooks({ fold, words, children }: FoldedLooksProps) {
  const { t } = useTranslation('looks');
  const { entries } = fold;
  const [newest] = entries;
  const first = entries.at(-1);
  if (newest === undefined || first === undefined) return null;
  const { who, saw } = words(newest);
  const count = entries.length;
  const from = formatTime(first.recordedAt);
  const to = formatTime(newest.recordedAt);
  const { event, on } = newest;
  return (
    <li className="look-fold">
      <details>
        <summary>
          <Icon name="down" size={18} />
          <span>
            <span className="look-fold-who">{t('fold.who', { who, from, to })}</span>
            <span>
              {event === 'images' ? t('fold.images', { count }) : t('fold.looks', { count, what: saw })}
            </span>
          </span>
        </summary>
        {event === 'images' && on !== undefined ? (
          <p>
            <a href={timelineEntryPath(on)}>{t('fold.which', { from })}</a>
          </p>
        ) : null}
        <ul className="rows">{entries.map(children)}</ul>
      </details>
    </li>
  );
}
