// An entry of the record as a FHIR AuditEvent, after IHE's Basic Audit Log Patterns. A rendering: what counts is the statement it is made from.
import { statementEvents } from '../ledger/statement.ts';
import type { Statement, StatementEvent } from '../ledger/statement.ts';
import type { JsonObject, Resource } from './types.ts';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const auditEventType = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const interaction = 'http://hl7.org/fhir/restful-interaction';
const lifecycle = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';

type Kind = { action: 'C' | 'R' | 'U' | 'D' | 'E'; type: JsonObject; subtype?: JsonObject };

const rest = (action: Kind['action'], code: string): Kind => ({
  action,
  type: { system: auditEventType, code: 'rest', display: 'Restful Operation' },
  subtype: { system: interaction, code },
});
const access: Kind = {
  action: 'R',
  type: { system: lifecycle, code: 'access', display: 'Access/View Record Lifecycle Event' },
};
const lifecycleEvent = (action: Kind['action'], code: string, display: string): Kind => ({
  action,
  type: { system: lifecycle, code, display },
});
const authentication = (code: string, display: string): Kind => ({
  action: 'E',
  type: { system: dicom, code: '110114', display: 'User Authentication' },
  subtype: { system: dicom, code, display },
});
const activity: Kind = {
  action: 'E',
  type: { system: dicom, code: '110100', display: 'Application Activity' },
};

const kindOf: Partial<Record<StatementEvent, Kind>> = {
  create: rest('C', 'create'),
  update: rest('U', 'update'),
  delete: rest('D', 'delete'),
  read: rest('R', 'read'),
  vread: rest('R', 'vread'),
  history: rest('R', 'history-instance'),
  search: rest('E', 'search-type'),
  everything: rest('E', 'operation'),
  summary: rest('E', 'operation'),
  match: rest('E', 'operation'),
  'bulk-export': {
    action: 'R',
    type: { system: dicom, code: '110106', display: 'Export' },
  },
  notify: {
    action: 'R',
    type: { system: lifecycle, code: 'transmit', display: 'Transmit Record Lifecycle Event' },
  },
  file: access,
  verify: access,
  looks: access,
  scan: access,
  'scan-code': access,
  'card-preview': access,
  'card-print': access,
  export: lifecycleEvent('R', 'extract', 'Extract Record Lifecycle Event'),
  erase: lifecycleEvent('D', 'destroy', 'Destroy/Delete Record Lifecycle Event'),
  hold: lifecycleEvent('U', 'hold', 'Add Legal Hold Record Lifecycle Event'),
  'hold-lifted': lifecycleEvent('U', 'unhold', 'Remove Legal Hold Record Lifecycle Event'),
  'sign-up': authentication('110122', 'Login'),
  'sign-in': authentication('110122', 'Login'),
  'sign-in-refused': authentication('110122', 'Login'),
  'sign-out': authentication('110123', 'Logout'),
  'session-end': authentication('110123', 'Logout'),
};

export interface AuditedEntry {
  entryId: string;
  patientId: string;
  /** Canonical JSON of the statement, as stored. */
  statement: string;
}

/** Undefined when the row was changed by hand and cannot be read any more. */
export function auditEventOf(entry: AuditedEntry): Resource | undefined {
  const statement = readStatement(entry.statement);
  if (!statement) return undefined;
  const { action, type, subtype } = kindOf[statement.event] ?? activity;
  const { who, on, query, purpose, outcome, basis, agent } = statement;
  return {
    resourceType: 'AuditEvent',
    id: entry.entryId,
    meta: { versionId: '1', lastUpdated: statement.at },
    type,
    subtype: [...(subtype ? [subtype] : []), { system: 'urn:medallion:event', code: statement.event }],
    action,
    recorded: statement.at,
    outcome: outcome === 'done' ? '0' : '4',
    ...(purpose
      ? {
          purposeOfEvent: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: purpose }] },
          ],
        }
      : {}),
    agent: [
      {
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
          text: who.role,
        },
        who: { ...(who.reference ? { reference: who.reference } : {}), display: who.name ?? who.role },
        requestor: true,
        policy: [`urn:medallion:rule:${basis}`],
        ...(agent ? { network: { address: agent, type: '5' } } : {}),
      },
      // BALP: the app is an agent of its own beside the person for whom it asked.
      ...(who.app
        ? [
            {
              type: { coding: [{ system: dicom, code: '110153', display: 'Source Role ID' }] },
              who: {
                identifier: { system: 'urn:medallion:client', value: who.app.client },
                display: who.app.name,
              },
              requestor: false,
            },
          ]
        : []),
    ],
    source: { observer: { display: 'Medallion' } },
    entity: [
      {
        what: { reference: `Patient/${entry.patientId}` },
        type: { system: entityType, code: '1', display: 'Person' },
        role: { system: objectRole, code: '1', display: 'Patient' },
      },
      ...(on && !(on.type === 'Patient' && on.version === undefined) && on.type !== 'file'
        ? [
            {
              what: {
                reference: `${on.type}/${on.id}${on.version === undefined ? '' : `/_history/${on.version}`}`,
              },
              type: { system: entityType, code: '2', display: 'System Object' },
              role: { system: objectRole, code: '4', display: 'Domain Resource' },
            },
          ]
        : []),
      ...(query
        ? [
            {
              type: { system: entityType, code: '2', display: 'System Object' },
              role: { system: objectRole, code: '24', display: 'Query' },
              description: query,
            },
          ]
        : []),
    ],
  };
}

function readStatement(text: string): Statement | undefined {
  try {
    const statement = JSON.parse(text) as Partial<Statement>;
    const known = statementEvents.some((event) => event === statement.event);
    return known && typeof statement.at === 'string' && typeof statement.who?.role === 'string'
      ? (statement as Statement)
      : undefined;
  } catch {
    return undefined;
  }
}
