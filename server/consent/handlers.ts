// The handlers of this room, by what they do; `server/app.ts` gives them their addresses.
import { getRequest, getRequests, postRequest, resendCode, showOwnCode } from './access-requests.ts';
import { acceptAmendment, getAmendments, postAmendment, rejectAmendment } from './amendments.ts';
import * as answers from './answers.ts';
import { endBreakGlass, postBreakGlass } from './break-glass.ts';
import { getWork, searchClinicians } from './clinicians.ts';
import type { AskingRoom } from './consent-room.ts';
import * as corrections from './corrections.ts';
import { closeCase, escalateCase } from './dispute-settle.ts';
import { getDisputes, postDispute, postDisputeAnswer } from './disputes.ts';
import * as doctorAnswers from './doctor-answers.ts';
import { getDoctorRequests, postDoctorRequest, withdrawDoctorRequest } from './doctor-requests.ts';
import { extendPen } from './extend-pen.ts';
import { getKeptEntry, postKeptEntry } from './kept-entries.ts';
import type { OfficeRoom } from './kept-entries.ts';
import { answerGlass, getGlassCounts, getGlassReviews, postGlassReview } from './glass-reviews.ts';
import { getGrants, postGrant, revokeGrant } from './grants.ts';
import { getComing, getHandovers } from './handovers.ts';
import { findDuplicates } from './likely-duplicates.ts';
import * as merges from './merges.ts';
import { undoMerge } from './unmerge.ts';
import { getOrigins } from './origins.ts';
import { confirmByPasskey, presenceOptions } from './passkey-presence.ts';
import { getPartEntries, getRecordParts } from './record-preview.ts';
import { deleteRule, getRules, postRule } from './rules.ts';
import { getSealedEntries } from './sealed-entries.ts';
import { tellPatient } from './tell-patient.ts';
import { whoSees, whyEntry } from './why.ts';

export const consentHandlers = (room: AskingRoom & OfficeRoom) => ({
  requests: getRequests(room),
  request: getRequest(room),
  ask: postRequest(room),
  confirm: answers.confirmRequest(room),
  resend: resendCode(room),
  approve: answers.approveRequest(room),
  decline: answers.declineRequest(room),
  withdraw: answers.withdrawRequest(room),
  block: answers.blockRequester(room),
  unblock: answers.unblockRequester(room),
  showCode: showOwnCode(room),
  presenceOptions: presenceOptions(room),
  confirmByPasskey: confirmByPasskey(room),
  extend: extendPen(room),
  amendments: getAmendments(room),
  amend: postAmendment(room),
  acceptAmendment: acceptAmendment(room),
  rejectAmendment: rejectAmendment(room),
  grants: getGrants(room),
  share: postGrant(room),
  revoke: revokeGrant(room),
  breakGlass: postBreakGlass(room),
  closeGlass: endBreakGlass(room),
  glassCounts: getGlassCounts(room),
  glassReviews: getGlassReviews(room),
  reviewGlass: postGlassReview(room),
  answerGlass: answerGlass(room),
  sealedEntries: getSealedEntries(room),
  disputes: getDisputes(room),
  question: postDispute(room),
  answerDispute: postDisputeAnswer(room),
  closeDispute: closeCase(room),
  escalateDispute: escalateCase(room),
  corrections: corrections.getCorrections(room),
  askCorrection: corrections.postCorrection(room),
  refuseCorrection: corrections.refuseCorrection(room),
  disagree: corrections.disagree(room),
  keptEntry: getKeptEntry(room),
  amendEntry: postKeptEntry(room),
  handovers: getHandovers(room),
  coming: getComing(room),
  duplicates: findDuplicates(room),
  merges: merges.getMerges(room),
  proposeMerge: merges.postMerge(room),
  secondMerge: merges.secondMerge(room),
  agreeMerge: merges.agreeMerge(room),
  refuseMerge: merges.refuseMerge(room),
  undoMerge: undoMerge(room),
  origins: getOrigins(room),
  rules: getRules(room),
  makeRule: postRule(room),
  endRule: deleteRule(room),
  whoSees: whoSees(room),
  why: whyEntry(room),
  parts: getRecordParts(room),
  partEntries: getPartEntries(room),
  work: getWork(room),
  findClinicians: searchClinicians(room),
  doctorRequests: getDoctorRequests(room),
  askDoctor: postDoctorRequest(room),
  withdrawFromDoctor: withdrawDoctorRequest(room),
  acceptPatient: doctorAnswers.acceptPatient(room),
  rejectPatient: doctorAnswers.rejectPatient(room),
  blockPatient: doctorAnswers.blockPatient(room),
  blockedPatients: doctorAnswers.getBlocked(room),
  tellPatient: tellPatient(room),
  unblockPatient: doctorAnswers.unblockPatient(room),
});
