// The routes by which people let others in, ask, question, amend and join records. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import { holderOfCard } from './card/holder-of-card.ts';
import { consentHandlers } from './consent/handlers.ts';
import { amendEntry } from './fhir/amend-entry.ts';
import type { Deps } from './http/deps.ts';

export function consentRoutes(app: FastifyInstance, deps: Deps): void {
  const consent = consentHandlers({
    ...deps,
    holderOfCard: (scanned) => holderOfCard(deps.db.pool, scanned),
    amendEntry: (amendment) => amendEntry(deps, amendment),
  });
  app.get('/api/access-requests', consent.requests);
  app.post('/api/access-requests', consent.ask);
  app.get('/api/access-requests/:id', consent.request);
  app.post('/api/access-requests/:id/confirm', consent.confirm);
  app.post('/api/access-requests/:id/resend', consent.resend);
  app.post('/api/access-requests/:id/approve', consent.approve);
  app.post('/api/access-requests/:id/decline', consent.decline);
  app.post('/api/access-requests/:id/withdraw', consent.withdraw);
  app.post('/api/access-requests/:id/block', consent.block);
  app.delete('/api/access-requests/:id/block', consent.unblock);
  app.post('/api/access-requests/:id/code', consent.showCode);
  app.post('/api/access-requests/:id/passkey/options', consent.presenceOptions);
  app.post('/api/access-requests/:id/passkey', consent.confirmByPasskey);
  app.get('/api/doctor-requests', consent.doctorRequests);
  app.post('/api/doctor-requests', consent.askDoctor);
  app.post('/api/doctor-requests/:id/withdraw', consent.withdrawFromDoctor);
  app.post('/api/doctor-requests/:id/accept', consent.acceptPatient);
  app.post('/api/doctor-requests/:id/reject', consent.rejectPatient);
  app.post('/api/doctor-requests/:id/block', consent.blockPatient);
  app.get('/api/doctor-blocks', consent.blockedPatients);
  app.delete('/api/doctor-blocks/:id', consent.unblockPatient);
  app.get('/api/amendments', consent.amendments);
  app.post('/api/amendments', consent.amend);
  app.post('/api/amendments/:id/accept', consent.acceptAmendment);
  app.post('/api/amendments/:id/reject', consent.rejectAmendment);
  app.get('/api/grants', consent.grants);
  app.post('/api/grants', consent.share);
  app.post('/api/grants/:id/revoke', consent.revoke);
  app.post('/api/grants/:id/extend', consent.extend);
  app.post('/api/break-glass', consent.breakGlass);
  app.delete('/api/break-glass/:id', consent.closeGlass);
  app.get('/api/break-glass/counts', consent.glassCounts);
  app.get('/api/glass-reviews', consent.glassReviews);
  app.post('/api/glass-reviews/:id', consent.reviewGlass);
  app.post('/api/glass-reviews/:id/answer', consent.answerGlass);
  app.get('/api/sealed-entries', consent.sealedEntries);
  app.get('/api/disputes', consent.disputes);
  app.post('/api/disputes', consent.question);
  app.post('/api/disputes/:id/answer', consent.answerDispute);
  app.post('/api/disputes/:id/close', consent.closeDispute);
  app.post('/api/disputes/:id/escalate', consent.escalateDispute);
  app.get('/api/corrections', consent.corrections);
  app.post('/api/corrections', consent.askCorrection);
  app.post('/api/corrections/:id/refuse', consent.refuseCorrection);
  app.post('/api/corrections/:id/disagree', consent.disagree);
  app.post('/api/duplicates', consent.duplicates);
  app.get('/api/handovers', consent.handovers);
  app.get('/api/handovers/coming', consent.coming);
  app.get('/api/merges', consent.merges);
  app.post('/api/merges', consent.proposeMerge);
  app.post('/api/merges/:id/second', consent.secondMerge);
  app.post('/api/merges/:id/agree', consent.agreeMerge);
  app.post('/api/merges/:id/refuse', consent.refuseMerge);
  app.post('/api/merges/:id/undo', consent.undoMerge);
  app.get('/api/kept-entries/:type/:id', consent.keptEntry);
  app.post('/api/kept-entries/:type/:id', consent.amendEntry);
  app.get('/api/origins', consent.origins);
  app.get('/api/access-rules', consent.rules);
  app.post('/api/access-rules', consent.makeRule);
  app.delete('/api/access-rules/:id', consent.endRule);
  app.get('/api/who-sees', consent.whoSees);
  app.get('/api/entries/:id/why', consent.why);
  app.get('/api/record-parts', consent.parts);
  app.get('/api/record-parts/entries', consent.partEntries);
  app.post('/api/visits/:id/tell', consent.tellPatient);
  app.get('/api/me/work', consent.work);
  app.post('/api/clinicians/search', consent.findClinicians);
}
