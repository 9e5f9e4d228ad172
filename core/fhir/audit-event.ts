// An entry of the record as a FHIR AuditEvent, after IHE's Basic Audit Log Patterns. A rendering: what counts is the statement it is made from.
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeBase64 } from '../ledger/base64.ts';
import { statementEvents } from '../ledger/statement.ts';
import type { Statement, StatementEvent } from '../ledger/statement.ts';
import type { JsonObject, Resource } from './types.ts';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const auditEventType = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const interaction = 'http://hl7.org/fhir/restful-interaction';
const lifecycle = 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle';
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const sourceType = 'http://terminology.hl7.org/CodeSystem/security-source-type';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';

const balp = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit';
const authorization = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType';

type Kind = {
  action: 'C' | 'R' | 'U' | 'D' | 'E';
  type: JsonObject;
  subtype?: JsonObject;
  /** The pattern of IHE that it follows where it was done for somebody who is known. */
  pattern?: 'PatientCreate' | 'PatientRead' | 'PatientUpdate' | 'PatientDelete' | 'PatientQuery';
};

const rest = (action: Kind['action'], code: string, pattern?: Kind['pattern']): Kind => ({
  action,
  ...(pattern ? { pattern } : {}),
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
const alert = (code: string, display: string): Kind => ({
  action: 'E',
  type: { system: dicom, code: '110113', display: 'Security Alert' },
  subtype: { system: dicom, code, display },
});
const consentDecision = (action: Kind['action']): Kind => ({
  action,
  type: { system: dicom, code: '110113', display: 'Security Alert' },
  subtype: {
    system: authorization,
    code: 'AuthZ-Consent',
    display: 'Authorization Decision using Roles and Consent',
  },
});
const activity: Kind = {
  action: 'E',
  type: { system: dicom, code: '110100', display: 'Application Activity' },
};

const kindOf: Partial<Record<StatementEvent, Kind>> = {
  create: rest('C', 'create', 'PatientCreate'),
  update: rest('U', 'update', 'PatientUpdate'),
  delete: rest('D', 'delete', 'PatientDelete'),
  read: rest('R', 'read', 'PatientRead'),
  vread: rest('R', 'vread', 'PatientRead'),
  history: rest('R', 'history-instance'),
  search: rest('E', 'search-type', 'PatientQuery'),
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
  images: access,
  upload: lifecycleEvent('C', 'receive', 'Receive/Retain Record Lifecycle Event'),
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
  'break-glass': alert('110127', 'Emergency Override Started'),
  'break-glass-end': alert('110138', 'Emergency Override Stopped'),
  'access-approve': consentDecision('E'),
  'access-share': consentDecision('E'),
  'access-refuse': consentDecision('E'),
  'access-revoke': consentDecision('E'),
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
  /** Address of this server, as it names itself. */
  server: string;
}

/** Undefined when the row was changed by hand and cannot be read any more. */
export function auditEventOf(entry: AuditedEntry): Resource | undefined {
  const statement = readStatement(entry.statement);
  if (!statement) return undefined;
  const { action, type, subtype, pattern } = kindOf[statement.event] ?? activity;
  const { on, query, purpose, outcome } = statement;
  const profile = pattern !== undefined && outcome === 'done' ? `${balp}.${pattern}` : undefined;
  return {
    resourceType: 'AuditEvent',
    id: entry.entryId,
    meta: { versionId: '1', lastUpdated: statement.at, ...(profile ? { profile: [profile] } : {}) },
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
    agent: agentsOf(statement, entry.server, action),
    source: {
      site: entry.server,
      observer: { display: 'Medallion' },
      type: [{ system: sourceType, code: '4', display: 'Application Server' }],
    },
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
              query: base64Of(query),
            },
          ]
        : []),
    ],
  };
}

/** Machines: who sends what is written is the source, who gets what is read the destination. */
const source = { system: dicom, code: '110153', display: 'Source Role ID' };
const destination = { system: dicom, code: '110152', display: 'Destination Role ID' };

/** The human first, then the machine that they used, then this server. A program asks for itself. */
function agentsOf(statement: Statement, server: string, action: Kind['action']): JsonObject[] {
  const { who, basis, purpose, agent, detail } = statement;
  const isProgram = who.role === 'client';
  const authority = detail?.['authority'];
  const [client, ours] =
    action === 'D'
      ? [
          { system: dicom, code: '110150', display: 'Application' },
          {
            system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
            code: 'custodian',
            display: 'Custodian',
          },
        ]
      : action === 'R'
        ? [destination, source]
        : [source, destination];
  const policy = [
    `urn:medallion:rule:${basis}`,
    // What let them in: the grant, the pen, the broken glass.
    ...(typeof authority === 'string' ? [`urn:uuid:${authority}`] : []),
  ];
  const asked = {
    who: { ...(who.reference ? { reference: who.reference } : {}), display: who.name ?? who.role },
    policy,
    ...(purpose
      ? {
          purposeOfUse: [
            { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: purpose }] },
          ],
        }
      : {}),
  };
  const device = { address: agent ?? 'not recorded', type: '1' };
  return [
    ...(isProgram
      ? []
      : [
          {
            type: {
              coding: [
                { system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' },
              ],
              text: who.role,
            },
            ...asked,
            requestor: true,
          },
        ]),
    {
      type: { coding: [client] },
      // An app for which a person asks is the machine that they used.
      ...(isProgram
        ? asked
        : who.app
          ? {
              who: {
                identifier: { system: 'urn:medallion:client', value: who.app.client },
                display: who.app.name,
              },
            }
          : { who: { display: agent ?? 'not recorded' } }),
      requestor: isProgram,
      network: device,
    },
    {
      type: { coding: [ours] },
      who: { display: 'Medallion' },
      requestor: false,
      network: { address: server, type: '5' },
    },
  ];
}

function base64Of(text: string): string {
  return encodeBase64(utf8ToBytes(text));
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
