// What responders left in the last day: for whoever may read it, at the top of a record that was opened; and to a hospital, that somebody is
// on the way to it.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { patientNamed, requireActing, whoFor } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { listComing, listRecentHandovers } from '../storage/handovers.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';

/** `GET /api/handovers?patient=` */
export function getHandovers(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const patientId = patientNamed(request, actor);
      const held = heldNow(room);
      const authorities = patientId === actor.patientId ? [] : await held(actor.accountId, [patientId]);
      const asker = { kind: 'person', patientId: actor.patientId, authorities } as const;
      // Who may look into nothing here hears what is heard of a record that is not there.
      const given = authorities.some(({ basis }) => basis !== 'joined');
      if (!given) await requireActing(actor, 'read', patientId, held, 'Communication');
      const decisionOn = (resourceId: string) =>
        decide(asker, 'read', {
          patientId,
          resourceType: 'Communication',
          resourceId,
          category: 'messages',
          sealed: false,
        });
      const found = await listRecentHandovers(room.db.pool, patientId, room.now());
      const open = found.filter(({ communicationId }) => decisionOn(communicationId).allowed);
      for (const { communicationId, version } of open) {
        const { rule, authority } = decisionOn(communicationId);
        const clinical = rule === 'grant' || rule === 'edit-grant' || rule === 'break-glass';
        const { reference, ...who } = whoFor(actor, patientId);
        await room.entries.store(
          sealEntry(
            patientId,
            {
              event: 'read',
              outcome: 'done',
              who: clinical
                ? {
                    ...who,
                    role: 'professional',
                    ...(authority?.holder === undefined ? {} : { reference: authority.holder }),
                  }
                : {
                    ...who,
                    ...(reference === undefined ? {} : { reference }),
                    ...(rule === 'self' ? { role: 'patient' } : {}),
                  },
              basis: rule,
              on: { type: 'Communication', id: communicationId, version },
              agent: agentFamily(request.headers['user-agent']),
              ...(authority ? { detail: { authority: authority.id } } : {}),
            },
            room,
          ),
        );
      }
      return open.map(({ handoverId, communicationId, verified, leftAt, until, content }) => ({
        id: handoverId,
        entry: `Communication/${communicationId}`,
        verified,
        leftAt,
        until,
        lines: (JSON.parse(content) as { payload?: { contentString?: string }[] }).payload?.flatMap(
          ({ contentString }) => (contentString === undefined ? [] : [contentString]),
        ),
      }));
    },
  };
}

/**
 * `GET /api/handovers/coming`: `[{ id, organization, last4, verified, leftAt, patient? }]`, for clinicians and desks of the place that was named.
 * Nothing of the record: neither name nor note. `patient`, by which a record is opened in an emergency, only for a licence that was checked.
 */
export function getComing(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { accountId, patientId: self } = requirePerson(request);
      const clinician = isVerifiedClinician(await listMemberships(room.db.pool, accountId), room.now());
      const rows = await listComing(room.db.pool, accountId, room.now());
      const once = new Map(rows.map((row) => [row.handoverId, row]));
      return reply.header('cache-control', 'no-store').send(
        [...once.values()].map(({ handoverId, patientId, organization, last4, verified, leftAt }) => ({
          id: handoverId,
          organization,
          last4,
          verified,
          leftAt,
          ...(clinician === undefined || patientId === self ? {} : { patient: patientId }),
        })),
      );
    },
  };
}
