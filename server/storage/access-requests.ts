// Requests to be let into a record, their one-time codes, and who may not ask any more. Knows hashes of codes, never a code.
import type { Coverage } from '../../core/access/authority.ts';
import type { Category } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export type RequestState = 'requested' | 'approved' | 'refused' | 'withdrawn' | 'locked';

export interface AccessRequest {
  patientId: string;
  requestId: string;
  requesterId: string;
  requesterPatientId: string;
  /** `name` of the requester's Patient resource. */
  requesterName: unknown;
  organizationId: string | null;
  organizationName: string | null;
  /** Asked for everybody who works there. */
  everybody: boolean;
  /** The pen that is to be prolonged; null for a request to be let in. */
  extendsId: string | null;
  state: RequestState;
  coverage: Coverage;
  share: boolean;
  writing: boolean;
  purpose: string;
  durationMs: number;
  codeTriesLeft: number;
  codesSent: number;
  createdAt: Date;
  expiresAt: Date;
  answeredAt: Date | null;
}

interface Row extends Omit<AccessRequest, 'coverage'> {
  categories: Category[] | null;
  entries: string[] | null;
  sealed: boolean;
}

const columns = `q.patient_id as "patientId", q.request_id as "requestId", q.requester_id as "requesterId", a.patient_id as "requesterPatientId",
  r.content::json -> 'name' as "requesterName", q.organization_id as "organizationId", q.everybody, q.extends_id as "extendsId", o.content::json ->> 'name' as "organizationName", q.state,
  q.categories, q.entries, q.sealed, q.share, q.writing, q.purpose, q.duration_ms as "durationMs", q.code_tries_left as "codeTriesLeft",
  q.codes_sent as "codesSent", q.created_at as "createdAt", q.expires_at as "expiresAt", q.answered_at as "answeredAt"`;
const joined = `access_request q join account a on a.account_id = q.requester_id
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = q.organization_id and not o.deleted`;

function requestOf({ categories, entries, sealed, ...row }: Row): AccessRequest {
  return {
    ...row,
    coverage: { ...(categories ? { categories } : {}), ...(entries ? { entries } : {}), sealed },
  };
}

export interface NewRequest {
  patientId: string;
  requestId: string;
  requesterId: string;
  organizationId: string | null;
  everybody: boolean;
  extendsId?: string;
  coverage: Coverage;
  share: boolean;
  writing: boolean;
  purpose: string;
  durationMs: number;
  codeTries: number;
  createdAtMs: number;
  expiresAtMs: number;
}

export async function insertRequest(client: Queryable, request: NewRequest): Promise<void> {
  await client.query({
    name: 'insert-access-request',
    text: `insert into access_request (patient_id, request_id, requester_id, organization_id, state, categories, entries, sealed, share, writing,
             purpose, duration_ms, code_tries_left, created_at, expires_at, everybody, extends_id)
           values ($1, $2, $3, $4, 'requested', $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp($13::float8 / 1000), to_timestamp($14::float8 / 1000), $15, $16)`,
    values: [
      request.patientId,
      request.requestId,
      request.requesterId,
      request.organizationId,
      request.coverage.categories ?? null,
      request.coverage.entries ?? null,
      request.coverage.sealed,
      request.share,
      request.writing,
      request.purpose,
      request.durationMs,
      request.codeTries,
      request.createdAtMs,
      request.expiresAtMs,
      request.everybody,
      request.extendsId ?? null,
    ],
  });
}

export async function findRequest(db: Queryable, requestId: string): Promise<AccessRequest | undefined> {
  const { rows } = await db.query({
    name: 'find-access-request',
    text: `select ${columns} from ${joined} where q.request_id = $1`,
    values: [requestId],
  });
  return rows[0] ? requestOf(rows[0] as Row) : undefined;
}

/** To one person, or by one requester; the newest first, at most 200. */
export async function listRequests(
  db: Queryable,
  whose: { patientId: string } | { requesterId: string },
): Promise<AccessRequest[]> {
  const { rows } = await db.query(
    'patientId' in whose
      ? {
          name: 'list-requests-to',
          text: `select ${columns} from ${joined} where q.patient_id = $1 order by q.created_at desc, q.request_id limit 200`,
          values: [whose.patientId],
        }
      : {
          name: 'list-requests-by',
          text: `select ${columns} from ${joined} where q.requester_id = $1 order by q.created_at desc, q.request_id limit 200`,
          values: [whose.requesterId],
        },
  );
  return (rows as Row[]).map(requestOf);
}

