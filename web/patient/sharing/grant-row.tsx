// One permission that holds now: who, what, what for, until when, and the way to end it.
import { useTranslation } from 'react-i18next';
import type { Grant } from '../../api/sharing.ts';
import { formatDate, formatDateTime, initials } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { usePurposeWords, useScopeWords } from '../../ui/scope-words.ts';
import { Avatar } from '../../ui/section.tsx';

export function GrantRow({ grant, onEnd }: { readonly grant: Grant; readonly onEnd: () => void }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const purposeWords = usePurposeWords();
  const { basis, holder, organization, scope, endsAt } = grant;
  const name = holder.everybody === true ? t('everybodyAt', { organization: holder.name }) : holder.name;
  const until =
    endsAt === null
      ? undefined
      : basis === 'grant'
        ? formatDate(endsAt, language)
        : formatDateTime(endsAt, language);
  const may =
    basis === 'edit'
      ? t('may.write')
      : basis === 'break-glass'
        ? t('may.emergency')
        : t(scope.share ? 'may.viewAndShare' : 'may.view');
  return (
    <li className="grant-row">
      <Avatar initials={initials(holder.name)} />
      <div className="grant-words">
        <h3>{name}</h3>
        {organization === undefined || holder.everybody === true ? null : (
          <p className="quiet small">{organization}</p>
        )}
        <p>
          {may}: {basis === 'break-glass' ? t('everything') : scopeWords(scope, 'own')}
          {scope.sealed ? `. ${t('sealedToo')}` : ''}
          {scope.knowsSealed === true ? `. ${t('knowsSealed')}` : ''}
        </p>
        <p className="quiet small">
          {purposeWords(grant.purpose)}
          {until === undefined ? '' : `. ${t('until', { when: until })}`}
        </p>
      </div>
      {basis === 'break-glass' ? null : (
        <Button label={t('stopWho', { name, may })} look="link" onPress={onEnd}>
          {t('stop')}
        </Button>
      )}
    </li>
  );
}
