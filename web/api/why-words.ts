// Why somebody could see or do what an entry of the log says.
import type { Words } from './deed-words.ts';
import type { Entry } from './entries.ts';

/** The rule that let them, in words; where it refused, that nothing let them. */
export function whyWords(t: Words, { who, basis, outcome, event }: Entry): string {
  if (who.app !== undefined && outcome === 'done') return t('why.app');
  switch (basis) {
    case 'card-first-tier':
      return event === 'scan-code' ? t('why.scannedNoCode') : t('why.scanned');
    case 'card-second-tier':
      return t('why.scannedWithCode');
    case 'card-not-valid':
      return t('why.cardNotValid');
    case 'link-preview':
      return t('why.linkPreview');
    case 'client-scope':
      return t('why.program');
    case 'laboratory-order':
      return t('why.laboratoryOrder');
    case 'own-order':
      return t('why.ownOrder');
    case 'staff-upload':
      return t('why.staffUpload');
    case 'operator-import':
      return t('why.import');
    case 'joined-safety':
      return t('why.joinedSafety');
    case 'guardian':
      return t('why.guardian');
    case 'grant':
      return t('why.grant');
    case 'edit-grant':
      return t('why.editGrant');
    case 'break-glass':
      return t('why.breakGlass');
    case 'licence':
      return t('why.licence');
    case 'records-officer':
      return t('why.recordsOfficer');
    case 'amendment':
      return t('why.amendment');
    case 'former-edit-grant':
      return t('why.formerEditGrant');
    case 'visit-author':
      return t('why.visitAuthor');
    case 'owner-rule':
      return t('why.ownerRule');
    case 'one-time-code':
      return t('why.oneTimeCode');
    case 'desk':
      return t('why.desk');
    case 'claim-code':
      return t('why.claimCode');
    case 'card-and-code':
      return t('why.cardAndCode');
    case 'administrator':
      return t('why.administrator');
    case 'organization-administrator':
      return t('why.organizationAdministrator');
    case 'self':
      // Their own record, but another account than the reader's.
      return t('why.self');
    default:
      if (outcome === 'refused') return t('why.refused');
      return who.role === 'card-reader' ? t('why.scanned') : t('why.rule', { rule: basis });
  }
}