/** The code before is dead. False when the request is answered or over, or enough codes were sent. */
export async function setCode(
  client: Queryable,
  request: Pick<AccessRequest, 'patientId' | 'requestId'>,
  code: { hash: string; untilMs: number; mostSent: number },
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'set-access-code',
    text: `update access_request set code_hash = $3, code_until = to_timestamp($4::float8 / 1000), codes_sent = codes_sent + 1
            where patient_id = $1 and request_id = $2 and state = 'requested' and expires_at > to_timestamp($6::float8 / 1000)
              and code_tries_left > 0 and codes_sent < $5`,
    values: [request.patientId, request.requestId, code.hash, code.untilMs, code.mostSent, nowMs],
  });
  return rowCount === 1;
}

/**
 * Takes one of the tries that the request has in its life, committed before anything is compared: of a hundred guesses at
 * once no more are compared than tries are left. Undefined when there is nothing to compare with.
 */
export async function takeTry(
  db: Queryable,
  request: Pick<AccessRequest, 'patientId' | 'requestId'>,
  nowMs: number,
): Promise<{ hash: string; triesLeft: number } | undefined> {
  const { rows } = await db.query({
    name: 'take-access-try',
    text: `update access_request set code_tries_left = code_tries_left - 1
            where patient_id = $1 and request_id = $2 and state = 'requested' and code_tries_left > 0
              and code_until > to_timestamp($3::float8 / 1000) and expires_at > to_timestamp($3::float8 / 1000)
           returning code_hash as hash, code_tries_left as "triesLeft"`,
    values: [request.patientId, request.requestId, nowMs],
  });
  return rows[0] as { hash: string; triesLeft: number } | undefined;
}

/**
 * Ends the asking, once: of several answers at a time the first counts. With `codeHash` only while that code is the one
 * that stands. False when it was answered or is over.
 */
export async function answerRequest(
  client: Queryable,
  request: Pick<AccessRequest, 'patientId' | 'requestId'>,
  state: Exclude<RequestState, 'requested'>,
  nowMs: number,
  codeHash?: string,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-access-request',
    text: `update access_request set state = $3, answered_at = to_timestamp($4::float8 / 1000), code_hash = null, code_until = null
            where patient_id = $1 and request_id = $2 and state = 'requested' and ($5::text is null or code_hash = $5)
              and ($3 = 'locked' or expires_at > to_timestamp($4::float8 / 1000))`,
    values: [request.patientId, request.requestId, state, nowMs, codeHash ?? null],
  });
  return rowCount === 1;
}

/** Everything that one requester still asks of one person. */
export async function refuseAllOf(
  client: Queryable,
  patientId: string,
  requesterId: string,
  nowMs: number,
): Promise<void> {
  await client.query({
    name: 'refuse-access-requests',
    text: `update access_request set state = 'refused', answered_at = to_timestamp($3::float8 / 1000), code_hash = null, code_until = null
            where patient_id = $1 and requester_id = $2 and state = 'requested'`,
    values: [patientId, requesterId, nowMs],
  });
}

/** True when it was not so before. */
export async function setBlock(
  client: Queryable,
  patientId: string,
  accountId: string,
  blocked: boolean,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = blocked
    ? await client.query({
        name: 'block-asker',
        text: `insert into access_block (patient_id, account_id, blocked_at) values ($1, $2, to_timestamp($3::float8 / 1000))
               on conflict do nothing`,
        values: [patientId, accountId, nowMs],
      })
    : await client.query({
        name: 'unblock-asker',
        text: `delete from access_block where patient_id = $1 and account_id = $2`,
        values: [patientId, accountId],
      });
  return rowCount === 1;
}

export async function isBlocked(db: Queryable, patientId: string, accountId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-asker-blocked',
    text: `select 1 from access_block where patient_id = $1 and account_id = $2`,
    values: [patientId, accountId],
  });
  return rowCount === 1;
}
