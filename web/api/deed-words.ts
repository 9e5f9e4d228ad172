// What an entry of the log says was seen or done. Why they could: why-words.ts.
import type { TFunction } from 'i18next';
import type { Entry } from './entries.ts';

export type Words = TFunction<['looks', 'common']>;

/** Types of resources that have a word of their own; the rest are named as the standard names them. */
const NAMED_TYPES = [
  'Patient',
  'AllergyIntolerance',
  'Condition',
  'MedicationStatement',
  'MedicationRequest',
  'Medication',
  'Immunization',
  'Device',
  'DeviceUseStatement',
  'Observation',
  'CareTeam',
  'RelatedPerson',
  'Consent',
  'DocumentReference',
  'Encounter',
  'Procedure',
  'DiagnosticReport',
  'Practitioner',
  'Organization',
] as const;
type NamedType = (typeof NAMED_TYPES)[number];

function isNamed(type: string): type is NamedType {
  return NAMED_TYPES.some((each) => each === type);
}

/** "an allergy" for AllergyIntolerance. */
export function thing(t: Words, type: string | undefined): string {
  if (type === undefined) return t('type.any');
  return isNamed(type) ? t(`type.${type}`) : t('type.other', { type });
}

type Lead = 'saw' | 'refused' | 'added' | 'changed' | 'removed';

function numberIn(entry: Entry, key: string): number {
  const value = entry.detail?.[key];
  return typeof value === 'number' ? value : 0;
}

function textIn(entry: Entry, key: string): string {
  const value = entry.detail?.[key];
  return typeof value === 'string' ? value : '';
}

