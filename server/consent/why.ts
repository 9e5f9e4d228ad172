// Why somebody can see this: for an entry that stands, everybody who was let in and the rule that decides; for a past look, what let them in.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { Authority } from '../../core/access/authority.ts';
import { inForce } from '../../core/access/authority.ts';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import type { ListedAuthority } from '../storage/authorities.ts';
import { findAuthority, listGiven } from '../storage/authorities.ts';
import { findEntry } from '../storage/entries.ts';
import { findVersionAt } from '../storage/entry-origins.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';
import { uuid } from './request-parts.ts';
import { holderShown } from './grants.ts';
import { requireStanding } from './standing.ts';

const notThere = () => new ApiError(404, 'not-found', 'There is no such entry, or it is not yours.');

/** `GET /api/who-sees?entry=Type/id`: everybody who holds something over this record now, and whether it opens this entry. */
export function whoSees(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const { entry } = request.query as { entry?: unknown };
      const [, type, id] =
        (typeof entry === 'string' && /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/.exec(entry)) || [];
      if (type === undefined || id === undefined)
        throw new ApiError(400, 'invalid', 'entry is the type and the id of an entry.');
      const standing = await requireStanding(room, request, 'share', patientNamed(request, actor));
      const { patientId } = standing;
      const found = await findResource(room.db.pool, type, id);
      if (!found || found.deleted || found.patientId !== patientId) throw notThere();
      const resource = parseJson(found.content) as Resource;
      const sealed = isSealed(resource);
      // Of what is sealed a guardian hears nothing.
      if (sealed && standing.decision.rule !== 'self') throw notThere();
      const given = await listGiven(room.db.pool, patientId);
      await room.entries.store(
        sealEntry(
          patientId,
          {
            event: 'read',
            outcome: 'done',
            who: standing.who,
            basis: standing.decision.rule,
            purpose: standing.decision.rule === 'self' ? 'PATRQT' : 'FAMRQT',
            on: { type, id, version: found.version },
            agent: agentFamily(request.headers['user-agent']),
          },
          room,
        ),
      );
      const subject = {
        patientId,
        resourceType: type,
        resourceId: id,
        category: categoryOf(resource),
        sealed,
      };
      return {
        sealed,
        category: subject.category,
        people: given
          .filter((one) => one.endedAt === null && inForce(authorityOf(one), room.now()))
          .map((one) => {
            const authorities = [authorityOf(one)];
            const decision = decide({ kind: 'person', patientId: '-', authorities }, 'read', subject);
            return {
              holder: holderShown(one),
              ...(one.organization === null ? {} : { organization: one.organization }),
              sees: decision.allowed,
              rule: decision.rule,
              basis: one.basis,
              endsAt: one.endsAt,
            };
          }),
      };
    },
  };
}

/** `GET /api/entries/:id/why`: the rule that decided, and the permission behind it, in the version that stood when they looked. */
export function whyEntry(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const { id } = request.params as { id: string };
      const entry = uuid.test(id) ? await findEntry(room.db.pool, actor.patientId, id) : undefined;
      if (!entry || entry.erasedBy !== null) throw notThere();
      const { basis, purpose, detail, at, who } = JSON.parse(entry.statement) as Statement;
      const authorityId = detail?.['authority'];
      const given =
        typeof authorityId === 'string' && uuid.test(authorityId)
          ? await findAuthority(room.db.pool, authorityId)
          : undefined;
      const own = given?.patientId === actor.patientId ? given : undefined;
      const consentVersion =
        own === undefined || own.consentId === null
          ? undefined
          : await findVersionAt(room.db.pool, actor.patientId, 'Consent', own.consentId, at);
      return {
        at,
        who: who.name ?? who.role,
        rule: basis,
        ...(purpose === undefined ? {} : { purpose }),
        ...(own === undefined
          ? {}
          : {
              permission: {
                id: own.authorityId,
                basis: own.basis,
                holder: holderShown(own),
                scope: {
                  ...(own.categories ? { categories: own.categories } : {}),
                  ...(own.entries ? { entries: own.entries } : {}),
                  sealed: own.sealed,
                  ...(own.knowsSealed ? { knowsSealed: true } : {}),
                  share: own.share,
                },
                ...(own.consentId === null ? {} : { consent: `Consent/${own.consentId}`, consentVersion }),
                purpose: own.purpose,
                startsAt: own.startsAt,
                endsAt: own.endsAt,
                endedAt: own.endedAt,
                endedWhy: own.endedWhy,
              },
            }),
      };
    },
  };
}

function authorityOf(one: ListedAuthority): Authority {
  const held = {
    id: one.authorityId,
    patientId: one.patientId,
    startsAtMs: one.startsAt.getTime(),
    ...(one.endsAt === null ? {} : { endsAtMs: one.endsAt.getTime() }),
  };
  const coverage = {
    ...(one.categories ? { categories: one.categories } : {}),
    ...(one.entries ? { entries: one.entries } : {}),
    sealed: one.sealed,
  };
  switch (one.basis) {
    case 'guardian':
      return { ...held, basis: 'guardian', level: one.level ?? 'view' };
    case 'grant':
      return { ...held, basis: 'grant', coverage, share: one.share };
    case 'edit':
      return { ...held, basis: 'edit', coverage };
    case 'break-glass':
      return { ...held, basis: 'break-glass' };
    case 'merged':
      return { ...held, basis: 'merged', sealed: one.sealed };
  }
}
