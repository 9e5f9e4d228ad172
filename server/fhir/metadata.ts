// The CapabilityStatement: made from what this server really offers, so that it cannot promise more.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { capableTypes } from '../../core/fhir/capability.ts';
import type { Deps } from '../http/deps.ts';
import { fhirJson } from './answer.ts';

const interactions = ['read', 'vread', 'update', 'delete', 'history-instance', 'create', 'search-type'];
/** Kept by the server: readable, never writable from outside. AuditEvents are renderings: they have one version and few ways to be searched. */
const serverKept = new Set(['AuditEvent', 'Provenance']);
const readOnly = new Set(['read', 'vread', 'history-instance', 'search-type']);
const rendered = new Set(['read', 'search-type']);

function offered(type: string, code: string): boolean {
  if (type === 'AuditEvent') return rendered.has(code);
  return !serverKept.has(type) || readOnly.has(code);
}

export const metadata = (deps: Deps) => {
  const startedAt = new Date(deps.now()).toISOString();
  let text: string | undefined;
  return async (_request: FastifyRequest, reply: FastifyReply) => {
    text ??= JSON.stringify(capabilityStatement(deps.config.publicUrl, startedAt));
    return reply.type(fhirJson).send(text);
  };
};

function capabilityStatement(publicUrl: string, date: string): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Medallion', version: '0.1.0' },
    implementation: { description: 'Medallion, a patient-held health record', url: `${publicUrl}/fhir/R4` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: { cors: false, description: 'Every interaction but this one needs a signed-in session.' },
        interaction: [{ code: 'transaction' }],
        resource: capableTypes().map(({ resourceType: type, searchParameters }) => ({
          type,
          interaction: interactions.filter((code) => offered(type, code)).map((code) => ({ code })),
          versioning: 'versioned',
          readHistory: true,
          updateCreate: false,
          conditionalCreate: false,
          conditionalUpdate: false,
          conditionalDelete: 'not-supported',
          referencePolicy: ['literal', 'enforced'],
          searchParam: type === 'AuditEvent' ? [{ name: 'patient', type: 'reference' }] : searchParameters,
          ...(type === 'Patient'
            ? {
                operation: [
                  {
                    name: 'everything',
                    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
                  },
                ],
              }
            : {}),
        })),
      },
    ],
  };
}
