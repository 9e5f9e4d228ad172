// What administrators did, for auditors and for themselves: read out of the log's own entries. Never anything of a record.
import type { FastifyRequest } from 'fastify';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { OrganizationAct } from '../storage/organization-acts.ts';
import { listOrganizationActs } from '../storage/organization-acts.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import { notThere, readOffice, uuid } from './organizations-room.ts';

const pageSize = 50;

/** `GET /api/admin/acts?organization=&before=`: `{ acts, next }`, the newest first. */
export const getActs = (room: OrganizationsRoom) => async (request: FastifyRequest) => {
  const { audits } = await readOffice(room, request);
  if (audits.length === 0)
    throw new ApiError(403, 'auditors-only', 'This is for auditors and administrators.');
  const { organization, before } = request.query as { organization?: unknown; before?: unknown };
  const named = typeof organization === 'string' && organization !== '' ? organization : undefined;
  if (named !== undefined && audits !== 'all' && !audits.includes(named)) throw notThere();
  const found = await listOrganizationActs(
    room.db.pool,
    named === undefined ? audits : [named],
    pageSize + 1,
    typeof before === 'string' && uuid.test(before) ? before : undefined,
  );
  const page = found.slice(0, pageSize);
  return {
    acts: page.map(shown),
    next: found.length > pageSize ? (page.at(-1)?.entryId ?? null) : null,
  };
};

/** Only what such an act says: who, what, where, of which member; an entry that was erased says nothing but its time. */
function shown({ organizationId, organizationName, entryId, recordedAt, statement }: OrganizationAct) {
  const said = statement === '' ? undefined : (JSON.parse(statement) as Statement);
  const detail = said?.detail ?? {};
  const text = (key: string): string | undefined =>
    typeof detail[key] === 'string' && detail[key] !== '' ? detail[key] : undefined;
  return {
    entry: entryId,
    at: recordedAt,
    organization: organizationId === null ? null : { id: organizationId, name: organizationName },
    event: said?.event ?? null,
    by: said?.who.name ?? null,
    person: text('person') ?? null,
    role: text('role') ?? null,
    formerRole: text('formerRole') ?? null,
    act: text('act') ?? text('answer') ?? text('finding') ?? null,
  };
}
