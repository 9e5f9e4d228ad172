// `GET /api/handovers?patient=`: what responders left in the last day, for whoever may read it: at the top of a record that was opened.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { patientNamed, requireActing, whoFor } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { listRecentHandovers } from '../storage/handovers.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';

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
