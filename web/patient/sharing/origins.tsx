// Where each version of an entry came from: who, where, by which permission, when, and whether it was late. From what was recorded then.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { originsQuery } from '../../api/sharing.ts';
import type { Origin } from '../../api/sharing.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Loading, Rows, Section } from '../../ui/section.tsx';

export function Origins({ type, id }: { readonly type: string; readonly id: string }) {
  const { t } = useTranslation(['sharing', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(originsQuery(`${type}/${id}`));
  return (
    <Section title={t('origins.title')}>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      <Rows>
        {data?.map((origin) => (
          <OriginRow key={origin.version} origin={origin} />
        ))}
      </Rows>
    </Section>
  );
}

function OriginRow({ origin }: { readonly origin: Origin }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const { version, at, erased, event, author, place, permission, late } = origin;
  const when = formatDateTime(at, language);
  const name = author?.role === 'patient' ? t('origins.you') : (author?.name ?? t('origins.somebody'));
  if (erased === true)
    return (
      <li>
        <p className="quiet small">{t('origins.version', { number: version })}</p>
        <p>{t('origins.erased')}</p>
      </li>
    );
  return (
    <li>
      <p className="quiet small">{t('origins.version', { number: version })}</p>
      <p className="sharing-who">
        {place === undefined ? t('origins.by', { name, when }) : t('origins.byAt', { name, place, when })}
      </p>
      {event === 'delete' ? <p>{t('origins.deleted')}</p> : null}
      {event === 'update' && author?.role === 'professional' ? <p>{t('origins.amended')}</p> : null}
      {late === true ? <p>{t('origins.late')}</p> : null}
      {permission?.endsAt == null ? null : (
        <p className="quiet">
          {t('origins.permission', {
            from: formatDateTime(permission.startsAt, language),
            until: formatDateTime(permission.endsAt, language),
          })}
        </p>
      )}
    </li>
  );
}
