// Requests that were sound until something about them was changed: method, path, query, headers, body, or several of these.
// Every choice comes from fast-check, so that a seed gives the same requests again. Knows nothing of answers.
import fc from 'fast-check';

export interface PlainRequest {
  readonly method: string;
  /** Below `/fhir/R4`, with a slash before it. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface MutatedRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: Buffer;
}

/** Numbers that decide what is changed and into what; each is taken modulo how much there is to choose from. */
interface Change {
  readonly kind: number;
  readonly at: number;
  readonly into: number;
  readonly more: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.nat(31),
  at: fc.nat(9999),
  into: fc.nat(9999),
  more: fc.nat(9999),
});

/** Which of the sound requests, and what is done to it; few are left as they are. */
export const mutation = fc.record({
  base: fc.nat(9999),
  who: fc.nat(9),
  changes: fc.array(change, { minLength: 0, maxLength: 3, size: 'max' }),
});
export type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const segments = [
  '%00',
  '%ed%a0%80',
  '%',
  '%zz',
  '..',
  '.',
  '%2e%2e%2f',
  '%2f',
  'x'.repeat(64),
  'x'.repeat(65),
  'y'.repeat(300),
  '__proto__',
  'constructor',
  '$everything',
  '$nonsense',
  '$validate',
  '_history',
  '_search',
  '*',
  '0',
  '-1',
  '1e9',
  '99999999999999999999',
  'Patient',
  'Potion',
  'patient',
  'Bundle',
  'Binary',
  'AuditEvent',
  "'; drop table resource; --",
  'नमस्ते',
  '%F0%9F%98%80',
  ' ',
  '%0d%0aSet-Cookie:x',
  'a;b',
  'a?b',
];

export const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e',
  '\u001b[2J',
  '%',
  '%00',
  "'",
  '"',
  '\\',
  '\\\\,\\|\\$',
  '|',
  '||',
  '|||',
  '$',
  '$$',
  ',',
  ',,,,',
  '<div>',
  '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>',
  'null',
  'true',
  'NaN',
  'Infinity',
  '-0',
  '1e309',
  '1e-400',
  '9'.repeat(400),
  '0.'.padEnd(300, '1'),
  '1.10',
  'eq',
  'ge',
  'ap',
  'ap1e308',
  'sa2020',
  'ltabc',
  '0000',
  '2020-02-30',
  '2020-13',
  '99999-01-01',
  '-2020',
  '2020-01-01T24:00:00Z',
  '2020-01-01T00:00:00+99:99',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  'Patient/',
  '/',
  '//',
  'Patient/a/b/c',
  'Patient/x/_history/0',
  'Patient?name=x',
  'Patient?',
  '#',
  '#x',
  'urn:uuid:',
  'urn:uuid:not-one',
  'urn:oid:1.2.3',
  'http://',
  'https://[::1',
  'http://a b',
  'javascript:alert(1)',
  'data:text/plain;base64,AA==',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'x'.repeat(5000),
  '\u{1f600}'.repeat(300),
  'e\u0301'.repeat(200),
  '('.repeat(500),
  '[a-z]+$',
  '-30.5|100',
  '-91|181|-5|km',
  '12|12|1e400|km',
  'gt5|http://unitsofmeasure.org|kg',
  '_id',
  '*',
  'W/"1"',
];

