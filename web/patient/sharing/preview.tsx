// What somebody would see, counted, and what they would not; the entries behind the count on request.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../core/access/categories.ts';
import { partEntriesQuery, partsQuery } from '../../api/sharing.ts';
import type { PartCount } from '../../api/sharing.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Loading } from '../../ui/section.tsx';

export interface PreviewProps {
  /** Undefined: every part. */
  readonly categories: readonly Category[] | undefined;
  readonly sealed: boolean;
}

export function Preview({ categories, sealed }: PreviewProps) {
  const { t } = useTranslation(['sharing', 'access', 'common']);
  const { data: parts } = useQuery(partsQuery);
  const [open, setOpen] = useState(false);
  if (parts === undefined) return <Loading>{t('common:loading')}</Loading>;
  const count = (part: PartCount): number => part.open + (sealed ? part.sealed : 0);
  const covered = parts.filter(
    (part) => (categories === undefined || categories.includes(part.category)) && count(part) > 0,
  );
  const seen = covered.reduce((sum, part) => sum + count(part), 0);
  const unseen = parts.reduce((sum, part) => sum + part.open + part.sealed, 0) - seen;
  return (
    <div className="preview">
      <h2>{t('preview.title', { count: seen })}</h2>
      <ul className="preview-box">
        {covered.map((part) => (
          <li key={part.category}>
            <Icon name="tick" size={20} />
            <span>{t('preview.part', { count: count(part), part: t(`access:part.${part.category}`) })}</span>
          </li>
        ))}
        {unseen === 0 ? null : (
          <li className="preview-not">
            <Icon name="lock" size={20} />
            <span>{t('preview.not', { count: unseen })}</span>
          </li>
        )}
      </ul>
      {seen === 0 ? null : (
        <Button expanded={open} look="link" onPress={() => setOpen(!open)}>
          {t(open ? 'preview.close' : 'preview.look', { count: seen })}
        </Button>
      )}
      {open ? <Entries parts={covered.map(({ category }) => category)} sealed={sealed} /> : null}
    </div>
  );
}

function Entries({ parts, sealed }: { readonly parts: readonly Category[]; readonly sealed: boolean }) {
  const { t } = useTranslation(['sharing', 'common']);
  const language = useLanguage();
  const { data } = useQuery(partEntriesQuery(parts));
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return (
    <>
      <ul className="preview-entries">
        {data.entries
          .filter((entry) => sealed || !entry.sealed)
          .map((entry) => (
            <li key={`${entry.type}/${entry.id}`}>
              <span>{entry.title ?? entry.type}</span>
              {entry.date === undefined ? null : (
                <span className="quiet small">{formatDate(entry.date, language)}</span>
              )}
            </li>
          ))}
      </ul>
      {data.more ? <p className="quiet">{t('preview.more')}</p> : null}
    </>
  );
}
