// Organisations: found, founded, renamed, closed and opened again. Each change is a version of the Organization that everybody looks up.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { readName } from '../http/person-name.ts';
import { listLicencesWaiting } from '../storage/licence-checks.ts';
import { listMemberInvites } from '../storage/member-invites.ts';
import { insertOrganizationAct } from '../storage/organization-acts.ts';
import { listOrganizations, lockOrganization, setOrganizationClosed } from '../storage/organizations.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { listStaff } from '../storage/staff.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { OrganizationsRoom, Standing } from './organizations-room.ts';
import { bodyLimit, notThere, readOffice, requireOperator, requireStanding } from './organizations-room.ts';

const organizationType = 'http://terminology.hl7.org/CodeSystem/organization-type';
const mostListed = 200;

/** `GET /api/admin/organizations?name=`: the operator's administrator sees all, at most 200; others those they administer. */
export const getOrganizations = (room: OrganizationsRoom) => async (request: FastifyRequest) => {
  const office = await readOffice(room, request);
  if (!office.operator && office.administers.length === 0)
    throw new ApiError(403, 'not-an-administrator', 'Only an administrator may do this.');
  const { name } = request.query as { name?: unknown };
  const words = (typeof name === 'string' ? name : '').normalize('NFC').split(/\s+/u).filter(Boolean);
  const found = await listOrganizations(
    room.db.pool,
    office.operator ? { words: words.slice(0, 6) } : { ids: office.administers },
    mostListed,
  );
  return {
    operator: office.operator,
    organizations: found.map(({ organizationId, ...one }) => ({ id: organizationId, ...one })),
  };
};

/** `GET /api/admin/organizations/:id`: its people, its open invitations, licences that wait. */
export const getOrganization = (room: OrganizationsRoom) => async (request: FastifyRequest) => {
  const { organization, office } = await requireStanding(room, request, { proved: false });
  const { organizationId, name, closed } = organization;
  const { pool } = room.db;
  const [staff, invites, waiting] = await Promise.all([
    listStaff(pool, organizationId),
    listMemberInvites(pool, organizationId, room.now()),
    listLicencesWaiting(pool, { organizationId }),
  ]);
  const today = new Date(room.now()).toISOString().slice(0, 10);
  return {
    id: organizationId,
    name,
    closed,
    operator: office.operator,
    members: staff.map((one) => {
      const entered = waiting.find(({ memberId }) => memberId === one.memberId);
      return {
        id: one.memberId,
        name: displayName(one.name),
        own: one.accountId === office.actor.accountId,
        role: one.role,
        since: one.startedAt,
        suspended: one.suspendedAt !== null,
        licence:
          one.licence === null
            ? null
            : {
                number: one.licence,
                authority: one.licenceAuthority,
                until: one.licenceUntil,
                valid: one.licenceUntil !== null && one.licenceUntil >= today,
              },
        entered: entered
          ? {
              id: entered.licenceId,
              number: entered.number,
              authority: entered.authority,
              until: entered.until,
            }
          : null,
      };
    }),
    invites: invites.map((one) => ({
      id: one.inviteId,
      to: one.login,
      role: one.role,
      by: displayName(one.inviterName),
      createdAt: one.createdAt,
      expiresAt: one.expiresAt,
    })),
  };
};

const nameBody = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: { name: { type: 'string', maxLength: 1000 } },
};

/** `POST /api/admin/organizations {name}`: 201 `{ id }`. */
export function postOrganization(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: { body: nameBody },
    async handler(request, reply) {
      const office = await readOffice(room, request, { proved: true });
      requireOperator(office);
      const name = readName((request.body as { name: string }).name);
      const id = uuidV7(room.now(), room.randomBytes);
      const { actor } = office;
      const standing: Pick<Standing, 'who' | 'basis'> = {
        who: { role: 'operator', account: actor.accountId, name: actor.name },
        basis: 'administrator',
      };
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockOrganization(client, id);
        return storeVersion(client, room, request, standing, {
          id,
          act: 'create',
          change: () => ({
            resourceType: 'Organization',
            active: true,
            type: [{ coding: [{ system: organizationType, code: 'prov', display: 'Healthcare Provider' }] }],
            name,
          }),
        });
      });
      return reply.code(201).header('ledger-entry', entryId).send({ id });
    },
  };
}

/** `PUT /api/admin/organizations/:id {name}` */
export function putOrganization(room: OrganizationsRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: { body: nameBody },
    async handler(request, reply) {
      const standing = await requireStanding(room, request, { proved: true });
      const id = standing.organization.organizationId;
      const name = readName((request.body as { name: string }).name);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await lockOrganization(client, id);
        return storeVersion(client, room, request, standing, {
          id,
          act: 'rename',
          change: (stood) => ({ ...stood, name }),
        });
      });
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** `POST /api/admin/organizations/:id/close|open`: of a closed one nobody works any more, from the next request on. */
export const closeOrganization =
  (room: OrganizationsRoom, closing: boolean) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const standing = await requireStanding(room, request, { proved: true, operator: true });
    const id = standing.organization.organizationId;
    const entryId = await inTransaction(room.db.pool, async (client) => {
      const { closed } = await lockOrganization(client, id);
      if (closed === closing) return undefined;
      await setOrganizationClosed(client, id, closing ? room.now() : undefined);
      return storeVersion(client, room, request, standing, {
        id,
        act: closing ? 'close' : 'open',
        change: (stood) => ({ ...stood, active: !closing }),
      });
    });
    if (entryId !== undefined) reply.header('ledger-entry', entryId);
    return reply.code(204).send();
  };

interface Version {
  id: string;
  act: 'create' | 'rename' | 'close' | 'open';
  change: (stood: Resource) => Resource;
}

/** The next version of the Organization, whose entry is the act. Under its lock. */
async function storeVersion(
  client: Queryable,
  room: OrganizationsRoom,
  request: FastifyRequest,
  { who, basis }: Pick<Standing, 'who' | 'basis'>,
  { id, act, change }: Version,
): Promise<string> {
  const stood = await findResource(client, 'Organization', id);
  if (act === 'create' ? stood !== undefined : !stood || stood.deleted) throw notThere();
  const resource = change(stood ? (parseJson(stood.content) as Resource) : { resourceType: 'Organization' });
  const version = prepareVersion(
    {
      patientId: '',
      resourceType: 'Organization',
      resourceId: id,
      version: (stood?.version ?? 0) + 1,
      ...(stood ? { previousMs: stood.lastUpdated.getTime() } : {}),
      resource,
      author: 'organization',
      who,
      basis,
      agent: agentFamily(request.headers['user-agent']),
      ownBase: `${room.config.publicUrl}/fhir/R4`,
      detail: { act, name: typeof resource['name'] === 'string' ? resource['name'] : '' },
    },
    room,
  );
  const { entryId } = version.entry;
  await writeBatch(client, {
    versions: [version],
    outbox: [
      {
        topic: 'resource.written',
        patientId: '',
        entryId,
        payload: { type: 'Organization', id, version: version.version },
      },
    ],
  });
  await insertOrganizationAct(client, { organizationId: id, entryId, chain: '' });
  return entryId;
}
