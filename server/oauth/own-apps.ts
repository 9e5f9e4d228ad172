// The apps of one person: those they let in, with a way to shut each out at once, and those that can be opened from here.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { newToken } from '../http/session-cookie.ts';
import { listLaunchableApps } from '../storage/app-clients.ts';
import { endAppGrant, findAppGrant, insertAppLaunch, listAppGrants } from '../storage/app-grants.ts';
import { listAuthorities } from '../storage/authorities.ts';
import { findClient } from '../storage/clients.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { isPlainScope, wordsOf } from './app-scopes.ts';
import type { Oauth } from './oauth.ts';
import { fhirBaseOf } from './oauth.ts';

const launchLastsMs = 5 * 60_000;

/** `GET /api/apps` */
export const getOwnApps = (oauth: Oauth) => async (request: FastifyRequest) => {
  const { accountId, patientId } = requirePerson(request);
  const [grants, launchable] = await Promise.all([
    listAppGrants(oauth.db.pool, accountId, oauth.now()),
    listLaunchableApps(oauth.db.pool),
  ]);
  return {
    letIn: grants.map((grant) => ({
      id: grant.grantId,
      app: { id: grant.clientId, name: grant.clientName },
      patient: {
        id: grant.patientId,
        name: displayName(grant.patientName),
        own: grant.patientId === patientId,
      },
      scopes: wordsOf(grant.scope).filter((word) => !isPlainScope(word)),
      comesBack: grant.offline,
      since: grant.createdAt,
      until: grant.expiresAt,
    })),
    canOpen: launchable.map(({ clientId, name, about }) => ({ id: clientId, name, about })),
  };
};

/** `POST /api/apps/:id/end`: its tokens are nothing any more when this is answered. Ending twice is the same as once. */
export const endOwnApp = (oauth: Oauth) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const { id } = request.params as { id: string };
  const found = /^[A-Za-z0-9_-]{10,64}$/.test(id) ? await findAppGrant(oauth.db.pool, id) : undefined;
  if (found?.accountId !== actor.accountId)
    throw new ApiError(404, 'not-found', 'You have let in no such app.');
  const entryId = await inTransaction(oauth.db.pool, async (db) => {
    if (!(await endAppGrant(db, id, 'by-person', oauth.now()))) return undefined;
    const entries = [...new Set([actor.patientId, found.patientId])].map((patientId) =>
      sealEntry(
        patientId,
        {
          event: 'app-end',
          outcome: 'done',
          who: whoOfPerson(actor),
          basis: patientId === actor.patientId ? 'self' : 'acting-for',
          agent: agentFamily(request.headers['user-agent']),
          detail: { app: found.clientName, client: found.clientId },
        },
        oauth,
      ),
    );
    await writeBatch(db, { versions: [], entries });
    return entries[0]?.entryId;
  });
  if (entryId !== undefined) reply.header('ledger-entry', entryId);
  return reply.code(204).send();
};

/** `POST /api/apps/launches` {app, patient}: the address that opens an app for one record (SMART EHR launch). */
export function launchApp(oauth: Oauth): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: 4096,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['app'],
        properties: {
          app: { type: 'string', maxLength: 64 },
          patient: { type: 'string', maxLength: 64 },
        },
      },
    },
    async handler(request, reply) {
      const actor = requirePerson(request);
      const { app, patient = actor.patientId } = request.body as { app: string; patient?: string };
      const client = await findClient(oauth.db.pool, app);
      if (client?.kind !== 'app' || !client.approvedAt || client.disabledAt || client.launchUri === null)
        throw new ApiError(404, 'not-found', 'There is no such app to open.');
      if (patient !== actor.patientId) {
        const over = await listAuthorities(oauth.db.pool, actor.accountId, oauth.now(), [patient]);
        if (over.length === 0)
          throw new ApiError(404, 'not-found', 'There is no such person, or you may not act for them.');
      }
      const { token: launch, tokenHash } = newToken(oauth.randomBytes);
      await insertAppLaunch(
        oauth.db.pool,
        tokenHash,
        { clientId: client.clientId, accountId: actor.accountId, patientId: patient },
        oauth.now() + launchLastsMs,
      );
      const url = new URL(client.launchUri);
      url.searchParams.set('iss', fhirBaseOf(oauth));
      url.searchParams.set('launch', launch);
      return reply.code(201).send({ url: url.href });
    },
  };
}
