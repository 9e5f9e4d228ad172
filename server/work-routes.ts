// The routes of people at work: administrators, auditors and who was asked to come. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import type { Deps } from './http/deps.ts';
import { organizationHandlers } from './organizations/handlers.ts';

export function workRoutes(app: FastifyInstance, deps: Deps): void {
  // Who works where
  const organizations = organizationHandlers(deps);
  const organization = '/api/admin/organizations/:id';
  app.get('/api/admin/organizations', organizations.list);
  app.post('/api/admin/organizations', organizations.found);
  app.get(organization, organizations.show);
  app.put(organization, organizations.rename);
  app.post(`${organization}/close`, organizations.close);
  app.post(`${organization}/open`, organizations.open);
  app.post(`${organization}/invites`, organizations.invite);
  app.delete(`${organization}/invites/:invite`, organizations.withdraw);
  app.put(`${organization}/members/:member`, organizations.changeMember);
  app.delete(`${organization}/members/:member`, organizations.endMember);
  app.post(`${organization}/members/:member/suspend`, organizations.suspend);
  app.post(`${organization}/members/:member/resume`, organizations.resume);
  app.put(`${organization}/members/:member/licence`, organizations.enterLicence);
  app.post(`${organization}/licences/:licence`, organizations.checkLicence);
  app.get('/api/admin/acts', organizations.acts);
  app.get('/api/places', organizations.places);
  app.delete('/api/places/:member', organizations.leave);
  app.put('/api/places/:member/licence', organizations.enterOwnLicence);
  app.get('/api/places/invitations/:token', organizations.invitation);
  app.post('/api/places/invitations/:token/accept', organizations.accept);
  app.post('/api/places/invitations/:token/refuse', organizations.refuse);
}