const parameterNames = [
  '_id',
  '_lastUpdated',
  '_tag',
  '_profile',
  '_security',
  '_source',
  '_text',
  '_content',
  '_filter',
  '_query',
  '_list',
  '_has',
  '_has:Observation:patient:code',
  '_has:Observation:patient:_has:Provenance:target:agent',
  '_type',
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_include',
  '_include:iterate',
  '_revinclude',
  '_revinclude:iterate',
  '_contained',
  '_containedType',
  '_format',
  '_pretty',
  '_page',
  '_since',
  '_at',
  '_before',
  '_outputFormat',
  '_typeFilter',
  'patient',
  'subject',
  'subject:Patient',
  'subject:Patient.name',
  'subject.name',
  'subject.organization.partof.partof.partof.name',
  'subject:identifier',
  'code',
  'code:text',
  'code:in',
  'code:not-in',
  'code:below',
  'code:above',
  'code:not',
  'code:missing',
  'code:exact',
  'code:nonsense',
  'code-value-quantity',
  'component-code-value-quantity',
  'value-quantity',
  'date',
  'date:missing',
  'name',
  'name:exact',
  'name:contains',
  'identifier',
  'identifier:of-type',
  'family',
  'given',
  'birthdate',
  'near',
  'url',
  'url:below',
  'url:above',
  'context-type-value',
  'probability',
  'phonetic',
  'relation',
  'start',
  'end',
  'profile',
  'mode',
  'resource',
  'filter',
  'offset',
  'count',
  'system',
  'codeA',
  'codeB',
  'version',
  'property',
  'displayLanguage',
  'includeDesignations',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '.',
  ':',
  'a.b.c.d.e.f.g',
  'x'.repeat(300),
];

const headerChanges: readonly (readonly [string, readonly string[]])[] = [
  [
    'if-match',
    [
      'W/"1"',
      '"1"',
      '1',
      'W/"',
      'W/"-1"',
      'W/"99999999999999999999"',
      '*',
      '""',
      'W/"1", W/"2"',
      'W/"0"',
      'é',
    ],
  ],
  ['if-none-match', ['W/"1"', '*', '"', 'W/"x"', ', ,', '1e9']],
  [
    'if-modified-since',
    [
      'now',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'Sat, 99 Foo 9999 99:99:99 GMT',
      '-1',
      '2020-01-01',
      '9'.repeat(50),
    ],
  ],
  [
    'if-none-exist',
    [
      'identifier=a|b',
      '?identifier=a|b',
      'Patient?identifier=x',
      '',
      '&&&',
      'nonsense=1',
      '_sort=_id',
      '%00',
      'identifier=%ed%a0%80',
      `identifier=${'x'.repeat(3000)}`,
      '_has:Observation:patient:code=x',
    ],
  ],
  [
    'prefer',
    [
      'return=minimal',
      'return=representation',
      'return=OperationOutcome',
      'return=nothing',
      'handling=lenient',
      'handling=strict, return=minimal',
      'respond-async',
      ';;;===',
      '"'.repeat(100),
    ],
  ],
  [
    'accept',
    [
      'application/fhir+json',
      'application/json;q=0.1',
      'application/fhir+xml',
      'text/html',
      '*/*',
      ';',
      'application/fhir+json; fhirVersion=3.0',
      'application/fhir+ndjson',
      ',',
    ],
  ],
  [
    'content-type',
    [
      'application/fhir+json',
      'application/json',
      'application/json-patch+json',
      'application/fhir+json; charset=utf-16',
      'application/fhir+json; charset=latin1',
      'application/fhir+json; fhirVersion=3.0',
      'application/fhir+xml',
      'application/x-www-form-urlencoded',
      'application/fhir+ndjson',
      'multipart/form-data; boundary=x',
      'text/plain',
      'nonsense',
      ';;;',
      'application/xml-patch+xml',
    ],
  ],
  ['content-encoding', ['gzip', 'deflate', 'br', 'identity', 'nonsense']],
  [
    'authorization',
    ['Bearer x', 'Bearer ', 'Basic x', 'Basic Og==', 'Bearer a b', 'DPoP x', `Bearer ${'y'.repeat(6000)}`],
  ],
  ['x-request-id', ['mine-1', 'x'.repeat(500), '../..', '{}']],
  ['x-provenance', ['{}', 'x']],
  ['x-http-method-override', ['DELETE']],
  ['x-forwarded-for', ['1.2.3.4', 'nonsense', '1.2.3.4, 5.6.7.8', '::1']],
  ['cookie', ['__Host-session=x', '__Host-session=', 'a=b; c', ';']],
  ['range', ['bytes=0-1']],
  ['origin', ['null', 'https://elsewhere.example']],
];

