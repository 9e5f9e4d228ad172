// One notice in words, with where it leads. Never says what the record holds: notices may leave the app.
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../api/notices.ts';
import { clinicPaths, paths, sharingPaths, timelineEntryPath } from '../../paths.ts';
import type { IconName } from '../../ui/icons.tsx';

export interface NoticeWords {
  readonly icon: IconName;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly act?: { readonly href: string; readonly words: string } | undefined;
}

export function useNoticeWords(): (notice: Notice) => NoticeWords {
  const { t } = useTranslation('looks');
  return ({ kind, detail }) => {
    const number = (key: string): number => (typeof detail[key] === 'number' ? detail[key] : 0);
    const text = (key: string): string => (typeof detail[key] === 'string' ? detail[key] : '');
    const seeLooks = { href: paths.whoLooked, words: t('notice.seeLooks') };
    const seeCode = { href: `${paths.card}#code`, words: t('notice.seeCode') };
    const seeSharing = { href: paths.sharing, words: t('notice.seeSharing') };
    const seeTasks = { href: clinicPaths.results, words: t('notice.seeResults') };
    const seeClinic = { href: paths.clinic, words: t('notice.seeClinic') };
    const seeDevices = { href: paths.devices, words: t('notice.seeSettings') };
    const seePlaces = { href: paths.places, words: t('notice.seePlaces') };
    const seeJoined = { href: paths.joined, words: t('notice.seeJoined') };
    const seeTimeline = { href: paths.timeline, words: t('notice.seeRecord') };
    const seeFamily = { href: paths.family, words: t('notice.seeFamily') };
    switch (kind) {
      case 'card-scan':
        return {
          icon: 'card',
          title: t('notice.scan'),
          detail: t(text('tier') === 'second' ? 'notice.scanWithCode' : 'notice.scanDetail'),
          act: seeLooks,
        };
      case 'contact-scan':
        return {
          icon: 'people',
          title:
            text('name') === '' ? t('notice.contactUnnamed') : t('notice.contact', { name: text('name') }),
          detail: t('notice.contactDetail'),
        };
      case 'card-scan-refused':
        return {
          icon: 'card',
          title: t('notice.deadCard', { number: number('card') }),
          detail: t('notice.deadCardDetail'),
          act: seeLooks,
        };
      case 'card-code-wrong':
        return {
          icon: 'key',
          title: t('notice.codeWrong'),
          detail: t('notice.codeTries', { count: number('triesLeft') }),
          act: seeLooks,
        };
      case 'card-code-locked':
        return {
          icon: 'lock',
          title: t('notice.codeLocked'),
          detail: t('notice.codeLockedDetail'),
          act: seeCode,
        };
      case 'record-added':
        return {
          icon: 'record',
          title: t('notice.added', { count: number('count') }),
          act: { href: paths.record, words: t('notice.seeRecord') },
        };
      case 'password-changed':
        return {
          icon: 'lock',
          title: t('notice.password'),
          detail: t('notice.passwordDetail'),
          act: seeDevices,
        };
      case 'record-exported':
        return {
          icon: 'record',
          title: t('notice.exported'),
          detail: t('notice.exportedDetail'),
          act: seeLooks,
        };
      case 'recovery-begun':
        return {
          icon: 'key',
          title: t('notice.recoveryBegun'),
          detail: t('notice.recoveryBegunDetail'),
          act: seeDevices,
        };
      case 'recovery-vouched':
        return {
          icon: 'key',
          title: t('notice.recoveryVouched'),
          detail: t('notice.recoveryVouchedDetail'),
          act: seeDevices,
        };
      case 'recovery-stopped':
        return { icon: 'key', title: t('notice.recoveryStopped'), act: seeDevices };
      case 'recovery-done':
        return {
          icon: 'key',
          title: t('notice.recoveryDone'),
          detail: t('notice.recoveryDoneDetail'),
          act: seeDevices,
        };
      case 'recovery-asked':
        return {
          icon: 'people',
          title: t('notice.recoveryAsked'),
          detail: t('notice.recoveryAskedDetail'),
          act: { href: paths.vouch, words: t('notice.seeVouch') },
        };
      case 'app-token-reused':
        return {
          icon: 'download',
          title: t('notice.appTokenReused'),
          detail: t('notice.appTokenReusedDetail'),
          act: { href: paths.apps, words: t('notice.seeApps') },
        };
      case 'second-factor-wrong':
        return {
          icon: 'key',
          title: t('notice.secondFactorWrong'),
          detail: t('notice.secondFactorWrongDetail'),
          act: seeDevices,
        };
      case 'factor-added':
      case 'factor-removed':
      case 'recovery-codes-made':
        return {
          icon: 'key',
          title: t(
            kind === 'factor-added'
              ? 'notice.factorAdded'
              : kind === 'factor-removed'
                ? 'notice.factorRemoved'
                : 'notice.recoveryCodesMade',
          ),
          detail: t('notice.factorDetail'),
          act: seeDevices,
        };
      case 'passkey-added':
      case 'passkey-removed':
        return {
          icon: 'key',
          title: t(kind === 'passkey-added' ? 'notice.passkeyAdded' : 'notice.passkeyRemoved'),
          detail: t('notice.passkeyDetail'),
          act: seeDevices,
        };
      case 'access-asked':
        return {
          icon: 'key',
          title: t('notice.accessAsked', { name: text('name') }),
          act: { href: sharingPaths.request(text('request')), words: t('notice.answerIt') },
        };
      case 'access-guessed':
        return { icon: 'key', title: t('notice.accessGuessed'), act: seeSharing };
      case 'access-given':
        return { icon: 'key', title: t('notice.accessGiven'), act: seeSharing };
      case 'access-received':
        return { icon: 'key', title: t('notice.accessReceived'), act: seeClinic };
      case 'access-refused':
        return { icon: 'key', title: t('notice.accessRefused'), act: seeClinic };
      case 'access-withdrawn':
        return { icon: 'key', title: t('notice.accessWithdrawn'), act: seeSharing };
      case 'amendment-sent':
        return { icon: 'pencil', title: t('notice.amendmentSent', { name: text('name') }), act: seeSharing };
      case 'amendment-accepted':
        return { icon: 'pencil', title: t('notice.amendmentAccepted'), act: seeClinic };
      case 'amendment-rejected':
        return { icon: 'pencil', title: t('notice.amendmentRejected'), act: seeClinic };
      case 'result-ready':
        return { icon: 'flask', title: t('notice.resultReady'), act: seeTasks };
      case 'result-critical':
        return { icon: 'octagon', title: t('notice.resultCritical'), act: seeTasks };
      case 'result-late':
        return { icon: 'flask', title: t('notice.resultLate'), act: seeTasks };
      case 'result-critical-late':
        return { icon: 'octagon', title: t('notice.resultCriticalLate'), act: seeTasks };
      case 'result-kept':
        return {
          icon: 'flask',
          title: t('notice.resultKept'),
          act: { href: paths.results, words: t('notice.seeResults') },
        };
      case 'lab-declined':
        return { icon: 'flask', title: t('notice.labDeclined') };
      case 'lab-cancelled':
        return { icon: 'flask', title: t('notice.labCancelled') };
      case 'dose':
        return {
          icon: 'pill',
          title: t('notice.dose'),
          act: { href: paths.doses, words: t('notice.seeDoses') },
        };
      case 'dose-for':
        return { icon: 'pill', title: t('notice.doseFor'), act: seeFamily };
      case 'visit-told':
        return {
          icon: 'record',
          title: t('notice.visitTold', { name: text('name') }),
          act: {
            href: timelineEntryPath({ type: 'Encounter', id: text('visit') }),
            words: t('notice.seeVisit'),
          },
        };
      case 'doctor-asked':
        return { icon: 'person', title: t('notice.doctorAsked'), act: seeClinic };
      case 'doctor-accepted':
      case 'doctor-rejected':
        return {
          icon: 'person',
          title: t(kind === 'doctor-accepted' ? 'notice.doctorAccepted' : 'notice.doctorRejected', {
            name: text('name'),
          }),
          act: seeSharing,
        };
      case 'glass-broken':
        return { icon: 'octagon', title: t('notice.glassBroken', { name: text('name') }), act: seeLooks };
      case 'glass-broken-for':
        return { icon: 'octagon', title: t('notice.glassBrokenFor', { name: text('name') }), act: seeLooks };
      case 'glass-reviewed':
        return { icon: 'octagon', title: t('notice.glassReviewed'), act: seeLooks };
      case 'dispute-answered':
        return { icon: 'eye', title: t('notice.disputeAnswered'), act: seeLooks };
      case 'guardian-invited':
        return { icon: 'people', title: t('notice.guardianInvited', { name: text('name') }), act: seeFamily };
      case 'guardian-proposed':
        return {
          icon: 'people',
          title: t('notice.guardianProposed', { name: text('name') }),
          act: seeFamily,
        };
      case 'guardian-begun':
        return { icon: 'people', title: t('notice.guardianBegun', { name: text('name') }), act: seeFamily };
      case 'guardian-declined':
        return { icon: 'people', title: t('notice.guardianDeclined'), act: seeFamily };
      case 'guardian-changed':
        return { icon: 'people', title: t('notice.guardianChanged'), act: seeFamily };
      case 'guardian-ended':
        return { icon: 'people', title: t('notice.guardianEnded', { name: text('name') }), act: seeFamily };
      case 'guardians-agree':
        return { icon: 'people', title: t('notice.guardiansAgree', { name: text('name') }), act: seeFamily };
      case 'handover-left':
        return { icon: 'hospital', title: t('notice.handoverLeft'), act: seeTimeline };
      case 'merge-proposed':
        return { icon: 'people', title: t('notice.mergeProposed'), act: seeJoined };
      case 'merge-done':
        return { icon: 'people', title: t('notice.mergeDone'), act: seeJoined };
      case 'merge-undone':
        return { icon: 'people', title: t('notice.mergeUndone'), act: seeJoined };
      case 'merge-refused':
        return { icon: 'people', title: t('notice.mergeRefused'), act: seeJoined };
      case 'correction-asked':
        return {
          icon: 'document',
          title: t('notice.correctionAsked'),
          act: { href: paths.office, words: t('notice.seeOffice') },
        };
      case 'correction-answered':
        return { icon: 'document', title: t('notice.correctionAnswered'), act: seeTimeline };
      case 'entry-amended':
        return { icon: 'document', title: t('notice.entryAmended'), act: seeTimeline };
      case 'dispute-raised':
        return {
          icon: 'people',
          title: t('notice.disputeRaised', { name: text('name') }),
          detail: t('notice.disputeRaisedDetail'),
          act: seeFamily,
        };
      case 'dispute-lifted':
        return { icon: 'people', title: t('notice.disputeLifted'), act: seeFamily };
      case 'majority-near':
        return { icon: 'people', title: t('notice.majorityNear'), act: seeFamily };
      case 'record-claimed':
        return { icon: 'person', title: t('notice.recordClaimed'), act: seeLooks };
      case 'place-offered':
        return {
          icon: 'hospital',
          title: t('notice.placeOffered', { name: text('organization') }),
          detail: t('notice.placeOfferedDetail'),
        };
      case 'place-taken':
        return { icon: 'hospital', title: t('notice.placeTaken', { name: text('name') }) };
      case 'place-changed':
        return {
          icon: 'hospital',
          title: t('notice.placeChanged', { name: text('organization') }),
          act: seePlaces,
        };
      case 'licence-checked':
        return {
          icon: 'hospital',
          title: t(text('finding') === 'right' ? 'notice.licenceRight' : 'notice.licenceWrong'),
          act: seePlaces,
        };
      case 'sessions-ended':
        return {
          icon: 'out',
          title: t('notice.sessions', { count: Math.max(1, number('count')) }),
          act: seeDevices,
        };
      default:
        return { icon: 'bell', title: t('notice.other'), act: seeLooks };
    }
  };
}
