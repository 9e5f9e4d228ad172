// The handlers of accounts by the name of what they do; `app.ts` says at which address each is.
import type { Claims } from '../http/claims.ts';
import type { Queryable } from '../storage/queryable.ts';
import { getAlias, putAlias } from './alias.ts';
import { claimSignUp } from './claim.ts';
import { showDemoCodes } from './demo-codes.ts';
import { beginMailStep, confirmMailStep, getFactors, postRecoveryCodes, removeMailStep } from './factors.ts';
import { setup } from './first-administrator.ts';
import type { Identity } from './identity.ts';
import { me, putLanguage } from './me.ts';
import { passkeyProof, passkeyProofOptions, passkeySignIn, passkeySignInOptions } from './passkey-sign-in.ts';
import { getPasskeys, passkeyOptions, postPasskey, removePasskey } from './passkeys.ts';
import { putPassword, reauthenticate } from './password.ts';
import { proveSecond, proveSecondMail, signInSecond, signInSecondMail } from './second-factor.ts';
import { postDeskRecovery, postRecovery } from './recovery-begin.ts';
import {
  finishRecovery,
  getRecoveries,
  recoveryState,
  stopByLink,
  stopOwnRecoveries,
} from './recovery-end.ts';
import { vouch } from './recovery-vouch.ts';
import { deleteOtherSessions, deleteSession, getSessions } from './sessions.ts';
import { signIn } from './sign-in.ts';
import { signUp } from './sign-up.ts';
import { confirmTotpByCode, postTotp, removeTotp } from './totp.ts';

export const accountHandlers = (identity: Identity, claims: Claims<Queryable>) => ({
  signUp: signUp(identity),
  claim: claimSignUp(identity, claims),
  setup: setup(identity),
  signIn: signIn(identity),
  signInSecond: signInSecond(identity),
  signInSecondMail: signInSecondMail(identity),
  sessions: getSessions(identity),
  endOtherSessions: deleteOtherSessions(identity),
  endSession: deleteSession(identity),
  reauthenticate: reauthenticate(identity),
  proveSecond: proveSecond(identity),
  proveSecondMail: proveSecondMail(identity),
  changePassword: putPassword(identity),
  factors: getFactors(identity),
  beginTotp: postTotp(identity),
  confirmTotp: confirmTotpByCode(identity),
  removeTotp: removeTotp(identity),
  beginMailStep: beginMailStep(identity),
  confirmMailStep: confirmMailStep(identity),
  removeMailStep: removeMailStep(identity),
  makeRecoveryCodes: postRecoveryCodes(identity),
  passkeys: getPasskeys(identity),
  passkeyOptions: passkeyOptions(identity),
  addPasskey: postPasskey(identity),
  removePasskey: removePasskey(identity),
  passkeySignInOptions: passkeySignInOptions(identity),
  passkeySignIn: passkeySignIn(identity),
  passkeyProofOptions: passkeyProofOptions(identity),
  passkeyProof: passkeyProof(identity),
  me: me(identity),
  putLanguage: putLanguage(identity),
  alias: getAlias(identity),
  putAlias: putAlias(identity),
  demoCodes: showDemoCodes(identity),
  recoveries: getRecoveries(identity),
  beginRecovery: postRecovery(identity),
  beginRecoveryAtDesk: postDeskRecovery(identity),
  vouch: vouch(identity),
  recoveryState: recoveryState(identity),
  finishRecovery: finishRecovery(identity),
  stopRecoveryByLink: stopByLink(identity),
  stopRecoveries: stopOwnRecoveries(identity),
});
