// The sheet that goes home with the person: their number, the code, and what to do with it, in both languages. Printed as it stands.
import { useTranslation } from 'react-i18next';
import type { ClaimCode } from '../api/desk.ts';
import { formatDate, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';

interface ClaimSheetProps {
  readonly uhid: string;
  readonly claim: ClaimCode;
  readonly name?: string | undefined;
}

export function ClaimSheet({ uhid, claim, name }: ClaimSheetProps) {
  const { t } = useTranslation('desk');
  const language = useLanguage();
  return (
    <div className="claim-sheet">
      {name === undefined ? null : <p className="claim-name">{name}</p>}
      <dl>
        <dt>{t('sheet.uhid')}</dt>
        <dd>{formatUhid(uhid)}</dd>
        <dt>{t('sheet.code')}</dt>
        <dd className="claim-code">{claim.claimCode}</dd>
      </dl>
      <p>{t('sheet.what', { address: `${location.host}${paths.claim}` })}</p>
      <p>{t('sheet.until', { when: formatDate(claim.claimUntil, language) })}</p>
      <p className="small">{t('sheet.keep')}</p>
    </div>
  );
}
