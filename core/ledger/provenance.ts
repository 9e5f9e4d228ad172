// The FHIR Provenance of one version, made from what its entry says: who, for whom, when, why and by which Consent. Pure.
import type { JsonObject } from '../fhir/types.ts';
import type { Statement } from './statement.ts';

const agentType = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
const actReason = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const dataOperation = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';

export interface ProvenanceFacts {
  target: { type: string; id: string; version: number };
  statement: Statement;
  /** `Consent/x/_history/n`, where a permission let it be written. */
  consent?: string;
  organization?: { name: string };
}

export function provenanceOf({ target, statement, consent, organization }: ProvenanceFacts): JsonObject {
  const { who, at, event, purpose } = statement;
  const agent = (code: string, named: JsonObject): JsonObject => ({
    type: { coding: [{ system: agentType, code }] },
    who: named,
  });
  const author: JsonObject = {
    ...(who.reference === undefined ? {} : { reference: who.reference }),
    display: who.name ?? who.role,
  };
  return {
    resourceType: 'Provenance',
    target: [{ reference: `${target.type}/${target.id}/_history/${target.version}` }],
    recorded: at,
    ...(consent === undefined ? {} : { policy: [consent] }),
    ...(purpose === undefined ? {} : { reason: [{ coding: [{ system: actReason, code: purpose }] }] }),
    activity: {
      coding: [
        {
          system: dataOperation,
          code: event === 'create' ? 'CREATE' : event === 'delete' ? 'DELETE' : 'UPDATE',
        },
      ],
    },
    agent: [
      {
        ...agent('author', author),
        ...(organization === undefined ? {} : { onBehalfOf: { display: organization.name } }),
      },
      agent('custodian', { display: 'Medallion' }),
    ],
    ...(consent === undefined ? {} : { entity: [{ role: 'source', what: { reference: consent } }] }),
  };
}
