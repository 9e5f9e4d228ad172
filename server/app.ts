// Every route of the server on one page, those of accounts, of guardians and people at work, and of files beside it (account-routes.ts,
// people-routes.ts, file-routes.ts, results-routes.ts), and the hooks each request passes.
// Rooms give handlers; only these five files know addresses.
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { accountRoutes } from './account-routes.ts';
import { leaveHandover, showHandover } from './card/handover.ts';
import { holderOfCard } from './card/holder-of-card.ts';
import { openCardRoom } from './card/card-room.ts';
import type { CardHolder } from './card/change-card.ts';
import { issueCard } from './card/change-card.ts';
import * as cardDoor from './card/manage-card.ts';
import { getCard, previewCard, printCard, printQr } from './card/own-card.ts';
import { printRecord } from './card/record-print.ts';
import { readFormBody, scanCard, scanPhoto, scanWithCode } from './card/scan.ts';
import { putSettings } from './card/settings.ts';
import { ApiError, answerError } from './errors.ts';
import { fileRoutes } from './file-routes.ts';
import { amendEntry } from './fhir/amend-entry.ts';
import { deletePhoto, getPhoto, putPhoto } from './fhir/photo.ts';
import { timeline, timelineMonths, timelineSearch } from './fhir/timeline.ts';
import { documentByteLimit, fileQuery, getDocumentFile, postFile } from './fhir/document-files.ts';
import { erasureBody, getReceipt, postErasure } from './ledger/erase-route.ts';
import * as ownEntries from './ledger/entries.ts';
import { leafEvidence } from './ledger/leaf-evidence.ts';
import { getExport } from './ledger/export-route.ts';
import { anchors } from './ledger/public-anchors.ts';
import * as publicLog from './ledger/public-log.ts';
import type { LogKeys } from './ledger/log-key.ts';
import { witnesses } from './ledger/witnessed.ts';
import {
  auditEventHistory,
  ofAuditEvents,
  readAuditEvent,
  reportAuditEvent,
  searchAuditEvents,
} from './fhir/audit-events.ts';
import { history } from './fhir/history.ts';
import { metadata } from './fhir/metadata.ts';
import { exportGroup, exportPatient, exportPatients, exportSystem } from './fhir/bulk/export.ts';
import { deleteJob } from './fhir/bulk/job.ts';
import { jobFile, jobStatus } from './fhir/bulk/status.ts';
import { startImport } from './fhir/bulk/import.ts';
import { subscriptionTopic } from './fhir/subscription/live-topic.ts';
import {
  agreeOnFormat,
  collectRoutes,
  layOut,
  refuseContentType,
  refuseOtherMethods,
  requireBodyVersion,
} from './fhir/negotiate.ts';
import { jsonPatchType } from './fhir/patch.ts';
import { everybodysEverything, patientEverything } from './fhir/patient-everything.ts';
import { patientSummary } from './fhir/patient-summary.ts';
import { patientMatch } from './fhir/patient-match.ts';
import { readAhead } from './fhir/read-ahead.ts';
import { questionnaireExtract } from './fhir/questionnaire-extract.ts';
import { read } from './fhir/read.ts';
import { search, searchCompartment, searchSystem } from './fhir/search.ts';
import { transaction, transactionByteLimit } from './fhir/transaction.ts';
import { codeSystemLookup, codeSystemSubsumes } from './fhir/code-system-lookup.ts';
import { codeSystemValidateCode, valueSetValidateCode } from './fhir/validate-code.ts';
import { validate } from './fhir/validate.ts';
import { valueSetExpand } from './fhir/value-set-expand.ts';
import { create, patch, remove, update } from './fhir/write.ts';
import { authenticate } from './identity/authenticate.ts';
import { claimsOf } from './desk/claims.ts';
import { createIdentity } from './identity/identity.ts';
import { consentHandlers } from './consent/handlers.ts';
import type { Deps } from './http/deps.ts';
import { healthz, readyz } from './http/health.ts';
import { requireSignIn } from './http/require-sign-in.ts';
import { createLogStream } from './http/log-stream.ts';
import { isOwnOrigin, requireSameOrigin } from './http/same-origin.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { serverOptions } from './http/server-options.ts';
import { verifierPage } from './http/verifier-page.ts';
import { serveWebApp } from './http/web-app.ts';
import { frameLimitBytes } from './live/frames.ts';
import { createLiveHub } from './live/hub.ts';
import { showDemoOutbox } from './messages/messenger.ts';
import { markNotice, readNotices } from './messages/notices.ts';
import { actorOfBearer } from './oauth/bearer.ts';
import * as registrations from './oauth/app-registrations.ts';
import { allowApp, getAppRequest, refuseApp } from './oauth/app-requests.ts';
import { authorize, authorizeByPost, handOnAsIs } from './oauth/authorize.ts';
import { allowApps } from './oauth/cors.ts';
import { authorizationServer, openidConfiguration, smartConfiguration } from './oauth/discovery.ts';
import { introspect } from './oauth/introspect.ts';
import { endOwnApp, getOwnApps, launchApp } from './oauth/own-apps.ts';
import { appProvider } from './oauth/provider.ts';
import { revoke } from './oauth/revoke.ts';
import { token } from './oauth/token.ts';
import { oldestPendingSeconds } from './storage/log-store.ts';
import { formRoutes, peopleRoutes } from './people-routes.ts';
import { resultsRoutes } from './results-routes.ts';

