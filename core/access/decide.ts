// Who may do what: one total function, deny by default, that names the rule it decided by. Knows no storage and no HTTP.
// Further bases (guardian, grant, booking, break-glass, staff duty) become further variants of `Asker` and further rules here, nowhere else.
import type { Resource } from '../fhir/types.ts';
import { and, type SearchCondition } from '../fhir/search-condition.ts';
import type { AppScope } from './app-scopes.ts';
import { appFilter, appScopesAllow } from './app-scopes.ts';
import type { Authority } from './authority.ts';
import { atLeast, covers } from './authority.ts';
import type { Category } from './categories.ts';
import type { ClientScope, ScopeLetter } from './client-scopes.ts';
import { scopesAllow } from './client-scopes.ts';
import { followingOf, follows } from './joined-entries.ts';

export type Asker =
  | { kind: 'anonymous' }
  /** `authorities`: what this person may do in other people's records, in force at the time of the request. */
  | PersonAsker
  /** An app that a person let in: what the person may, and of that only what the scopes hold. `inContext`: the record it was opened for. */
  | { kind: 'app'; person: PersonAsker; scopes: readonly AppScope[]; inContext?: string }
  | { kind: 'card'; patientId: string; tier: 'first' | 'second' }
  /** A program of another organisation. What it was given it has over everybody's record; scopes only narrow. */
  | { kind: 'client'; clientId: string; name: string; scopes: readonly ClientScope[] }
  /** What an upload becomes: it writes what it brought into the one record it was let into, and sees nothing there. */
  | { kind: 'depositor'; patientId: string; rule: Rule }
  /** What an officer's correction becomes: it writes this one entry, and sees nothing beside it. */
  | { kind: 'amender'; patientId: string; resourceType: string; resourceId: string }
  /** A laboratory at one order that is addressed to it (`ServiceRequest/x`): it writes what it names by type and id, there and nowhere else. */
  | { kind: 'laboratory'; patientId: string; order: string; writes: readonly string[] }
  /** Whoever sends an order (id of a ServiceRequest) to a laboratory, or cancels it: writes that one, by the rule that let them. */
  | { kind: 'sender'; patientId: string; order: string; rule: Rule }
  | { kind: 'operator' };

export interface PersonAsker {
  kind: 'person';
  patientId: string;
  authorities?: readonly Authority[];
  /** At work, at the time of the request, where files of patients are sent from. */
  bringsFiles?: boolean;
  /** Organisations whose records this person keeps, at the time of the request. */
  officerAt?: readonly string[];
  /** Results that wait for this person's eye, as `DiagnosticReport/x`: they ordered them, or it is their turn. */
  results?: readonly string[];
}

/** The person who asks, be it through an app. */
export function personOf(asker: Asker): PersonAsker | undefined {
  return asker.kind === 'person' ? asker : asker.kind === 'app' ? asker.person : undefined;
}

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
  /** Answers those who ask to be let in. */
  | 'answer'
  /** Lets somebody in, or shuts them out, without being asked. */
  | 'share'
  /** Makes and ends guardians. */
  | 'guard'
  /** Sees the emergency card as its holder does, prints it and changes it. */
  | 'keep-card'
  | 'emergency-page'
  /** Brings a file into a record, and sees nothing of it. */
  | 'deposit'
  /** As a records officer sees one entry of their organisation, and puts it right with a reason. */
  | 'amend'
  /** Sees a signed result as a task, be it in the record or kept back from its person by their own choice. */
  | 'see-result';

/** What is asked about: whose it is ('' for a resource that belongs to nobody) and of which type. */
export interface Subject {
  patientId: string;
  resourceType: string;
  resourceId?: string;
  /** The part of the record it belongs to, and whether it is sealed; absent where it is not known: then nobody but the owner is let in. */
  category?: Category;
  sealed?: boolean;
  /** What it says; only scopes with a filter, and what follows a joined record, ask. */
  resource?: Resource;
  /** The organisation that wrote what stands. Only `amend` asks. */
  keptBy?: string;
  /** Its person asked that organisation to put this entry right. */
  asked?: boolean;
}

export type Rule =
  | 'self'
  | 'directory'
  | 'guardian'
  | 'grant'
  | 'edit-grant'
  | 'break-glass'
  | 'guardian-level-too-low'
  | 'custody-dispute'
  | 'not-covered'
  | 'card-first-tier'
  | 'card-second-tier'
  | 'client-scope'
  | 'staff-upload'
  | 'records-officer'
  | 'merged'
  | 'joined-safety'
  | 'not-kept-here'
  | 'laboratory-order'
  | 'own-order'
  | 'not-released'
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
  | 'kept-by-the-server'
  | 'kept-as-reported';

