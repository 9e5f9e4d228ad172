// The routes of accounts and of the ways into them. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import type { Claims } from './http/claims.ts';
import { accountHandlers } from './identity/account-handlers.ts';
import type { Identity } from './identity/identity.ts';
import type { Queryable } from './storage/queryable.ts';

export function accountRoutes(
  app: FastifyInstance,
  identity: Identity,
  claims: Claims<Queryable>,
): ReturnType<typeof accountHandlers> {
  const account = accountHandlers(identity, claims);
  app.post('/api/sign-up', account.signUp);
  app.post('/api/sign-up/claim', account.claim);
  app.post('/api/setup', account.setup);
  app.post('/api/sessions', account.signIn);
  app.post('/api/sessions/second', account.signInSecond);
  app.post('/api/sessions/second/mail', account.signInSecondMail);
  app.get('/api/sessions', account.sessions);
  app.delete('/api/sessions', account.endOtherSessions);
  app.delete('/api/sessions/:id', account.endSession);
  app.post('/api/reauthenticate', account.reauthenticate);
  app.post('/api/reauthenticate/second', account.proveSecond);
  app.post('/api/reauthenticate/second/mail', account.proveSecondMail);
  app.put('/api/password', account.changePassword);
  app.get('/api/factors', account.factors);
  app.post('/api/totp', account.beginTotp);
  app.post('/api/totp/confirm', account.confirmTotp);
  app.delete('/api/totp', account.removeTotp);
  app.post('/api/mail-step', account.beginMailStep);
  app.post('/api/mail-step/confirm', account.confirmMailStep);
  app.delete('/api/mail-step', account.removeMailStep);
  app.post('/api/recovery-codes', account.makeRecoveryCodes);
  app.get('/api/passkeys', account.passkeys);
  app.post('/api/passkeys/options', account.passkeyOptions);
  app.post('/api/passkeys', account.addPasskey);
  app.delete('/api/passkeys/:id', account.removePasskey);
  app.post('/api/sessions/passkey/options', account.passkeySignInOptions);
  app.post('/api/sessions/passkey', account.passkeySignIn);
  app.post('/api/reauthenticate/passkey/options', account.passkeyProofOptions);
  app.post('/api/reauthenticate/passkey', account.passkeyProof);
  app.get('/api/me', account.me);
  app.put('/api/me/language', account.putLanguage);
  app.get('/api/me/alias', account.alias);
  app.put('/api/me/alias', account.putAlias);

  // Getting back in
  app.get('/api/recoveries', account.recoveries);
  app.delete('/api/recoveries', account.stopRecoveries);
  app.post('/api/recoveries', account.beginRecovery);
  app.post('/api/recoveries/desk', account.beginRecoveryAtDesk);
  app.post('/api/recoveries/vouch', account.vouch);
  app.post('/api/recoveries/state', account.recoveryState);
  app.post('/api/recoveries/finish', account.finishRecovery);
  app.post('/api/recoveries/stop', account.stopRecoveryByLink);
  return account;
}