/** The words of what was seen or done, and the word that goes before them: "Saw: the emergency page". */
export function deedWords(t: Words, entry: Entry): { lead?: Lead; words: string } {
  const { event, outcome, on, shown, detail } = entry;
  const what = thing(t, on?.type);
  const lead: Lead = outcome === 'refused' ? 'refused' : 'saw';
  const count = shown?.count ?? 0;
  switch (event) {
    case 'create':
      return { lead: outcome === 'refused' ? 'refused' : 'added', words: what };
    case 'update':
      return { lead: outcome === 'refused' ? 'refused' : 'changed', words: what };
    case 'delete':
      return { lead: outcome === 'refused' ? 'refused' : 'removed', words: what };
    case 'read':
      return { lead, words: detail?.['tier'] === undefined ? what : t('saw.card') };
    case 'vread':
      return { lead, words: t('saw.earlier', { what }) };
    case 'history':
      return { lead, words: t('saw.history', { what }) };
    case 'search':
      return { lead, words: t('saw.search', { what, count }) };
    case 'everything':
    case 'summary':
      return { lead, words: t('saw.everything', { count }) };
    case 'match':
      return { lead, words: t('saw.match') };
    case 'bulk-export':
      return { lead, words: t('saw.bulkExport', { count }) };
    case 'notify':
      return { lead, words: t('saw.notify', { what }) };
    case 'file':
      return { lead, words: t('saw.file') };
    case 'images':
      return { lead, words: t('saw.images') };
    case 'upload':
      return { words: t(entry.outcome === 'done' ? 'act.upload' : 'act.uploadRefused') };
    case 'verify':
      return { words: t(detail?.['entry'] === undefined ? 'saw.verify' : 'saw.verifyOne') };
    case 'looks':
      return { words: t('saw.looks') };
    case 'scan':
    case 'scan-code':
      return scanWords(t, entry);
    case 'card-preview':
      return { lead, words: t('saw.preview') };
    case 'card-print':
      return { words: t('saw.print') };
    case 'card-issue':
      return { words: t('act.issue', { number: numberIn(entry, 'card') }) };
    case 'card-rotate':
      return {
        words: t('act.rotate', { number: numberIn(entry, 'card'), former: numberIn(entry, 'replaces') }),
      };
    case 'card-revoke':
      return { words: t('act.revoke', { number: numberIn(entry, 'card') }) };
    case 'card-lost':
      return { words: t('act.lost', { number: numberIn(entry, 'card') }) };
    case 'card-claim':
      return { words: t('act.claim', { number: numberIn(entry, 'card') }) };
    case 'card-settings':
      return { words: t('act.settings') };
    case 'card-code':
      return { words: t(detail?.['set'] === true ? 'act.codeSet' : 'act.codeRemoved') };
    case 'card-batch':
      return { words: t('act.batch') };
    case 'sign-up':
      return { words: t('act.signUp') };
    case 'sign-in':
      return { words: signInWords(t, detail) };
    case 'sign-in-refused':
      return { words: t(detail?.['with'] === undefined ? 'act.signInRefused' : 'act.signInRefusedSecond') };
    case 'sign-out':
      return { words: t('act.signOut') };
    case 'session-end':
      return { words: t('act.sessionEnd', { count: numberIn(entry, 'count') }) };
    case 'password-change':
      return { words: t('act.password') };
    case 'passkey-add':
      return { words: t('act.passkeyAdd') };
    case 'passkey-remove':
      return { words: t('act.passkeyRemove') };
    case 'factor-add':
      return { words: t('act.factorAdd', { factor: factorWords(t, textIn(entry, 'factor')) }) };
    case 'factor-remove':
      return { words: t('act.factorRemove', { factor: factorWords(t, textIn(entry, 'factor')) }) };
    case 'recovery-codes':
      return { words: t('act.recoveryCodes') };
    case 'recovery-begin':
      return { words: t('act.recoveryBegin') };
    case 'recovery-vouch':
      return { words: t('act.recoveryVouch') };
    case 'recovery-ready':
      return { words: t('act.recoveryReady') };
    case 'recovery-stop':
      return { words: t('act.recoveryStop') };
    case 'recovery-done':
      return { words: t('act.recoveryDone') };
    case 'alias-change':
      return { words: t(detail?.['removed'] === true ? 'act.aliasRemoved' : 'act.alias') };
    case 'access-request':
      return { words: t('act.accessRequest') };
    case 'access-code':
      return { words: t('act.accessCode') };
    case 'access-approve':
      return { words: t('act.accessApprove', { name: textIn(entry, 'to') }) };
    case 'access-share':
      return { words: t('act.accessShare', { name: textIn(entry, 'to') }) };
    case 'access-refuse':
      return { words: t('act.accessRefuse') };
    case 'access-withdraw':
      return { words: t('act.accessWithdraw') };
    case 'access-lock':
      return { words: t('act.accessLock') };
    case 'access-block':
      return { words: t('act.accessBlock') };
    case 'access-unblock':
      return { words: t('act.accessUnblock') };
    case 'access-revoke':
      return { words: t('act.accessRevoke', { name: textIn(entry, 'from') }) };
    case 'break-glass':
      return { words: t('act.breakGlass') };
    case 'break-glass-end':
      return { words: t('act.breakGlassEnd') };
    case 'glass-review':
    case 'dispute-answer':
      return {
        words: t(event === 'glass-review' ? 'act.glassReview' : 'act.disputeAnswer', {
          finding: findingWords(t, textIn(entry, 'finding')),
        }),
      };
    case 'glass-answer':
      return {
        words: t(detail?.['answer'] === 'right' ? 'act.glassAnswerRight' : 'act.glassAnswerQuestioned'),
      };
    case 'dispute':
      return { words: t('act.dispute') };
    case 'dispute-close':
      return { words: t('act.disputeClose') };
    case 'dispute-escalate':
      return { words: t('act.disputeEscalate') };
    case 'handover':
      return { words: t('act.handover') };
    case 'merge-propose':
      return { words: t('act.mergePropose') };
    case 'merge-agree':
      return { words: t('act.mergeAgree') };
    case 'merge-refuse':
      return { words: t('act.mergeRefuse') };
    case 'merge':
      return { words: t('act.merge') };
    case 'unmerge':
      return { words: t('act.unmerge') };
    case 'correction':
      return { words: t('act.correction') };
    case 'correction-answer':
      return { words: t(correctionAnswer(detail)) };
    case 'correction-disagree':
      return { words: t('act.correctionDisagree') };
    case 'amendment':
      return { words: t('act.amendment') };
    case 'amendment-answer':
      return { words: t(detail?.['accepted'] === true ? 'act.amendmentAccepted' : 'act.amendmentRejected') };
    case 'lab-accept':
    case 'lab-decline':
    case 'lab-cancel':
    case 'result-sign':
    case 'result-acknowledge':
    case 'result-hand-over':
    case 'result-release':
    case 'result-escalate':
    case 'result-rule':
    case 'dose-plan':
    case 'dose-plan-end':
    case 'dose-settings':
      return { words: t(`act.${event}`) };
    case 'lab-send':
      return { words: t('act.lab-send', { name: textIn(entry, 'laboratory') }) };
    case 'visit-told':
      return { words: t('act.visitTold') };
    case 'access-rule':
      return { words: t('act.accessRule', { name: textIn(entry, 'to') }) };
    case 'access-rule-end':
      return { words: t('act.accessRuleEnd') };
    case 'doctor-ask':
      return { words: t('act.doctorAsk', { name: textIn(entry, 'to') }) };
    case 'doctor-answer':
      return { words: t(detail?.['accepted'] === true ? 'act.doctorAccepted' : 'act.doctorRejected') };
    case 'doctor-withdraw':
      return { words: t('act.doctorWithdraw') };
    case 'doctor-block':
      return { words: t(detail?.['blocked'] === true ? 'act.doctorBlock' : 'act.doctorUnblock') };
    case 'guardian-invite':
      return { words: t('act.guardianInvite') };
    case 'guardian-accept':
      return { words: t('act.guardianAccept') };
    case 'guardian-change':
      return { words: t('act.guardianChange') };
    case 'guardian-end':
      return { words: t('act.guardianEnd') };
    case 'guardian-decline':
      return { words: t('act.guardianDecline') };
    case 'guardian-agree':
      return { words: t(detail?.['refused'] === true ? 'act.guardianDisagree' : 'act.guardianAgree') };
    case 'dispute-raise':
      return { words: t('act.disputeRaise') };
    case 'dispute-lift':
      return { words: t('act.disputeLift') };
    case 'dependant-add':
      return { words: t('act.dependantAdd') };
    case 'desk-enrol':
      return { words: t('act.deskEnrol') };
    case 'desk-claim-code':
      return { words: t('act.deskClaimCode') };
    case 'desk-claim':
      return { words: t(detail?.['as'] === 'guardian' ? 'act.deskClaimFor' : 'act.deskClaim') };
    case 'access-card':
      return { words: t('act.accessCard') };
    case 'member-add':
      return { words: t('act.memberAdd') };
    case 'member-end':
      return { words: t('act.memberEnd') };
    case 'member-invite':
    case 'member-invite-answer':
      return { words: t('act.memberInvite') };
    case 'member-change':
      return { words: t('act.memberChange') };
    case 'member-suspend':
      return { words: t('act.memberSuspend') };
    case 'member-resume':
      return { words: t('act.memberResume') };
    case 'licence-enter':
      return { words: t('act.licenceEnter') };
    case 'licence-check':
      return { words: t(detail?.['finding'] === 'right' ? 'act.licenceRight' : 'act.licenceWrong') };
    case 'key':
      return { words: t('act.key') };
    case 'anchor':
      return { words: t('act.anchor') };
    case 'export':
      return { words: t('act.export') };
    case 'erase':
      return { words: t('act.erase', { count: numberIn(entry, 'erased') }) };
    case 'hold':
      return { words: t('act.hold') };
    case 'hold-lifted':
      return { words: t('act.holdLifted') };
    case 'backup':
    case 'restore':
    case 'log-check':
      return { words: t('act.upkeep') };
    case 'record-print':
      return { lead, words: t('saw.recordPrint', { count }) };
    case 'order-print':
      return { lead, words: t('saw.orderPrint', { count }) };
    case 'app-allow':
      return { words: t('act.appAllow', { name: textIn(entry, 'app') }) };
    case 'app-end':
      return { words: t('act.appEnd', { name: textIn(entry, 'app') }) };
    case 'app-register':
    case 'app-approve':
    case 'app-refuse':
    case 'token-issue':
    case 'token-refused':
    case 'token-revoke':
    case 'client-create':
    case 'client-disable':
      return { words: t('act.program') };
  }
}