export interface Decision {
  allowed: boolean;
  rule: Rule;
  /** What it was decided by, in another person's record. */
  authority?: Authority;
}

const allow = (rule: Rule): Decision => ({ allowed: true, rule });
const deny = (rule: Rule): Decision => ({ allowed: false, rule });

/** Types that no person writes: they could forge a look. What a program reports is marked as its own. */
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
  deposit: 'c',
};

/** What an upload can become. */
const depositedTypes = new Set(['DocumentReference', 'ImagingStudy']);

/** Decides one act on one subject. Total: anything not named here is refused. */
export function decide(asker: Asker, act: Act, subject: Subject): Decision {
  switch (asker.kind) {
    case 'anonymous':
      return deny('not-signed-in');
    case 'card':
      // With the access code a responder leaves a note, and sees no more by it.
      if (act === 'deposit' && asker.tier === 'second' && asker.patientId === subject.patientId)
        return allow('card-second-tier');
      if (act !== 'emergency-page' || asker.patientId !== subject.patientId)
        return deny('card-shows-only-its-page');
      return allow(asker.tier === 'first' ? 'card-first-tier' : 'card-second-tier');
    case 'client': {
      const letter = letterOf[act];
      if (letter === undefined) return deny('scope-lacking');
      // Another system's audit events are kept as it reported them. They are not the server's own trail, which is the log.
      if ((letter === 'u' || letter === 'd') && subject.resourceType === 'AuditEvent')
        return deny('kept-as-reported');
      return scopesAllow(asker.scopes, letter, subject.resourceType)
        ? allow('client-scope')
        : deny('scope-lacking');
    }
    case 'app': {
      const decision = decide(asker.person, act, subject);
      if (!decision.allowed) return decision;
      const letter = letterOf[act];
      if (letter === undefined || notForApps.has(subject.resourceType)) return deny('scope-lacking');
      if (letter !== 'r' && letter !== 's' && authorityTypes.has(subject.resourceType))
        return deny('kept-by-the-server');
      return appScopesAllow(asker.scopes, asker.inContext, letter, subject)
        ? decision
        : deny('scope-lacking');
    }
    case 'depositor':
      if (act !== 'create' && act !== 'update') return deny('not-yours');
      return asker.patientId === subject.patientId && depositedTypes.has(subject.resourceType)
        ? allow(asker.rule)
        : deny('not-yours');
    case 'amender':
      return act === 'update' &&
        asker.patientId === subject.patientId &&
        asker.resourceType === subject.resourceType &&
        asker.resourceId === subject.resourceId
        ? allow('records-officer')
        : deny('not-yours');
    case 'sender':
      return act === 'update' &&
        asker.patientId === subject.patientId &&
        subject.resourceType === 'ServiceRequest' &&
        asker.order === subject.resourceId
        ? allow(asker.rule)
        : deny('not-yours');
    case 'laboratory': {
      const named = `${subject.resourceType}/${subject.resourceId ?? ''}`;
      if (asker.patientId !== subject.patientId) return deny('not-yours');
      if (act === 'read' && (named === asker.order || named === `Patient/${asker.patientId}`))
        return allow('laboratory-order');
      const writes = (act === 'create' || act === 'update') && asker.writes.includes(named);
      return writes ? allow('laboratory-order') : deny('not-yours');
    }
    case 'operator':
      if (act === 'give-card') return allow('operator-desk');
      if (act === 'export') return allow('operator-export');
      if (act === 'erase') return allow('operator-erase');
      if (act === 'hold') return allow('operator-hold');
      return act === 'import' ? allow('operator-import') : deny('operator-reads-no-record');
    case 'person': {
      const looking = act === 'read' || act === 'search';
      if (act === 'amend') return decideForOfficer(asker, subject);
      if (subject.patientId === '') {
        if (looking && directoryTypes.has(subject.resourceType)) return allow('directory');
        return deny(looking ? 'not-yours' : 'directory-is-kept-by-organisations');
      }
      if (subject.patientId !== asker.patientId) {
        const waiting = `${subject.resourceType}/${subject.resourceId ?? ''}`;
        if (act === 'see-result' && asker.results?.includes(waiting) === true) return allow('own-order');
        const decision = decideForOther(asker.authorities ?? [], act, subject);
        const byDuty = act === 'deposit' && !decision.allowed && asker.bringsFiles === true;
        return byDuty ? allow('staff-upload') : decision;
      }
      // By their own choice: what is released they read in their record.
      if (act === 'see-result') return deny('not-released');
      if (act === 'import' || act === 'emergency-page' || act === 'give-card' || act === 'hold')
        return deny('not-yours');
      if (!looking && serverKept.has(subject.resourceType)) return deny('kept-by-the-server');
      return allow('self');
    }
  }
}

