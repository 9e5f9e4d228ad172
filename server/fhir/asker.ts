// From the actor of a request to what the decision and the audit entry need to know of them.
import type { FastifyRequest } from 'fastify';
import type { Asker } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Actor } from '../http/actor.ts';
import type { AuthorCode } from '../storage/prepare-version.ts';
import { fhirError } from '../errors.ts';
import type { Ahead } from './read-ahead.ts';

export interface RequestContext {
  asker: Asker;
  who: StatementWho;
  author: AuthorCode;
  /** The entry stays that of whoever wrote it, by its tag: only where it goes is changed. */
  keepsAuthor?: AuthorCode;
  agent: string;
  /** Everything named must stand already or come with the same change, also for a program: nothing of it can follow later. */
  referencesMustStand?: true;
  /** v3-ActReason; what the kind of asker implies where it is absent. */
  purpose?: string;
  /** What the address names, if it is looked up already. */
  ahead?: Ahead;
  /** Id of what opened this record to them: every look and every write names it. */
  authority?: string;
  /** Whether other people's records may be open to them: only then it is asked what was given to them. */
  holdsAuthorities?: boolean;
  /** What every entry of this change says beside: why it was made, and for which case. */
  because?: Record<string, string>;
}

export function contextOfActor(actor: Actor, agent: string): RequestContext {
  switch (actor.kind) {
    case 'person':
      return {
        asker: { kind: 'person', patientId: actor.patientId },
        who: {
          role: 'patient',
          account: actor.accountId,
          reference: `Patient/${actor.patientId}`,
          name: actor.name,
        },
        author: 'patient',
        agent,
        holdsAuthorities: actor.holdsAuthorities,
      };
    case 'app': {
      const { accountId, patientId, clientId, clientName, name, scopes, inContext } = actor;
      return {
        asker: {
          kind: 'app',
          person: { kind: 'person', patientId },
          scopes,
          ...(inContext === undefined ? {} : { inContext }),
        },
        who: {
          role: 'patient',
          account: accountId,
          reference: `Patient/${patientId}`,
          name,
          app: { client: clientId, name: clientName },
        },
        author: 'patient',
        agent,
        holdsAuthorities: actor.holdsAuthorities,
      };
    }
    case 'client': {
      const { clientId, name, scopes } = actor;
      return {
        asker: { kind: 'client', clientId, name, scopes },
        who: { role: 'client', account: clientId, name },
        author: 'organization',
        agent,
      };
    }
    case 'operator':
      return {
        asker: { kind: 'operator' },
        who: { role: 'operator', name: actor.name },
        author: 'import',
        agent,
      };
    case 'anonymous':
      return { asker: { kind: 'anonymous' }, who: { role: 'anonymous' }, author: 'patient', agent };
  }
}

/** Throws 401 for nobody: no FHIR route but the capability statement answers without a sign-in. */
export function requireContext(request: FastifyRequest): RequestContext {
  if (request.actor.kind === 'anonymous') {
    const error = fhirError(401, 'login', 'Sign in first.');
    throw Object.assign(error, { headers: { 'www-authenticate': 'Bearer realm="medallion"' } });
  }
  const context = contextOfActor(request.actor, agentFamily(request.headers['user-agent']));
  return request.ahead ? { ...context, ahead: request.ahead } : context;
}
