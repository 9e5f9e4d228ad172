// Who may do what: one total function, deny by default, that names the rule it decided by. Knows no storage and no HTTP.
// Further bases (guardian, grant, booking, break-glass, staff duty, app scopes) become further variants of `Asker` and further rules here, nowhere else.
import type { ClientScope, ScopeLetter } from './client-scopes.ts';
import { scopesAllow } from './client-scopes.ts';

export type Asker =
  | { kind: 'anonymous' }
  | { kind: 'person'; patientId: string }
  | { kind: 'card'; patientId: string; tier: 'first' | 'second' }
  /** A program of another organisation. What it was given it has over everybody's record; scopes only narrow. */
  | { kind: 'client'; clientId: string; name: string; scopes: readonly ClientScope[] }
  | { kind: 'operator' };

export type Act =
  | 'give-card'
  | 'read'
  | 'search'
  | 'create'
  | 'update'
  | 'delete'
  | 'import'
  | 'export'
  | 'erase'
  | 'hold'
  | 'emergency-page';

/** What is asked about: whose it is ('' for a resource that belongs to nobody) and of which type. */
export interface Subject {
  patientId: string;
  resourceType: string;
}

export type Rule =
  | 'self'
  | 'directory'
  | 'card-first-tier'
  | 'card-second-tier'
  | 'client-scope'
  | 'scope-lacking'
  | 'operator-import'
  | 'operator-desk'
  | 'operator-export'
  | 'operator-erase'
  | 'operator-hold'
  | 'not-signed-in'
  | 'not-yours'
  | 'directory-is-kept-by-organisations'
  | 'card-shows-only-its-page'
  | 'operator-reads-no-record'
  | 'kept-by-the-server';

export interface Decision {
  allowed: boolean;
  rule: Rule;
}

const allow = (rule: Rule): Decision => ({ allowed: true, rule });
const deny = (rule: Rule): Decision => ({ allowed: false, rule });

/** Types that only the server writes: a client that could write them could forge a look. */
const serverKept = new Set(['AuditEvent', 'Provenance']);

/** Resources that belong to nobody and that any signed-in person may look up. */
const directoryTypes = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'Medication',
  'Questionnaire',
  'ValueSet',
  'CodeSystem',
  'StructureDefinition',
]);

const letterOf: Partial<Record<Act, ScopeLetter>> = {
  read: 'r',
  search: 's',
  create: 'c',
  update: 'u',
  delete: 'd',
};

/** Decides one act on one subject. Total: anything not named here is refused. */
export function decide(asker: Asker, act: Act, subject: Subject): Decision {
  switch (asker.kind) {
    case 'anonymous':
      return deny('not-signed-in');
    case 'card':
      if (act !== 'emergency-page' || asker.patientId !== subject.patientId)
        return deny('card-shows-only-its-page');
      return allow(asker.tier === 'first' ? 'card-first-tier' : 'card-second-tier');
    case 'client': {
      const letter = letterOf[act];
      if (letter === undefined) return deny('scope-lacking');
      if (letter !== 'r' && letter !== 's' && serverKept.has(subject.resourceType))
        return deny('kept-by-the-server');
      return scopesAllow(asker.scopes, letter, subject.resourceType)
        ? allow('client-scope')
        : deny('scope-lacking');
    }
    case 'operator':
      if (act === 'give-card') return allow('operator-desk');
      if (act === 'export') return allow('operator-export');
      if (act === 'erase') return allow('operator-erase');
      if (act === 'hold') return allow('operator-hold');
      return act === 'import' ? allow('operator-import') : deny('operator-reads-no-record');
    case 'person': {
      const looking = act === 'read' || act === 'search';
      if (subject.patientId === '') {
        if (looking && directoryTypes.has(subject.resourceType)) return allow('directory');
        return deny(looking ? 'not-yours' : 'directory-is-kept-by-organisations');
      }
      if (subject.patientId !== asker.patientId) return deny('not-yours');
      if (act === 'import' || act === 'emergency-page' || act === 'give-card' || act === 'hold')
        return deny('not-yours');
      if (!looking && serverKept.has(subject.resourceType)) return deny('kept-by-the-server');
      return allow('self');
    }
  }
}