/**
 * An officer puts right what their own organisation wrote, and nothing else: not what others wrote, not their own record, not what says
 * who is let in. What is sealed only where its person asked.
 */
function decideForOfficer({ patientId, officerAt = [] }: PersonAsker, subject: Subject): Decision {
  const { keptBy, resourceType } = subject;
  const kept = keptBy !== undefined && officerAt.includes(keptBy);
  if (!kept || subject.patientId === '' || subject.patientId === patientId) return deny('not-kept-here');
  if (serverKept.has(resourceType) || authorityTypes.has(resourceType)) return deny('kept-by-the-server');
  return subject.sealed === false || subject.asked === true
    ? allow('records-officer')
    : deny('not-kept-here');
}

/** Only the owner, and a guardian who manages for them, sees who was let in and who looked. */
const ownersOnly = new Set(['AuditEvent', 'Consent', 'Provenance']);
/** A client that could write these could give itself what it was not given. */
const authorityTypes = new Set(['Consent', 'RelatedPerson', 'CareTeam', 'Group', 'Person']);
/** A Subscription holds the secrets of its channel, and would tell of a record after the app was shut out. */
const notForApps = new Set(['Subscription']);

/** Somebody else's record: the first authority that allows it decides; without one it is as if nothing were there. */
function decideForOther(authorities: readonly Authority[], act: Act, subject: Subject): Decision {
  const own = authorities.filter(({ patientId }) => patientId === subject.patientId);
  if (own.length === 0) return deny('not-yours');
  const decisions = own.map((authority) => ({ ...decideBy(authority, act, subject), authority }));
  return (
    decisions.find(({ allowed }) => allowed) ??
    decisions.find(({ rule }) => rule !== 'not-covered') ??
    deny('not-covered')
  );
}

function decideBy(authority: Authority, act: Act, subject: Subject): Decision {
  const { resourceType } = subject;
  const looking = act === 'read' || act === 'search' || act === 'see-result';
  const writing = act === 'create' || act === 'update' || act === 'delete';
  if (Object.hasOwn(levelFor, act)) return decideForGuardian(authority, act as keyof typeof levelFor);
  if (!looking && !writing) return deny('not-yours');
  switch (authority.basis) {
    case 'guardian': {
      if (act === 'see-result') return deny('not-released');
      if (looking) {
        if (ownersOnly.has(resourceType) && !atLeast(authority.level, 'manage'))
          return deny('guardian-level-too-low');
        // A young person's sealed entries are theirs: to the guardian they are not there.
        return subject.sealed === false ? allow('guardian') : deny('not-covered');
      }
      if (serverKept.has(resourceType) || authorityTypes.has(resourceType)) return deny('kept-by-the-server');
      if (subject.sealed !== false) return deny('not-covered');
      const wanted = resourceType === 'Patient' ? 'manage' : 'act';
      if (authority.frozen === true && wanted === 'manage') return deny('custody-dispute');
      return atLeast(authority.level, wanted) ? allow('guardian') : deny('guardian-level-too-low');
    }
    case 'grant':
      if (!looking || ownersOnly.has(resourceType)) return deny('not-covered');
      return covers(authority.coverage, subject) ? allow('grant') : deny('not-covered');
    case 'edit':
      if (ownersOnly.has(resourceType)) return deny('not-covered');
      if (writing && (authorityTypes.has(resourceType) || resourceType === 'Patient'))
        return deny('kept-by-the-server');
      // Nothing is taken out of a record by whoever was let in to write: an entry in error is amended.
      if (act === 'delete') return deny('not-covered');
      return covers(authority.coverage, subject) ? allow('edit-grant') : deny('not-covered');
    case 'break-glass':
      return looking && !ownersOnly.has(resourceType) ? allow('break-glass') : deny('not-covered');
    case 'merged':
      return looking && (authority.sealed || subject.sealed === false)
        ? allow('merged')
        : deny('not-covered');
    case 'joined':
      return (act === 'read' || act === 'search') &&
        subject.sealed === false &&
        !ownersOnly.has(resourceType) &&
        follows(resourceType, subject.resource) &&
        covers(authority.coverage, subject)
        ? allow('joined-safety')
        : deny('not-covered');
  }
}