const FINDINGS = ['justified', 'not-justified', 'right', 'wrong'] as const;

function findingWords(t: Words, finding: string): string {
  const known = FINDINGS.find((each) => each === finding);
  return known === undefined ? finding : t(`finding.${known}`);
}

function signInWords(t: Words, detail: Entry['detail']): string {
  const given = detail?.['with'];
  const withPasskey = given === 'passkey';
  if (typeof given === 'string' && given !== 'password' && !withPasskey)
    return t(detail?.['again'] === true ? 'act.provedWith' : 'act.signInWith', {
      factor: factorWords(t, given),
    });
  if (detail?.['again'] === true) return t(withPasskey ? 'act.provedPasskey' : 'act.proved');
  return t(withPasskey ? 'act.signInPasskey' : 'act.signIn');
}

const FACTORS = ['totp', 'mail', 'recovery-code', 'passkey'] as const;

function factorWords(t: Words, factor: string): string {
  const known = FACTORS.find((each) => each === factor);
  return known === undefined ? factor : t(`factor.${known}`);
}

function scanWords(t: Words, { event, outcome, basis, detail }: Entry): { lead?: Lead; words: string } {
  if (event === 'scan' && outcome === 'done') return { lead: 'saw', words: t('saw.page') };
  if (event === 'scan-code' && outcome === 'done') return { lead: 'saw', words: t('saw.pageWithCode') };
  if (event === 'scan-code') return { words: t('saw.wrongCode') };
  if (basis === 'link-preview') return { lead: 'refused', words: t('saw.linkPreview') };
  const number = typeof detail?.['card'] === 'number' ? detail['card'] : 0;
  return { lead: 'refused', words: t('saw.deadCard', { number }) };
}

function correctionAnswer(detail: Readonly<Record<string, unknown>> | undefined) {
  if (detail?.['corrected'] === true) return 'act.corrected';
  return detail?.['finding'] === 'wrong' ? 'act.correctionJudged' : 'act.correctionRefused';
}