const nested = (depth: number): unknown => {
  let inner: unknown = { url: 'urn:x', valueString: 'x' };
  for (let i = 0; i < depth; i++) inner = { url: 'urn:x', extension: [inner] };
  return inner;
};

const urn = 'urn:uuid:9b0f2bd5-4a3c-4d54-8d1c-7f6f0f3f0c11';

/** Values that take the place of any value in a body. */
const hostileValues: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e300,
  () => 99_999_999_999,
  () => ({ raw: '1e400' }),
  () => ({ raw: '-1e-400' }),
  () => ({ raw: '1.10' }),
  () => ({ raw: '9'.repeat(300) }),
  () => ({ raw: '0.'.padEnd(200, '3') }),
  () => [],
  () => [[]],
  () => [null],
  () => ({}),
  () => ({ '': '' }),
  () => ({ raw: '{"__proto__":{"polluted":true}}' }),
  () => ({ raw: '{"constructor":{"prototype":{}}}' }),
  () => ({ raw: '{"a":1,"a":2}' }),
  () => ({ raw: '"\\ud800"' }),
  () => ({ raw: '"a\\u0000b"' }),
  () => ({ raw: '['.repeat(3000) + ']'.repeat(3000) }),
  () => ({ raw: '{"x":'.repeat(200) + '1' + '}'.repeat(200) }),
  () => nested(40),
  () => nested(150),
  () => Array.from({ length: 300 }, () => ({ url: 'urn:x', valueString: 'x' })),
  () => Array.from({ length: 2000 }, (_, i) => i),
  () => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])),
  () => ({ reference: urn }),
  () => ({ reference: 'Patient/nobody' }),
  () => ({ reference: '#nothing' }),
  () => ({ reference: 'Patient?identifier=a|b' }),
  () => ({ identifier: { system: 'urn:x', value: 'y' } }),
  () => ({ resourceType: 'Patient' }),
  () => ({ resourceType: 'Potion' }),
  () => ({ resourceType: '__proto__' }),
  () => ({ resourceType: 'Bundle', type: 'transaction', entry: [] }),
  () => ({ coding: [{ system: 'http://loinc.org', code: ' ' }] }),
  () => ({ start: '2020-02-02', end: '2019-01-01' }),
  () => ({ value: { raw: '1e999' }, unit: 'kg' }),
];

const elementNames = [
  'id',
  'meta',
  'resourceType',
  'text',
  'contained',
  'extension',
  'modifierExtension',
  '_status',
  '_id',
  'implicitRules',
  'subject',
  'value',
  'valueQuantity',
  'valueString',
  '__proto__',
  'constructor',
  'toString',
  '',
  'entry',
  'request',
  'fullUrl',
  'link',
  'identifier',
  'url',
  'status',
];

/** Writes JSON; `{raw: text}` stands for that text itself, which no value could say. */
function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 1 && typeof (value as { raw?: unknown }).raw === 'string')
      return (value as { raw: string }).raw;
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${written(one)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

type Place = { readonly parent: Record<string, unknown> | unknown[]; readonly key: string | number };

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || found.length > 400) return found;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    found.push({ parent: value as Record<string, unknown>, key });
    placesIn((value as Record<string, unknown>)[key], found);
  }
  return found;
}

const set = ({ parent, key }: Place, value: unknown): void => {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
};

