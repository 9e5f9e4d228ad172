// The routes of programs and apps: the token door, and the way by which a person lets an app in. `app.ts` knows the hooks that each
// request passes first.
import type { FastifyInstance } from 'fastify';
import type { Deps } from './http/deps.ts';
import type { Identity } from './identity/identity.ts';
import * as registrations from './oauth/app-registrations.ts';
import { allowApp, getAppRequest, refuseApp } from './oauth/app-requests.ts';
import { authorize, authorizeByPost, handOnAsIs } from './oauth/authorize.ts';
import { authorizationServer, openidConfiguration } from './oauth/discovery.ts';
import { introspect } from './oauth/introspect.ts';
import { endOwnApp, getOwnApps, launchApp } from './oauth/own-apps.ts';
import { appProvider } from './oauth/provider.ts';
import { revoke } from './oauth/revoke.ts';
import { token } from './oauth/token.ts';

export async function appRoutes(app: FastifyInstance, deps: Deps, identity: Identity): Promise<void> {
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
}
