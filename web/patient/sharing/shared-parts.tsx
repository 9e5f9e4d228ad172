// The same permissions the other way round: for each part of the record, and each single entry, who may see it.
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { partsQuery } from '../../api/sharing.ts';
import type { Grant } from '../../api/sharing.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Loading, Rows } from '../../ui/section.tsx';

export function SharedParts({ grants }: { readonly grants: readonly Grant[] }) {
  const { t } = useTranslation(['sharing', 'access', 'common']);
  const language = useLanguage();
  const { data: parts } = useQuery(partsQuery);
  if (parts === undefined) return <Loading>{t('common:loading')}</Loading>;
  const names = (seeing: readonly Grant[]): string =>
    new Intl.ListFormat(language).format([...new Set(seeing.map(({ holder }) => holder.name))]);
  const single = [...new Set(grants.flatMap(({ scope }) => scope.entries ?? []))];
  return (
    <Rows>
      {parts.map(({ category, open, sealed }) => {
        const seeing = grants.filter(
          ({ scope, basis }) =>
            basis === 'break-glass' ||
            (scope.categories === undefined
              ? scope.entries === undefined
              : scope.categories.includes(category)),
        );
        return (
          <li key={category}>
            <h3>{t(`access:part.${category}`)}</h3>
            <p>{seeing.length === 0 ? t('onlyYou') : names(seeing)}</p>
            <p className="quiet small">
              {t('holds', { count: open + sealed })}
              {sealed === 0 ? '' : ` ${t('ofThemSealed', { count: sealed })}`}
            </p>
          </li>
        );
      })}
      {single.map((entry) => (
        <li key={entry}>
          <h3>{entry.split('/')[0]}</h3>
          <p>{names(grants.filter(({ scope }) => scope.entries?.includes(entry) === true))}</p>
        </li>
      ))}
    </Rows>
  );
}
