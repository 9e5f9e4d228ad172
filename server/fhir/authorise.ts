// Decisions in other people's records: what was given to the asker is read at the time of the request, once, and only for those who
// were given anything. Everybody decides through here; nobody keeps what was read.
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Act, Decision } from '../../core/access/decide.ts';
import { decide, personOf } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { listAuthorities, listMergedRecords } from '../storage/authorities.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { RequestContext } from './asker.ts';

/** The context with what its person may do in these records, or in all when none are named. One statement; none for the own record alone. @param client the transaction this is part of */
export async function withAuthorities(
  deps: Deps,
  context: RequestContext,
  patientIds?: readonly string[],
  client: Queryable = deps.db.asks,
): Promise<RequestContext> {
  const { asker, who, holdsAuthorities } = context;
  const person = personOf(asker);
  if (person === undefined || holdsAuthorities !== true || who.account === undefined) return context;
  const others = patientIds?.filter((id) => id !== '' && id !== person.patientId);
  const ownNamed = patientIds?.includes(person.patientId) === true;
  if (others?.length === 0 && !ownNamed) return context;
  const authorities =
    others?.length === 0 ? [] : await listAuthorities(client, who.account, deps.now(), others);
  // Whoever looks into their own record looks into what was merged into it.
  if (ownNamed) authorities.push(...(await listMergedRecords(client, who.account, deps.now())));
  if (authorities.length === 0) return context;
  const informed = { ...person, authorities };
  return { ...context, asker: asker.kind === 'app' ? { ...asker, person: informed } : informed };
}

/**
 * The records that were joined to this one, as far as they are open to the asker: to its owner whole, to whoever was let into it by what
 * may kill. None for an app, whose scopes are of one record.
 */
export function joinedTo({ asker }: RequestContext, patientId: string): readonly string[] {
  if (asker.kind !== 'person') return [];
  const open = (asker.authorities ?? []).flatMap((one) => {
    if (one.basis === 'merged') return asker.patientId === patientId ? [one.patientId] : [];
    return one.basis === 'joined' && one.into === patientId ? [one.patientId] : [];
  });
  return [...new Set(open)];
}

interface Thing {
  patientId: string;
  resourceType: string;
  resourceId: string;
  /** Canonical text or the resource itself; '' for a deletion. */
  content: string | Resource;
}

/** Decides on one version by what it says: another version of the same resource may belong to another part, or be sealed. */
export function decideOn(context: RequestContext, act: Act, thing: Thing): Decision {
  const { asker } = context;
  const { patientId, resourceType, resourceId, content } = thing;
  const subject = { patientId, resourceType, resourceId };
  // Only what lies in another person's record is looked into: everything else is decided by whose it is.
  const person = personOf(asker);
  const others = person !== undefined && patientId !== person.patientId && patientId !== '';
  const filtered = asker.kind === 'app' && asker.scopes.some(({ filter }) => filter !== undefined);
  const given = others && (person.authorities ?? []).length > 0;
  if ((!given && !filtered) || content === '') return decide(asker, act, subject);
  const resource = typeof content === 'string' ? (parseJson(content) as Resource) : content;
  if (filtered) Object.assign(subject, { resource });
  if (!given) return decide(asker, act, subject);
  if (person.authorities?.some((one) => one.basis === 'joined' && one.patientId === patientId) === true)
    Object.assign(subject, { resource });
  return decide(asker, act, { ...subject, category: categoryOf(resource), sealed: isSealed(resource) });
}

/** Who they are in that record and what for, once it is decided by what they may: a guardian, a professional, themself. */
export function actingBy(context: RequestContext, { rule, authority }: Decision): RequestContext {
  const through = authority?.basis === 'joined' ? authority.through : rule;
  if (through === 'guardian')
    return {
      ...context,
      author: 'guardian',
      purpose: 'FAMRQT',
      who: { ...context.who, role: 'guardian' },
      ...(authority ? { authority: authority.id } : {}),
    };
  const professional = ['grant', 'edit', 'edit-grant', 'break-glass'].includes(through);
  if (!professional) return context;
  return {
    ...context,
    author: 'professional',
    ...(authority ? { authority: authority.id } : {}),
    purpose: through === 'break-glass' ? 'BTG' : 'TREAT',
    who: {
      ...context.who,
      role: 'professional',
      ...(authority?.holder ? { reference: authority.holder } : {}),
    },
  };
}

/** As `actingBy`, for a search that shows something of this record: by the first authority that opened it. */
export function actingIn(
  context: RequestContext,
  patientId: string,
): { context: RequestContext; rule?: string } {
  const { asker } = context;
  const person = personOf(asker);
  if (person === undefined || patientId === person.patientId) return { context };
  const authority = person.authorities?.find((one) => one.patientId === patientId);
  if (authority === undefined) return { context };
  const { basis } = authority;
  const rule = basis === 'edit' ? 'edit-grant' : basis === 'joined' ? 'joined-safety' : basis;
  return { context: actingBy(context, { allowed: true, rule, authority }), rule };
}