const megabyte = 1024 * 1024;
const webFolder = join(import.meta.dirname, '../web/dist');

/** Builds the application; listens to nothing. */
export async function buildApp(
  deps: Deps,
  keys: { readonly log: LogKeys },
  background: { wakeBulk: () => void } = { wakeBulk: () => undefined },
): Promise<FastifyInstance> {
  const { config } = deps;
  const logStream = createLogStream();
  const app = fastify(serverOptions(deps, logStream));
  logStream.follow(app);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  app.decorateRequest('actor');
  app.decorateRequest('ahead', undefined);
  await app.register(websocket, { options: { maxPayload: frameLimitBytes } });
  const origin = new URL(config.publicUrl).origin;
  const identity = createIdentity(deps);
  app.addHook('onRequest', async (request, reply) => {
    request.actor = { kind: 'anonymous' };
    setSecurityHeaders(reply, config.publicUrl.startsWith('https:'));
    reply.header('x-request-id', request.id);
    requireSameOrigin(request, origin);
  });
  app.addHook('onRequest', allowApps(deps));
  app.addHook('onRequest', readAhead(deps));
  app.addHook('onRequest', authenticate(deps, actorOfBearer(deps)));
  app.addHook('onRequest', requireSignIn);
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });

  // Operations
  app.get('/healthz', healthz());
  app.get(
    '/readyz',
    readyz(deps, () => oldestPendingSeconds(deps.db.pool)),
  );

  const cards = await openCardRoom(deps);
  const desk = { ...deps, issueCard: (holder: CardHolder) => issueCard(cards, holder, true) };
  const claims = claimsOf(desk);

  const account = accountRoutes(app, identity, claims);

  // Programs and apps: the token door, and the way by which a person lets an app in
  const oauth = { ...deps, attempts: identity.attempts };
  const library = appProvider(oauth);
  await app.register(async (door) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 64 * 1024 },
      (_request, body, done) => done(null, body),
    );
    door.post('/oauth/token', token(oauth, library));
    door.post('/oauth/revoke', revoke(oauth, library));
    door.post('/oauth/introspect', introspect(oauth, library));
    door.post('/oauth/authorize', authorizeByPost());
  });
  app.post('/oauth/register', { bodyLimit: 64 * 1024 }, registrations.registerByDoor(oauth));
  // No HEAD: it would begin a request that nobody sees.
  app.get('/oauth/authorize', { exposeHeadRoute: false }, authorize(oauth, library));
  app.get('/oauth/authorize/:uid', { exposeHeadRoute: false }, handOnAsIs(oauth, library));
  app.get('/oauth/jwks', { exposeHeadRoute: false }, handOnAsIs(oauth, library));
  app.get('/.well-known/oauth-authorization-server', authorizationServer(deps));
  app.get('/.well-known/openid-configuration', openidConfiguration(deps));
  app.get('/api/app-requests/:id', { exposeHeadRoute: false }, getAppRequest(oauth, library));
  app.post('/api/app-requests/:id/allow', allowApp(oauth, library));
  app.post('/api/app-requests/:id/refuse', refuseApp(oauth, library));
  app.get('/api/apps', getOwnApps(oauth));
  app.post('/api/apps/launches', launchApp(oauth));
  app.post('/api/apps/:id/end', endOwnApp(oauth));
  app.get('/api/app-registrations', registrations.getRegistrations(oauth));
  app.post('/api/app-registrations', registrations.postRegistration(oauth));
  app.get('/api/admin/apps', registrations.getAllApps(oauth));
  app.post('/api/admin/apps/:id/approve', registrations.decideApp(oauth, 'approve'));
  app.post('/api/admin/apps/:id/refuse', registrations.decideApp(oauth, 'refuse'));
  app.post('/api/admin/apps/:id/disable', registrations.decideApp(oauth, 'disable'));

  // Who is let in
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

  peopleRoutes(app, desk, cards, claims);
  formRoutes(app, deps);
  resultsRoutes(app, deps);
  if (config.demo) {
    app.get('/demo/outbox', showDemoOutbox(deps.messenger));
    app.get('/demo/codes', account.demoCodes);
  }

  // FHIR R4: bodies arrive as bytes, so that what is validated, hashed and stored is what was sent.
  await app.register(
    async (fhir) => {
      const offered = collectRoutes(fhir);
      fhir.addHook('onRequest', agreeOnFormat);
      fhir.addHook('preParsing', requireBodyVersion);
      fhir.addHook('onSend', layOut);
      fhir.removeAllContentTypeParsers();
      const asBytes = { parseAs: 'buffer' as const, bodyLimit: transactionByteLimit };
      fhir.addContentTypeParser(
        ['application/fhir+json', 'application/json', jsonPatchType],
        asBytes,
        (_request, body, done) => done(null, body),
      );
      fhir.addContentTypeParser('*', (request, _payload, done) => done(refuseContentType(request)));
      const single = { bodyLimit: 8 * megabyte };
      const ahead = { config: { readsAhead: true as const } };
      fhir.get('/metadata', metadata(deps, offered));
      fhir.get('/.well-known/smart-configuration', smartConfiguration(deps));
      fhir.post('/', { bodyLimit: transactionByteLimit }, transaction(deps));
      fhir.route({
        method: ['GET', 'POST'],
        url: '/Patient/:id/$everything',
        bodyLimit: megabyte,
        config: { readsAhead: 'Patient' },
        handler: patientEverything(deps),
      });
      fhir.route({
        method: ['GET', 'POST'],
        url: '/Patient/$everything',
        bodyLimit: megabyte,
        handler: everybodysEverything(deps),
      });
      fhir.post('/Patient/$match', single, patientMatch(deps));
      for (const [path, operation] of [
        ['/$validate', validate(deps)],
        ['/AuditEvent/$validate', ofAuditEvents(validate(deps))],
        ['/:type/$validate', validate(deps)],
        ['/:type/:id/$validate', validate(deps)],
        ['/Patient/$summary', patientSummary(deps)],
        ['/Patient/:id/$summary', patientSummary(deps)],
        ['/QuestionnaireResponse/$extract', questionnaireExtract(deps)],
        ['/QuestionnaireResponse/:id/$extract', questionnaireExtract(deps)],
        ['/ValueSet/$expand', valueSetExpand(deps)],
        ['/ValueSet/:id/$expand', valueSetExpand(deps)],
        ['/ValueSet/$validate-code', valueSetValidateCode(deps)],
        ['/ValueSet/:id/$validate-code', valueSetValidateCode(deps)],
        ['/CodeSystem/$lookup', codeSystemLookup(deps)],
        ['/CodeSystem/$subsumes', codeSystemSubsumes(deps)],
        ['/CodeSystem/:id/$subsumes', codeSystemSubsumes(deps)],
        ['/CodeSystem/$validate-code', codeSystemValidateCode(deps)],
        ['/CodeSystem/:id/$validate-code', codeSystemValidateCode(deps)],
      ] as const)
        fhir.route({ method: ['GET', 'POST'], url: path, bodyLimit: 4 * megabyte, handler: operation });
      for (const method of ['GET', 'POST'] as const) {
        // No HEAD: it would start a job and not say so.
        const start = { method, exposeHeadRoute: false, bodyLimit: megabyte };
        fhir.route({ ...start, url: '/$export', handler: exportSystem(deps, background.wakeBulk) });
        fhir.route({ ...start, url: '/Patient/$export', handler: exportPatients(deps, background.wakeBulk) });
        fhir.route({
          ...start,
          url: '/Patient/:id/$export',
          handler: exportPatient(deps, background.wakeBulk),
        });
        fhir.route({ ...start, url: '/Group/:id/$export', handler: exportGroup(deps, background.wakeBulk) });
      }
      fhir.addContentTypeParser(
        ['application/fhir+ndjson', 'application/ndjson', 'application/x-ndjson'],
        (_request, body, done) => done(null, body),
      );
      fhir.post('/$import', startImport(deps, background.wakeBulk));
      fhir.get('/$bulk-status/:job', { exposeHeadRoute: false }, jobStatus(deps));
      fhir.delete('/$bulk-status/:job', deleteJob(deps));
      fhir.get('/$bulk-file/:job/:file', { exposeHeadRoute: false }, jobFile(deps));
      fhir.get('/AuditEvent', searchAuditEvents(deps));
      fhir.post('/AuditEvent', single, reportAuditEvent(deps));
      fhir.get('/AuditEvent/_history', auditEventHistory(deps));
      fhir.get('/AuditEvent/:id', readAuditEvent(deps));
      fhir.get('/', searchSystem(deps));
      fhir.get('/_history', history(deps));
      fhir.get('/:type', search(deps));
      fhir.post('/:type', single, create(deps));
      fhir.put('/:type', single, update(deps));
      fhir.patch('/:type', single, patch(deps));
      fhir.delete('/:type', remove(deps));
      fhir.get('/:type/_history', history(deps));
      fhir.get('/:type/:id', ahead, read(deps));
      fhir.put('/:type/:id', single, update(deps));
      fhir.patch('/:type/:id', single, patch(deps));
      fhir.delete('/:type/:id', remove(deps));
      fhir.get('/:type/:id/:within', searchCompartment(deps));
      fhir.get('/:type/:id/_history', history(deps));
      fhir.get('/:type/:id/_history/:vid', ahead, read(deps));
      // Searches by form: the values stay out of addresses.
      await fhir.register(async (forms) => {
        forms.removeAllContentTypeParsers();
        forms.addContentTypeParser(
          'application/x-www-form-urlencoded',
          { parseAs: 'string', bodyLimit: 64 * 1024 },
          (_request, body, done) => done(null, body),
        );
        forms.post('/_search', searchSystem(deps));
        forms.post('/AuditEvent/_search', searchAuditEvents(deps));
        forms.post('/:type/_search', search(deps));
        forms.post('/:type/:id/:within/_search', searchCompartment(deps));
      });
      refuseOtherMethods(fhir, offered, '/fhir/R4');
    },
    { prefix: '/fhir/R4' },
  );

  // The public log (C2SP tlog-tiles): nothing in it names anybody.
  app.get('/log/checkpoint', publicLog.checkpoint(deps));
  app.get('/log/checkpoint/witnessed', publicLog.witnessedCheckpoint(deps));
  app.get('/log/witnesses', witnesses(deps, keys.log));
  app.get('/log/vkey', publicLog.verifierKey(keys.log));
  app.get('/log/keys', publicLog.keyChanges(deps, keys.log));
  app.get('/log/tile/*', publicLog.tile(deps));
  app.get('/log/leaf/:index', publicLog.leaf(deps));
  app.get('/log/proof/inclusion', publicLog.inclusionProof(deps));
  app.get('/log/proof/consistency', publicLog.consistencyProof(deps));
  app.get('/log/anchors', anchors(deps, keys.log.origin));
  app.get('/api/timeline', timeline(deps));
  app.get('/api/timeline/months', timelineMonths(deps));
  app.post('/api/timeline/search', timelineSearch(deps));
  app.get('/api/entries', ownEntries.listOwnEntries(deps));
  app.get('/api/entries/:id', ownEntries.entryEvidence(deps));
  app.post('/api/entries/states', { schema: { body: ownEntries.statesBody } }, ownEntries.entryStates(deps));
  app.get('/api/leaves/:index', leafEvidence(deps));
  app.get('/api/chain', ownEntries.ownChain(deps));
  // No HEAD: it would be an export that nobody receives.
  app.get('/api/export', { exposeHeadRoute: false }, getExport(deps, keys.log));
  app.post('/api/erasures', { schema: { body: erasureBody } }, postErasure(deps, keys.log));
  app.get('/api/erasures/:id/receipt', getReceipt(deps, keys.log));

  // Pictures and documents: bodies arrive as bytes, known by their content and not by their name.
  await app.register(async (bytes) => {
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    bytes.put('/api/photo', { bodyLimit: 15 * megabyte }, putPhoto(deps));
    bytes.get('/api/photo', getPhoto(deps));
    bytes.delete('/api/photo', deletePhoto(deps));
    bytes.post(
      '/api/files',
      { bodyLimit: documentByteLimit, schema: { querystring: fileQuery } },
      postFile(deps),
    );
    bytes.get('/api/files/:id', getDocumentFile(deps));
  });
  await fileRoutes(app, deps);

  // The card: the holder's side, then the stranger's, which asks for no login and runs no script.
  app.get('/api/emergency-card', getCard(cards));
  app.post('/api/emergency-card', cardDoor.postCard(cards));
  app.put('/api/emergency-card', putSettings(cards));
  app.delete('/api/emergency-card', cardDoor.deleteCard(cards));
  app.post('/api/emergency-card/rotate', cardDoor.postRotate(cards));
  app.post('/api/emergency-card/lost', cardDoor.postLost(cards));
  app.post('/api/emergency-card/claim', cardDoor.postClaim(cards));
  app.put('/api/emergency-card/code', cardDoor.putCode(cards));
  app.delete('/api/emergency-card/code', cardDoor.deleteCode(cards));
  app.get('/api/emergency-card/preview', previewCard(cards));
  app.get('/api/emergency-card.pdf', printCard(cards, 'pdf'));
  app.get('/api/emergency-card.svg', printCard(cards, 'svg'));
  app.get('/api/emergency-card.png', printCard(cards, 'png'));
  app.get('/api/emergency-card/sheet.pdf', printCard(cards, 'sheet'));
  app.get('/api/emergency-card/wristband.pdf', printCard(cards, 'wristband'));
  app.get('/api/emergency-card/fridge.pdf', printCard(cards, 'fridge'));
  app.get('/api/emergency-card/lock-screen.png', printCard(cards, 'lock-screen'));
  app.get('/api/emergency-card/qr.svg', printQr(cards, 'svg'));
  app.get('/api/emergency-card/qr.png', printQr(cards, 'png'));
  app.get('/api/record.pdf', { exposeHeadRoute: false }, printRecord(cards));
  await app.register(async (stranger) => {
    stranger.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1024 },
      (_request, body, done) => done(null, readFormBody(String(body))),
    );
    // No HEAD: it would tell whether a card is valid and leave no trace.
    stranger.get('/e/:token', { exposeHeadRoute: false }, scanCard(cards));
    stranger.post('/e/:token', { bodyLimit: 1024 }, scanWithCode(cards));
    stranger.get('/e/:token/handover', { exposeHeadRoute: false }, showHandover(cards));
    stranger.post('/e/:token/handover', { bodyLimit: 16 * 1024 }, leaveHandover(cards));
    stranger.get('/e/:token/photo/:ticket', { exposeHeadRoute: false }, scanPhoto(cards));
  });

  app.get('/api/notices', { config: { poll: true } }, readNotices(deps));
  app.post('/api/notices/:id/read', markNotice(deps));

  // The live socket. Any page can open one with a person's cookie, so where it was opened from is asked before anything is said.
  const live = createLiveHub(deps, { subscription: subscriptionTopic(deps) });
  app.get(
    '/ws',
    {
      websocket: true,
      onRequest: async (request) => {
        const from = request.headers.origin;
        if (from !== undefined && !isOwnOrigin(from, origin))
          throw new ApiError(403, 'cross-origin', 'This was opened from another site.');
      },
    },
    (socket, request) => live.accept(socket, request),
  );
  app.addHook('preClose', () => live.stop());

  app.get('/verify.html', verifierPage(join(import.meta.dirname, '../verifier/dist/verify.html')));
  await serveWebApp(app, webFolder);
  return app;
}
