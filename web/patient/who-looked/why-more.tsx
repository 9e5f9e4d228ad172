// Why somebody could do what one entry says: the permission behind it as it stood then, in sentences. Asked for only when it is opened.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { whyQuery } from '../../api/sharing.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { usePurposeWords, useScopeWords } from '../../ui/scope-words.ts';
import { useNow } from './use-now.ts';

export function WhyMore({ entryId, what }: { readonly entryId: string; readonly what: string }) {
  const { t } = useTranslation('looks');
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button look="link" onPress={() => setOpen(!open)}>
        {t(open ? 'more.hide' : 'more.show')}
        <span className="visually-hidden">: {what}</span>
      </Button>
      {open ? <Permission entryId={entryId} /> : null}
    </div>
  );
}

function Permission({ entryId }: { readonly entryId: string }) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const purposeWords = usePurposeWords();
  const problemWords = useProblemWords();
  const now = useNow().toISOString();
  const { data, error } = useQuery(whyQuery(entryId));
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return null;
  const { permission } = data;
  if (permission === undefined) return <p className="quiet">{t('more.none')}</p>;
  const { holder, scope, purpose, consentVersion, startsAt, endsAt, endedAt } = permission;
  const from = formatDateTime(startsAt, language);
  const over = endedAt ?? (endsAt !== null && endsAt <= now ? endsAt : null);
  const lines = [
    endsAt === null
      ? t('more.givenOpen', { from, what: scopeWords(scope, 'own') })
      : t('more.given', { from, until: formatDateTime(endsAt, language), what: scopeWords(scope, 'own') }),
    ...(holder.everybody === true ? [t('more.everybody', { organization: holder.name })] : []),
    t('more.purpose', { purpose: purposeWords(purpose) }),
    ...(consentVersion === undefined ? [] : [t('more.version', { version: consentVersion })]),
    over === null ? t('more.holds') : t('more.ended', { when: formatDateTime(over, language) }),
  ];
  return <p className="quiet">{lines.join(' ')}</p>;
}