function changeBody(body: unknown, { at, into, more }: Change): unknown {
  const copy: unknown = structuredClone(body);
  const places = placesIn(copy);
  if (places.length === 0) return pick(hostileValues, into)();
  const place = pick(places, at);
  const { parent, key } = place;
  switch (more % 6) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else Reflect.deleteProperty(parent, key);
      break;
    case 1:
      set(place, pick(hostileTexts, into));
      break;
    case 2:
      if (!Array.isArray(parent)) set({ parent, key: pick(elementNames, into) }, pick(hostileValues, at)());
      break;
    case 3: {
      const other = pick(places, into);
      // What stands in itself could not be written: only what has no inside is taken elsewhere.
      const moved = (other.parent as Record<string | number, unknown>)[other.key];
      if (typeof moved !== 'object' || moved === null) set(place, moved);
      else set(place, [structuredClone(moved)]);
      break;
    }
    default:
      set(place, pick(hostileValues, into)());
  }
  return copy;
}

function changeBytes(bytes: Buffer, { at, into, more }: Change): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  const inserted = pick(
    [
      Buffer.from([0xff]),
      Buffer.from([0xc3, 0x28]),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from([0]),
      Buffer.from('\ufeff'),
      Buffer.from(','),
      Buffer.from('}'),
      Buffer.from('"'),
      Buffer.from('//x'),
      Buffer.from('['.repeat(2000)),
    ],
    into,
  );
  switch (more % 4) {
    case 0:
      return bytes.subarray(0, place);
    case 1:
      return Buffer.concat([bytes, bytes]);
    case 2:
      return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + 1)]);
    default:
      return Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place)]);
  }
}

/** The request as it is sent after all changes. */
export function mutated(
  bases: readonly PlainRequest[],
  { base, changes }: Pick<Mutation, 'base' | 'changes'>,
): MutatedRequest {
  const plain = pick(bases, base);
  let { method, body } = plain;
  let path = plain.path.split('/');
  const query = plain.query.map(([name, value]): [string, string] => [name, value]);
  const headers: Record<string, string> = { ...plain.headers };
  let rawQuery = '';
  const later: Change[] = [];
  for (const one of changes) {
    const { kind, at, into, more } = one;
    if (kind < 2) method = pick(methods, into);
    else if (kind < 5) {
      const part = 1 + (at % path.length);
      if (more % 5 === 0) path.splice(part, 0, pick(segments, into));
      else if (more % 5 === 1) path.splice(part, 1);
      else path[Math.min(part, path.length - 1)] = pick(segments, into);
      if (path.length < 2) path = ['', ''];
    } else if (kind < 14) {
      const parameter: [string, string] = [pick(parameterNames, at), pick(hostileTexts, into)];
      const known = query[at % Math.max(query.length, 1)];
      if (more % 4 === 0 && known) known[1] = parameter[1];
      else if (more % 4 === 1 && known) query.push([known[0], parameter[1]]);
      else if (more % 16 === 2)
        rawQuery = pick(['%', '%zz=1', '&&==', '=x', 'a[]=1&a[__proto__]=2', '%00=%00'], into);
      else query.push(parameter);
    } else if (kind < 19) {
      const [name, values] = pick(headerChanges, at);
      headers[name] = pick(values, into);
    } else if (kind < 29) {
      if (body === undefined) {
        body = pick(hostileValues, into)();
        headers['content-type'] ??= 'application/fhir+json';
      } else body = changeBody(body, one);
    } else later.push(one);
  }
  const pairs = query.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const text = [...pairs, ...(rawQuery === '' ? [] : [rawQuery])].join('&');
  const url = `/fhir/R4${path.map((part) => part.replace(/[^\x21-\x7e]/g, encode)).join('/')}${text === '' ? '' : `?${text}`}`;
  if (body === undefined) return { method, url, headers };
  let payload: Buffer = Buffer.from(typeof body === 'string' ? body : written(body));
  for (const one of later) payload = changeBytes(payload, one);
  return { method, url, headers, payload };
}

/** As a client would that does not mind half characters. */
const encode = (text: string): string =>
  Buffer.from(text.replaceAll('%', '\u0001'), 'utf8')
    .toString('latin1')
    .replace(/[^\w.~:,$*!'()/-]/g, (byte) =>
      byte === '\u0001' ? '%' : `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
