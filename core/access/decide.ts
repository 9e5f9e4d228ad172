// Who may do what: one total function, deny by default, that names the rule it decided by. Knows no storage and no HTTP.
// Further bases (guardian, grant, booking, break-glass, staff duty, app scopes) become further variants of `Asker` and further rules here, nowhere else.

export type Asker =
  | { kind: 'anonymous' }
  | { kind: 'person'; patientId: string }
  | { kind: 'card'; patientId: string; tier: 'first' | 'second' }
  | { kind: 'operator' };

export type Act =
  | 'give-card'
  | 'read'
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
]);

/** Decides one act on one subject. Total: anything not named here is refused. */
export function decide(asker: Asker, act: Act, subject: Subject): Decision {
  switch (asker.kind) {
    case 'anonymous':
      return deny('not-signed-in');
    case 'card':
      if (act !== 'emergency-page' || asker.patientId !== subject.patientId)
        return deny('card-shows-only-its-page');
      return allow(asker.tier === 'first' ? 'card-first-tier' : 'card-second-tier');
    case 'operator':
      if (act === 'give-card') return allow('operator-desk');
      if (act === 'export') return allow('operator-export');
      if (act === 'erase') return allow('operator-erase');
      if (act === 'hold') return allow('operator-hold');
      return act === 'import' ? allow('operator-import') : deny('operator-reads-no-record');
    case 'person': {
      if (subject.patientId === '') {
        if (act === 'read' && directoryTypes.has(subject.resourceType)) return allow('directory');
        return deny(act === 'read' ? 'not-yours' : 'directory-is-kept-by-organisations');
      }
      if (subject.patientId !== asker.patientId) return deny('not-yours');
      if (act === 'import' || act === 'emergency-page' || act === 'give-card' || act === 'hold')
        return deny('not-yours');
      if (act !== 'read' && serverKept.has(subject.resourceType)) return deny('kept-by-the-server');
      return allow('self');
    }
  }
}