/** One record that a search may look into, as a filter inside its statement: before counts, includes, chains and sorts. */
export interface RecordScope {
  patientId: string;
  rule: Rule;
  /** Absent: every part. Present with `entries`: either covers. */
  categories?: readonly Category[];
  entries?: readonly string[];
  sealed: boolean;
  /** Only what meets it: an app's scope has a filter, and of a joined record not everything follows. */
  condition?: SearchCondition;
}

/** As `recordScopes`, of an app: the same records, each only as far as the scopes hold. The directory is a record of its own, ''. */
export function appRecordScopes(
  asker: Extract<Asker, { kind: 'app' }>,
  resourceType: string,
  letter: 'r' | 's' = 's',
): readonly RecordScope[] {
  if (notForApps.has(resourceType)) return [];
  const { person, scopes, inContext } = asker;
  const directory = decide(person, 'search', { patientId: '', resourceType });
  const records: readonly RecordScope[] = [
    ...recordScopes(person, resourceType),
    ...(directory.allowed ? [{ patientId: '', rule: directory.rule, sealed: true }] : []),
  ];
  return records.flatMap((record) => {
    const filter = appFilter(scopes, inContext, letter, { patientId: record.patientId, resourceType });
    if (filter === undefined) return [];
    if (filter === 'everything') return [record];
    const { condition } = record;
    return [{ ...record, condition: condition === undefined ? filter : and([condition, filter]) }];
  });
}

/**
 * The records in which this person may search for one type, each with what of it is covered. An empty list means that
 * nothing may be searched: never that nothing is filtered.
 */
export function recordScopes(asker: PersonAsker, resourceType: string): readonly RecordScope[] {
  const scopes: RecordScope[] = [{ patientId: asker.patientId, rule: 'self', sealed: true }];
  for (const authority of asker.authorities ?? []) {
    if (authority.patientId === asker.patientId) continue;
    const scope = scopeOf(authority, resourceType);
    if (scope) scopes.push({ patientId: authority.patientId, ...scope });
  }
  return scopes;
}

/** Undefined where no entry of this type could be allowed by `decideBy`. */
function scopeOf(authority: Authority, resourceType: string): Omit<RecordScope, 'patientId'> | undefined {
  switch (authority.basis) {
    case 'guardian': {
      const hidden = ownersOnly.has(resourceType) && !atLeast(authority.level, 'manage');
      return hidden ? undefined : { rule: 'guardian', sealed: false };
    }
    case 'grant':
    case 'edit': {
      const { categories, entries, sealed } = authority.coverage;
      if (ownersOnly.has(resourceType)) return undefined;
      return {
        rule: authority.basis === 'grant' ? 'grant' : 'edit-grant',
        ...(categories ? { categories } : {}),
        ...(entries ? { entries } : {}),
        sealed,
      };
    }
    case 'break-glass':
      return ownersOnly.has(resourceType) ? undefined : { rule: 'break-glass', sealed: true };
    case 'merged':
      return { rule: 'merged', sealed: authority.sealed };
    case 'joined': {
      const { categories, entries } = authority.coverage;
      const following = ownersOnly.has(resourceType) ? undefined : followingOf(resourceType);
      if (following === undefined || (entries !== undefined && categories === undefined)) return undefined;
      return {
        rule: 'joined-safety',
        ...(categories ? { categories } : {}),
        sealed: false,
        ...(following === 'all' ? {} : { condition: following }),
      };
    }
  }
}

/** What a guardian needs for what only the owner does otherwise. Nobody else passes on what they were given. */
const levelFor = {
  share: 'share',
  answer: 'act',
  guard: 'manage',
  'keep-card': 'manage',
  export: 'manage',
  deposit: 'act',
} as const;
/** What rests while guardians are in dispute: what one of them could not take back. Looking and answering go on. */
const restsInDispute = new Set<Act>(['share', 'guard', 'keep-card', 'export']);

function decideForGuardian(authority: Authority, act: keyof typeof levelFor): Decision {
  if (authority.basis !== 'guardian') return deny('not-yours');
  if (!atLeast(authority.level, levelFor[act])) return deny('guardian-level-too-low');
  return authority.frozen === true && restsInDispute.has(act) ? deny('custody-dispute') : allow('guardian');
}
