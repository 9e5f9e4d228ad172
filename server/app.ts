// The hooks that each request passes, and the routes of operations, notices and the live socket; every area's routes stand in a file beside it
// (*-routes.ts). Rooms give handlers; only these files know addresses.
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { join } from 'node:path';
import { accountRoutes } from './account-routes.ts';
import { appRoutes } from './app-routes.ts';
import { cardRoutes } from './card-routes.ts';
import { openCardRoom } from './card/card-room.ts';
import type { CardHolder } from './card/change-card.ts';
import { issueCard } from './card/change-card.ts';
import { consentRoutes } from './consent-routes.ts';
import { claimsOf } from './desk/claims.ts';
import { ApiError, answerError } from './errors.ts';
import { fhirRoutes } from './fhir-routes.ts';
import { readAhead } from './fhir/read-ahead.ts';
import { subscriptionTopic } from './fhir/subscription/live-topic.ts';
import { recordFacts, recordFactsQuery } from './fhir/record-facts.ts';
import { timeline, timelineMonths, timelineSearch } from './fhir/timeline.ts';
import { fileRoutes } from './file-routes.ts';
import type { Deps } from './http/deps.ts';
import { healthz, readyz } from './http/health.ts';
import { createLogStream } from './http/log-stream.ts';
import { requireSignIn } from './http/require-sign-in.ts';
import { isOwnOrigin, requireSameOrigin } from './http/same-origin.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import { serverOptions } from './http/server-options.ts';
import { verifierPage } from './http/verifier-page.ts';
import { serveWebApp } from './http/web-app.ts';
import { authenticate } from './identity/authenticate.ts';
import { createIdentity } from './identity/identity.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import type { LogKeys } from './ledger/log-key.ts';
import { frameLimitBytes } from './live/frames.ts';
import { createLiveHub } from './live/hub.ts';
import { showDemoOutbox } from './messages/messenger.ts';
import { markNotice, readNotices } from './messages/notices.ts';
import { actorOfBearer } from './oauth/bearer.ts';
import { allowApps } from './oauth/cors.ts';
import { formRoutes, peopleRoutes } from './people-routes.ts';
import { resultsRoutes } from './results-routes.ts';
import { oldestPendingSeconds } from './storage/log-store.ts';

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

  await appRoutes(app, deps, identity);
  consentRoutes(app, deps);
  peopleRoutes(app, desk, cards, claims);
  formRoutes(app, deps);
  resultsRoutes(app, deps);
  if (config.demo) {
    app.get('/demo/outbox', showDemoOutbox(deps.messenger));
    app.get('/demo/codes', account.demoCodes);
  }

  await fhirRoutes(app, deps, background.wakeBulk);
  ledgerRoutes(app, deps, keys.log);
  await fileRoutes(app, deps);

  await cardRoutes(app, cards);

  // The timeline and notices
  app.get('/api/facts', { schema: { querystring: recordFactsQuery } }, recordFacts(deps));
  app.get('/api/timeline', timeline(deps));
  app.get('/api/timeline/months', timelineMonths(deps));
  app.post('/api/timeline/search', timelineSearch(deps));
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
