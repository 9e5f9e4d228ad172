// The routes of guardians and of people at work: administrators, auditors, who was asked to come, the front desk; and of forms. `app.ts` knows the hooks
// that each request passes first.
import type { FastifyInstance } from 'fastify';
import type { CardRoom } from './card/card-room.ts';
import { openByCode } from './card/open-by-code.ts';
import { getCardGrant, getCardGrants, postCardGrant, postWitness } from './consent/card-grants.ts';
import { printCard } from './card/own-card.ts';
import type { DeskRoom } from './desk/desk-room.ts';
import { deskCardHolder, getEnrolments, postClaimCode, postEnrolment } from './desk/enrol.ts';
import { formByteLimit, getForm, listForms, postForm } from './fhir/forms.ts';
import { guardianHandlers } from './guardians/handlers.ts';
import type { Claims } from './http/claims.ts';
import type { Deps } from './http/deps.ts';
import { organizationHandlers } from './organizations/handlers.ts';
import type { Queryable } from './storage/queryable.ts';

export function peopleRoutes(
  app: FastifyInstance,
  desk: DeskRoom,
  cards: CardRoom,
  claims: Claims<Queryable>,
): void {
  // Who looks after whom
  const guardians = guardianHandlers(desk, claims);
  app.get('/api/guardians', guardians.list);
  app.put('/api/guardians/:id', guardians.change);
  app.delete('/api/guardians/:id', guardians.end);
  app.get('/api/guardians/invites', guardians.invites);
  app.post('/api/guardians/invites', guardians.invite);
  app.get('/api/guardians/invites/:invite', guardians.invitation);
  app.delete('/api/guardians/invites/:invite', guardians.cancel);
  app.post('/api/guardians/invites/:invite/accept', guardians.accept);
  app.post('/api/guardians/invites/:invite/decline', guardians.decline);
  app.post('/api/guardians/agreements/:id/refuse', guardians.refuse);
  app.post('/api/guardians/export-agreement', guardians.agreeToExport);
  app.post('/api/dependants', guardians.addDependant);
  app.post('/api/claims', guardians.claim);
  app.post('/api/custody-disputes', guardians.raiseDispute);
  app.delete('/api/custody-disputes/:patient', guardians.withdrawDispute);

  // Who works where
  const organizations = organizationHandlers(desk);
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

  // The front desk
  app.get('/api/desk/people', getEnrolments(desk));
  app.post('/api/desk/people', postEnrolment(desk));
  app.post('/api/desk/people/:id/claim-code', postClaimCode(desk));
  app.get(
    '/api/desk/people/:id/card.pdf',
    { exposeHeadRoute: false },
    printCard(cards, 'sheet', deskCardHolder(desk)),
  );
  const shown = { ...desk, openCard: (scanned: string, code: string) => openByCode(cards, scanned, code) };
  app.get('/api/card-grants', getCardGrants(shown));
  app.post('/api/card-grants', postCardGrant(shown));
  app.get('/api/card-grants/:id', getCardGrant(shown));
  app.post('/api/card-grants/:id/witness', postWitness(shown));
}

/** Forms. Answers are read by the parser of the record: numbers keep their digits. */
export function formRoutes(app: FastifyInstance, deps: Deps): void {
  app.get('/api/forms', listForms);
  app.get('/api/forms/:form', getForm);
  void app.register(async (bytes) => {
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser(
      ['application/json', 'application/fhir+json'],
      { parseAs: 'buffer' },
      (_request, body, done) => done(null, body),
    );
    bytes.post('/api/forms/:form', { bodyLimit: formByteLimit }, postForm(deps));
  });
}
