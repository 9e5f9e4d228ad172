// Into whose record somebody brings a file, and by which rule they may: their own, one they are a guardian of, or, with a UHID and
// for programs and staff, anybody's, without seeing anything of it.
import type { FastifyRequest } from 'fastify';
import { decide } from '../../../core/access/decide.ts';
import type { Asker, Decision, Rule } from '../../../core/access/decide.ts';
import type { StatementWho } from '../../../core/ledger/statement.ts';
import { parseUhid } from '../../../core/card/uhid.ts';
import { ApiError } from '../../errors.ts';
import type { Actor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { attemptKey, countAttempt } from '../../storage/attempts.ts';
import type { MemberRole } from '../../storage/members.ts';
import { listMemberships } from '../../storage/members.ts';
import { findPerson, findPersonByUhid } from '../../storage/people.ts';
import type { AuthorCode } from '../../storage/prepare-version.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { actingBy, withAuthorities } from '../authorise.ts';
import { recordLook } from '../looks.ts';
import { requireScope } from '../require-scope.ts';
import { uploadLimits } from './limits.ts';

/** Those who meet patients or their results; administrators and auditors do not. */
const bringing = new Set<MemberRole>([
  'doctor',
  'nurse',
  'desk',
  'laboratory',
  'radiology',
  'pharmacy',
  'records',
]);

export interface Bringing {
  readonly patientId: string;
  /** `person:<account>` or `client:<id>`. */
  readonly uploader: string;
  readonly who: StatementWho;
  readonly author: AuthorCode;
  readonly agent: string;
  readonly basis: Rule;
}

export function uploaderOf(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return `person:${actor.accountId}`;
    case 'app':
      return `app:${actor.clientId}:${actor.accountId}`;
    case 'client':
      return `client:${actor.clientId}`;
    case 'anonymous':
    case 'operator':
      throw new ApiError(401, 'not-signed-in', 'Sign in first.');
  }
}

const nobodyThere = () =>
  new ApiError(404, 'person-unknown', 'Nobody here has this number, or you may not send anything to them.');

/** Whose record is meant: of `uhid` or `patient`, else the own one. Throws 400, 404 `person-unknown`, 429. */
export async function recordMeant(
  deps: Deps,
  request: FastifyRequest,
  named: { readonly uhid?: string | undefined; readonly patient?: string | undefined },
): Promise<string> {
  const { actor } = request;
  // Before any number is looked up: the answer cannot tell a program without the scope whether somebody has it.
  await requireScope(deps, requireContext(request), 'create', 'DocumentReference');
  if (named.uhid !== undefined) {
    const parsed = parseUhid(named.uhid);
    const person = parsed.ok ? await findPersonByUhid(deps.db.pool, parsed.uhid) : undefined;
    if (person) return person.patientId;
    const key = attemptKey(uploaderOf(actor));
    const window = { purpose: 'upload-number', key, ...uploadLimits.wrongNumbers };
    const { allowed, retryAfterMs } = await countAttempt(deps.db.pool, window, deps.now());
    if (allowed) throw nobodyThere();
    throw new ApiError(429, 'too-many-requests', 'Too many requests. Try again later.', {
      headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
    });
  }
  if (named.patient !== undefined) {
    if (!(await findPerson(deps.db.pool, named.patient))) throw nobodyThere();
    return named.patient;
  }
  if (actor.kind === 'person' || actor.kind === 'app') return actor.patientId;
  throw new ApiError(400, 'invalid', 'Say whose record it is for: the UHID on their card.', {
    fields: [{ field: 'uhid', code: 'required' }],
  });
}

/** Decided at the time of the request. Throws 403 and 404, and leaves an entry of the refusal. */
export async function requireBringing(
  deps: Deps,
  request: FastifyRequest,
  patientId: string,
): Promise<Bringing> {
  const context = requireContext(request);
  await requireScope(deps, context, 'create', 'DocumentReference');
  const informed = await withDuty(deps, await withAuthorities(deps, context, [patientId]), patientId);
  const decision = decide(informed.asker, 'deposit', { patientId, resourceType: 'DocumentReference' });
  const acting = actingBy(informed, decision);
  if (!decision.allowed) {
    await recordLook(deps, acting, patientId, { event: 'upload', basis: decision.rule, outcome: 'refused' });
    throw decision.rule === 'guardian-level-too-low'
      ? new ApiError(403, 'guardian-level-too-low', 'You may look after this record, but not do this for it.')
      : nobodyThere();
  }
  return {
    patientId,
    uploader: uploaderOf(request.actor),
    agent: context.agent,
    ...nameOf(acting, decision),
  };
}

/** Asked only of those who have nothing else in that record. */
async function withDuty(deps: Deps, context: RequestContext, patientId: string): Promise<RequestContext> {
  const { asker, who } = context;
  if (asker.kind !== 'person' || asker.patientId === patientId || who.account === undefined) return context;
  const places = await listMemberships(deps.db.pool, who.account);
  const place = places.find(({ role }) => bringing.has(role));
  if (!place) return context;
  const duty: Asker = { ...asker, bringsFiles: true };
  return { ...context, asker: duty };
}

function nameOf(acting: RequestContext, { rule }: Decision): Pick<Bringing, 'who' | 'author' | 'basis'> {
  if (rule !== 'staff-upload') return { who: acting.who, author: acting.author, basis: rule };
  // As somebody at work, not as the person whose own record is elsewhere.
  const { account, name } = acting.who;
  return {
    who: {
      role: 'professional',
      ...(account === undefined ? {} : { account }),
      ...(name === undefined ? {} : { name }),
    },
    author: 'professional',
    basis: rule,
  };
}
