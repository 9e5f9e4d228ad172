// The CapabilityStatement as data: which interactions and operations there are is read off the routes that run.
import { decide } from '../../core/access/decide.ts';
import { capableTypes } from '../../core/fhir/capability.ts';
import { resourceTypes } from '../../core/fhir/resource-types.ts';
import { searchParametersOf } from '../../core/fhir/search-parameters.ts';
import { refusedParameters } from '../../core/fhir/search-query.ts';
import { bundleEntryLimit } from './bundle-entries.ts';
import type { OfferedRoutes } from './negotiate.ts';
import { operationDefinition } from './operation-definitions.ts';
import { transactionByteLimit } from './transaction.ts';

const prefix = '/fhir/R4';

/** Interaction of a type: the route that it is. */
const typeInteractions: readonly [code: string, method: string, url: string][] = [
  ['read', 'GET', '/:type/:id'],
  ['vread', 'GET', '/:type/:id/_history/:vid'],
  ['update', 'PUT', '/:type/:id'],
  ['patch', 'PATCH', '/:type/:id'],
  ['delete', 'DELETE', '/:type/:id'],
  ['history-instance', 'GET', '/:type/:id/_history'],
  ['history-type', 'GET', '/:type/_history'],
  ['create', 'POST', '/:type'],
  ['search-type', 'GET', '/:type'],
];
const systemInteractions: readonly [code: string, method: string, url: string][] = [
  ['transaction', 'POST', '/'],
  ['batch', 'POST', '/'],
  ['search-system', 'GET', '/'],
  ['history-system', 'GET', '/_history'],
];
const writes: Readonly<Record<string, 'create' | 'update' | 'delete'>> = {
  create: 'create',
  update: 'update',
  patch: 'update',
  delete: 'delete',
};

/** A program with every scope: what it may not do, nobody may from outside. */
const most = {
  kind: 'client' as const,
  clientId: '',
  name: '',
  scopes: [{ types: '*', c: true, r: true, u: true, d: true, s: true }],
};

/** What an interaction means where it is not as everywhere. */
const documented: Readonly<Record<string, string>> = {
  AuditEvent:
    'For a person: the entries of their own record as the log has them, read by id, searched by patient and _count. Programs read what programs reported.',
  Provenance:
    'Of every version of an entry of a record there is one, made of the log: Provenance?target=[type]/[id], alone or with patient, finds them (at most 200), ' +
    'and each is read by its id. Whoever may see the version may see it; programs and apps need a scope for both. Every other search, chain, include ' +
    'and history finds those that programs reported, which are stored.',
};

const limits =
  `A Bundle has at most ${bundleEntryLimit} entries and ${transactionByteLimit / 1024 / 1024} MB; what is larger goes through $import. ` +
  'A condition that several resources meet is refused, for deletions too. ' +
  `Not offered, and refused by name: ${refusedParameters.join(', ')}. ` +
  'A parameter that is not known or not offered is an error unless the search asks for handling=lenient: then it is left out, and the answer says so.';

export function capabilityStatement(publicUrl: string, date: string, routes: OfferedRoutes): object {
  const base = `${publicUrl}${prefix}`;
  const runs = (method: string, url: string): boolean =>
    routes.get(prefix + url.replace(/\/$/, ''))?.has(method) === true;
  const operations = operationsOf(routes);
  const revIncludes = referrers();
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Medallion', version: '0.1.0' },
    implementation: { description: 'Medallion, a patient-held health record', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation: limits,
        security: security(publicUrl),
        resource: capableTypes().map(({ resourceType: type, searchParameters }) => {
          const interaction = typeInteractions.filter(
            ([code, method, url]) => runs(method, url) && allowed(type, code),
          );
          const may = (code: string): boolean => interaction.some(([one]) => one === code);
          return {
            type,
            ...(documented[type] === undefined ? {} : { documentation: documented[type] }),
            interaction: interaction.map(([code]) => ({ code })),
            versioning: 'versioned-update',
            readHistory: may('history-instance'),
            updateCreate: may('update'),
            conditionalCreate: may('create'),
            conditionalRead: 'full-support',
            conditionalUpdate: may('update') && runs('PUT', '/:type'),
            conditionalDelete: may('delete') && runs('DELETE', '/:type') ? 'single' : 'not-supported',
            referencePolicy: ['literal', 'logical', 'resolves'],
            ...includes(type, revIncludes),
            searchParam: searchParameters,
            ...listed(operations, type),
          };
        }),
        interaction: systemInteractions
          .filter(([, method, url]) => runs(method, url))
          .map(([code]) => ({ code })),
        ...listed(operations, undefined),
        compartment: ['http://hl7.org/fhir/CompartmentDefinition/patient'],
      },
    ],
  };
}

function allowed(type: string, code: string): boolean {
  // A person is erased, not deleted.
  if (type === 'Patient' && code === 'delete') return false;
  const act = writes[code];
  return act === undefined || decide(most, act, { patientId: '', resourceType: type }).allowed;
}

function security(publicUrl: string): object {
  const uri = (url: string, path: string) => ({ url, valueUri: `${publicUrl}${path}` });
  return {
    cors: true,
    service: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
            code: 'SMART-on-FHIR',
          },
        ],
      },
    ],
    description:
      'Every interaction but this one needs a signed-in session or an access token; scopes are those of SMART App Launch 2: system/ for programs, patient/ and user/ for apps that a person let in.',
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          uri('authorize', '/oauth/authorize'),
          uri('token', '/oauth/token'),
          uri('introspect', '/oauth/introspect'),
          uri('revoke', '/oauth/revoke'),
          uri('register', '/oauth/register'),
          uri('manage', '/apps'),
        ],
      },
    ],
  };
}

interface Operation {
  type: string | undefined;
  name: string;
}

/** `/Patient/:id/$everything` is `everything` of Patient; `/$export` is one of the system; `/:type/$validate` one of every type. */
function operationsOf(routes: OfferedRoutes): Operation[] {
  const found = new Map<string, Operation>();
  for (const url of routes.keys()) {
    const [, path = '', name] = /^\/fhir\/R4(\/.*?)?\/\$([a-z-]+)$/.exec(url) ?? [];
    if (name === undefined) continue;
    const [first] = path.split('/').filter((part) => part !== '');
    const types = first === ':type' ? resourceTypes : [first];
    for (const type of types) found.set(`${type ?? ''}/${name}`, { type, name });
  }
  return [...found.values()];
}

function listed(operations: readonly Operation[], type: string | undefined): object {
  const own = operations.filter((operation) => operation.type === type);
  if (own.length === 0) return {};
  return {
    operation: own
      .map(({ name }) => ({ name, definition: operationDefinition(name, type) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** For each type, the `Type:parameter` of others that may refer to it. */
function referrers(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const source of resourceTypes)
    for (const { name, kind, targets } of searchParametersOf(source).values()) {
      if (kind !== 'reference') continue;
      for (const target of targets ?? [])
        found.set(target, [...(found.get(target) ?? []), `${source}:${name}`]);
    }
  return found;
}

function includes(type: string, revIncludes: ReadonlyMap<string, string[]>): object {
  const own = [...searchParametersOf(type).values()]
    .filter(({ kind }) => kind === 'reference')
    .map(({ name }) => `${type}:${name}`);
  const others = revIncludes.get(type) ?? [];
  return {
    ...(own.length > 0 ? { searchInclude: ['*', ...own] } : {}),
    ...(others.length > 0 ? { searchRevInclude: others } : {}),
  };
}
