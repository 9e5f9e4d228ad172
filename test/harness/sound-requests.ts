// One sound request for every route of the FHIR API and every way of asking it: what mutated-requests.ts starts from.
import type { PlainRequest } from './mutated-requests.ts';
import { conditionOf, postEntry, transactionOf, weightOf } from './resources.ts';

const json = { 'content-type': 'application/fhir+json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

function request(
  method: string,
  address: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): PlainRequest {
  const [path = '', query = ''] = address.split('?');
  return {
    method,
    path,
    query: [...new URLSearchParams(query)],
    headers: { ...(body === undefined ? {} : json), ...headers },
    ...(body === undefined ? {} : { body }),
  };
}

const parameters = (...parameter: object[]): object => ({ resourceType: 'Parameters', parameter });

const urn = 'urn:uuid:9b0f2bd5-4a3c-4d54-8d1c-7f6f0f3f0c11';
const otherUrn = 'urn:uuid:0a4c2a52-3f0e-4b0f-9a35-0d1d4c1f7f10';

/** @param p id of a Patient; @param c id of a Condition in that record; @param o id of an Observation there */
export function soundRequests({ p, c, o }: { p: string; c: string; o: string }): PlainRequest[] {
  const weight = weightOf(p);
  const named = { ...conditionOf(p), identifier: [{ system: 'urn:test', value: 'one' }] };
  const circle = transactionOf(
    {
      ...postEntry({ ...conditionOf(p), evidence: [{ detail: [{ reference: otherUrn }] }] }, urn),
    },
    {
      ...postEntry(
        { ...weight, focus: [{ reference: urn }], hasMember: [{ reference: otherUrn }] },
        otherUrn,
      ),
    },
  );
  const everyMethod = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'GET', url: `Patient/${p}` } },
      { request: { method: 'GET', url: `Observation?subject=Patient/${p}&_count=2` } },
      postEntry(weight),
      { resource: { ...named, id: c }, request: { method: 'PUT', url: `Condition/${c}`, ifMatch: 'W/"1"' } },
      { request: { method: 'DELETE', url: 'Condition/none' } },
      {
        resource: parameters({
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'replace' },
            { name: 'path', valueString: 'Condition.code.text' },
            { name: 'value', valueString: 'x' },
          ],
        }),
        request: { method: 'PATCH', url: `Condition/${c}` },
      },
    ],
  };
  const group = {
    resourceType: 'Group',
    type: 'person',
    actual: true,
    member: [{ entity: { reference: `Patient/${p}` } }],
  };
  const match = parameters(
    { name: 'resource', resource: { resourceType: 'Patient', name: [{ family: 'Rao', given: ['Asha'] }] } },
    { name: 'count', valueInteger: 3 },
    { name: 'onlyCertainMatches', valueBoolean: false },
  );
  const codeSystem = 'http://hl7.org/fhir/administrative-gender';
  const valueSet = 'http://hl7.org/fhir/ValueSet/administrative-gender';
  return [
    request('GET', '/metadata'),
    request('GET', '/metadata?mode=terminology'),
    request('GET', '/.well-known/smart-configuration'),
    request('GET', `/Patient/${p}?_summary=true`),
    request('GET', `/Observation/${o}?_elements=status,code&_pretty=true`),
    request('GET', `/Observation/${o}`, undefined, { 'if-none-match': 'W/"9"' }),
    request('HEAD', `/Condition/${c}`),
    request('GET', `/Condition/${c}/_history/1`),
    request('GET', `/Condition/${c}/_history?_count=2`),
    request('GET', '/Condition/_history?_since=2020-01-01'),
    request('GET', '/_history?_count=3'),
    request('POST', '/Condition', named),
    request('POST', '/Condition', named, { 'if-none-exist': 'identifier=urn:test|one' }),
    request('POST', '/Observation', { ...weight, component: [{ code: { text: 'x' }, valueString: 'y' }] }),
    request('POST', '/AuditEvent', {
      resourceType: 'AuditEvent',
      type: { system: 'urn:x', code: 'y' },
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ requestor: true }],
      source: { observer: { display: 'x' } },
    }),
    request('POST', '/Group', group),
    request('POST', '/Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'eA==' }),
    request('POST', '/Questionnaire', {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', item: [{ linkId: '1.1', type: 'string' }] }],
    }),
    request('POST', '/Location', {
      resourceType: 'Location',
      position: { longitude: 77.2, latitude: 28.6 },
    }),
    request('POST', '/Subscription', {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: `Observation?subject=Patient/${p}`,
      channel: { type: 'websocket' },
    }),
    request('PUT', `/Condition/${c}`, { ...named, id: c }, { 'if-match': 'W/"1"' }),
    request('PUT', `/Patient/${p}`, { resourceType: 'Patient', id: p, birthDate: '1980-02-01' }),
    request('PUT', '/Observation/chosen-by-client', { ...weight, id: 'chosen-by-client' }),
    request('PUT', '/Condition?identifier=urn:test|one', named),
    request('PATCH', `/Condition/${c}`, [{ op: 'replace', path: '/code/text', value: 'x' }], {
      'content-type': 'application/json-patch+json',
    }),
    request('PATCH', `/Condition/${c}`, (everyMethod.entry[5] as { resource: object }).resource),
    request(
      'PATCH',
      '/Condition?identifier=urn:test|one',
      [{ op: 'add', path: '/note', value: [{ text: 'x' }] }],
      {
        'content-type': 'application/json-patch+json',
      },
    ),
    request('DELETE', `/Observation/none`),
    request('DELETE', '/Condition?identifier=urn:test|none'),
    request('POST', '/', circle),
    request('POST', '/', everyMethod),
    request(
      'POST',
      '/',
      transactionOf({ ...postEntry({ ...weight, subject: { reference: 'Patient?name=none' } }) }),
    ),
    request('GET', `/Observation?subject=Patient/${p}&code=http://loinc.org|29463-7&_sort=-date&_count=5`),
    request('GET', `/Observation?subject:Patient.name=Asha&value-quantity=gt5|http://unitsofmeasure.org|kg`),
    request(
      'GET',
      `/Observation?_lastUpdated=ge2020&date=sa2019-01&_include=Observation:subject&_total=accurate`,
    ),
    request(
      'GET',
      `/Patient?_has:Observation:patient:code=29463-7&_revinclude=Condition:subject&_elements=name`,
    ),
    request('GET', `/Patient?name:contains=as&birthdate=lt2020&_id=${p}&gender:not=male`),
    request('GET', '/Location?near=28.6|77.2|10|km'),
    request('GET', '/ValueSet?url:below=http://hl7.org&context-type-value=focus$x&_summary=count'),
    request('GET', '/?_type=Patient,Condition&_lastUpdated=gt2020-01-01'),
    request('GET', `/Patient/${p}/Observation?code=29463-7`),
    request('GET', `/Patient/${p}/*?_count=3`),
    request('GET', '/AuditEvent?_count=2'),
    request('GET', '/AuditEvent/none'),
    request('GET', '/AuditEvent/_history'),
    request('POST', '/_search', '_type=Patient&_id=x', form),
    request('POST', '/AuditEvent/_search', '_count=2', form),
    request('POST', '/Observation/_search', `subject=Patient/${p}&_count=2`, form),
    request('POST', `/Patient/${p}/Observation/_search`, 'code=x', form),
    request('GET', `/Patient/${p}/$everything?_count=5&_type=Observation&start=2020-01-01`),
    request('POST', `/Patient/${p}/$everything`, parameters({ name: '_count', valueInteger: 2 })),
    request('GET', '/Patient/$everything?_count=2'),
    request(
      'POST',
      '/Patient/$everything',
      parameters({ name: '_since', valueInstant: '2020-01-01T00:00:00Z' }),
    ),
    request('GET', `/Patient/${p}/$summary`),
    request('POST', `/Patient/${p}/$summary`, parameters()),
    request('GET', '/Patient/$summary?identifier=urn:x|y'),
    request('POST', '/Patient/$summary', parameters({ name: 'identifier', valueString: 'urn:x|y' })),
    request('POST', '/Patient/$match', match),
    request('POST', '/$validate', parameters({ name: 'resource', resource: weight })),
    request('POST', '/Observation/$validate', weight),
    request(
      'POST',
      '/Observation/$validate?profile=http://hl7.org/fhir/StructureDefinition/Observation',
      weight,
    ),
    request('GET', '/$validate'),
    request('GET', '/Observation/$validate'),
    request('GET', `/Observation/${o}/$validate?mode=delete`),
    request('POST', `/Observation/${o}/$validate`, parameters({ name: 'mode', valueCode: 'delete' })),
    request('GET', `/ValueSet/$expand?url=${valueSet}&filter=fe&count=2`),
    request('POST', '/ValueSet/$expand', parameters({ name: 'url', valueUri: valueSet })),
    request(
      'POST',
      '/ValueSet/$expand',
      parameters({
        name: 'valueSet',
        resource: {
          resourceType: 'ValueSet',
          status: 'active',
          compose: {
            include: [{ system: codeSystem, filter: [{ property: 'code', op: 'regex', value: '(a+)+b' }] }],
          },
        },
      }),
    ),
    request('GET', '/ValueSet/none/$expand'),
    request('POST', '/ValueSet/none/$expand', parameters()),
    request('GET', `/ValueSet/$validate-code?url=${valueSet}&system=${codeSystem}&code=female`),
    request(
      'POST',
      '/ValueSet/$validate-code',
      parameters({ name: 'url', valueUri: valueSet }, { name: 'code', valueCode: 'x' }),
    ),
    request('GET', '/ValueSet/none/$validate-code?code=x'),
    request('POST', '/ValueSet/none/$validate-code', parameters({ name: 'code', valueCode: 'x' })),
    request('GET', `/CodeSystem/$lookup?system=${codeSystem}&code=female&property=display`),
    request(
      'POST',
      '/CodeSystem/$lookup',
      parameters({ name: 'coding', valueCoding: { system: codeSystem, code: 'male' } }),
    ),
    request('GET', `/CodeSystem/$subsumes?system=${codeSystem}&codeA=male&codeB=female`),
    request('POST', '/CodeSystem/$subsumes', parameters({ name: 'system', valueUri: codeSystem })),
    request('GET', '/CodeSystem/none/$subsumes?codeA=a&codeB=b'),
    request('POST', '/CodeSystem/none/$subsumes', parameters({ name: 'codeA', valueCode: 'x' })),
    request('GET', `/CodeSystem/$validate-code?url=${codeSystem}&code=female`),
    request('POST', '/CodeSystem/$validate-code', parameters({ name: 'url', valueUri: codeSystem })),
    request('GET', '/CodeSystem/none/$validate-code?code=x'),
    request('POST', '/CodeSystem/none/$validate-code', parameters({ name: 'code', valueCode: 'x' })),
    ...['/$export', '/Patient/$export', `/Patient/${p}/$export`, '/Group/none/$export'].flatMap((path) => [
      // Without the header that would start it: jobs have tests of their own.
      request('GET', `${path}?_type=Condition`),
      request('POST', path, parameters({ name: '_type', valueString: 'Condition' })),
    ]),
    request('POST', '/$import', '{"resourceType":"Patient","id":"x"}\n', {
      'content-type': 'application/fhir+ndjson',
    }),
    request('GET', '/$bulk-status/none'),
    request('DELETE', '/$bulk-status/none'),
    request('GET', '/$bulk-file/none/none'),
  ];
}
