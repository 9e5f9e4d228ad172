// One entry of the list: who and when, what they saw, why they could, what can be done about it, and its proof.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/entries.ts';
import { formatTime, initials } from '../../i18n/format.ts';
import { paths } from '../../paths.ts';
import { Icon } from '../../ui/icons.tsx';
import { EntryProof as ProofOfEntry } from '../../ui/entry-proof.tsx';
import type { EntryWords } from '../../api/entry-words.ts';
import { isScan } from '../../api/look-kinds.ts';
import { WhyMore } from './why-more.tsx';

export interface LookEntryProps {
  readonly entry: Entry;
  readonly words: EntryWords;
  readonly acts?: ReactNode | undefined;
}

export function LookEntry({ entry, words, acts }: LookEntryProps) {
  const { t } = useTranslation('looks');
  const refused = entry.outcome === 'refused';
  return (
    <li className="look">
      <span aria-hidden="true" className="look-mark">
        {isScan(entry) ? <Icon name="card" size={20} /> : <Mark entry={entry} who={words.who} />}
      </span>
      <div className="look-words">
        <h3>{t('whoAt', { who: words.who, time: formatTime(entry.recordedAt) })}</h3>
        <p className="look-saw">
          {refused ? <Icon name="cross" size={18} /> : null}
          <span>{words.sawLine}</span>
        </p>
        {words.why === undefined ? null : <p className="quiet">{t('why', { why: words.why })}</p>}
        {words.why === undefined || entry.detail?.['authority'] === undefined ? null : (
          <WhyMore entryId={entry.entryId} what={words.sawLine} />
        )}
        <div className="look-foot">
          {entry.agent === undefined || entry.basis === 'link-preview' ? null : (
            <span className="quiet small">{t('with', { agent: entry.agent })}</span>
          )}
          <EntryProof entry={entry} />
        </div>
        {acts === undefined ? null : <div className="look-acts">{acts}</div>}
      </div>
    </li>
  );
}

function Mark({ entry, who }: { readonly entry: Entry; readonly who: string }) {
  const letters = entry.who.name === undefined ? '' : initials(who);
  return letters === '' ? (
    <Icon
      name={entry.who.role === 'operator' || entry.who.role === 'system' ? 'settings' : 'person'}
      size={20}
    />
  ) : (
    <span>{letters}</span>
  );
}

/** Where an entry stands in the log; leads to its check. */
export function EntryProof({ entry }: { readonly entry: Entry }) {
  return <ProofOfEntry href={`${paths.verify}/entry/${entry.entryId}`} of={entry} />;
}
