// Requests by the thousand, made from a seed and from what a record holds, seen and unseen alike: searches with every kind of
// parameter, chains, reverse chains, includes, sorts, counts and pages, reads, histories, operations, conditional and other writes,
// and all of it inside a batch. Knows of no answer.
import type { Plain } from './every-type.ts';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/fhir/R4/`, or an address of its own that starts with `/api/`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Stock {
  readonly patients: readonly string[];
  /** Everything that stands in any of the worlds. */
  readonly resources: readonly (Plain & { id: string })[];
  readonly fileIds: readonly string[];
  /** Of every version: what its Provenance is read by. */
  readonly entryIds: readonly string[];
  /** Of each type, as the CapabilityStatement names them. */
  readonly parameters: ReadonlyMap<string, readonly { name: string; type: string }[]>;
}

/** How many requests it is: those inside a Bundle are each one. */
export function countOf({ body }: Request): number {
  const entry = typeof body === 'object' && body !== null && 'entry' in body ? body.entry : undefined;
  return Array.isArray(entry) ? entry.length : 1;
}

/** Deterministic: the same seed gives the same requests. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Leaves {
  tokens: string[];
  strings: string[];
  dates: string[];
  numbers: string[];
  uris: string[];
}

export class Requests {
  readonly #stock: Stock;
  readonly #chance: () => number;
  readonly #types: readonly string[];
  readonly #leaves = new Map<string, Leaves>();

  constructor(stock: Stock, seed: number) {
    this.#stock = stock;
    this.#chance = chanceOf(seed);
    this.#types = [...new Set(stock.resources.map(({ resourceType }) => resourceType))];
    for (const resource of stock.resources) {
      const { resourceType } = resource;
      const leaves = this.#leaves.get(resourceType) ?? {
        tokens: [],
        strings: [],
        dates: [],
        numbers: [],
        uris: [],
      };
      collect(resource, leaves);
      this.#leaves.set(resourceType, leaves);
    }
  }

  #pick<One>(list: readonly One[]): One {
    const one = list[Math.floor(this.#chance() * list.length)];
    if (one === undefined) throw new Error('there is nothing to choose from');
    return one;
  }
  #may(share: number): boolean {
    return this.#chance() < share;
  }

  /** Only looks: they change nothing that another of them could see. */
  look(): Request {
    const kind = this.#chance();
    if (kind < 0.46) return this.#search();
    if (kind < 0.52) return this.#read();
    if (kind < 0.6) return this.#history();
    if (kind < 0.64) return this.#everything();
    if (kind < 0.66) return this.#operation();
    if (kind < 0.67) return this.#origin();
    if (kind < 0.68) return { method: 'GET', path: `/api/files/${this.#pick(this.#stock.fileIds)}` };
    if (kind < 0.74) return this.#list();
    return this.#batch();
  }

  /** Who wrote a version: by what was written, or by its entry. */
  #origin(): Request {
    const { resourceType, id } = this.#pick(this.#stock.resources);
    const how = this.#pick([
      '',
      '&_summary=count',
      '&_count=1',
      `&patient=${this.#pick(this.#stock.patients)}`,
    ]);
    const path = this.#pick([
      `Provenance?target=${resourceType}/${id}${how}`,
      `Provenance/${this.#pick(this.#stock.entryIds)}`,
    ]);
    return { method: 'GET', path };
  }

  change(): Request {
    const { resourceType: type, id } = this.#pick(this.#stock.resources);
    const one = this.#pick(this.#stock.resources.filter((r) => r.resourceType === type));
    const other = this.#pick(this.#stock.resources);
    const body = { ...one, meta: {} } as Record<string, unknown>;
    const condition = this.#filter(type);
    switch (Math.floor(this.#chance() * 9)) {
      case 0:
        return { method: 'PUT', path: `${type}/${id}`, body: { ...body, id }, ...this.#ifMatch() };
      case 1:
        return { method: 'DELETE', path: `${type}/${id}`, headers: { 'if-match': 'W/"77"' } };
      case 2:
        return {
          method: 'PATCH',
          path: `${type}/${id}`,
          body: [{ op: 'test', path: '/resourceType', value: this.#pick([type, 'Nothing']) }],
          headers: { 'content-type': 'application/json-patch+json' },
        };
      case 3:
        delete body['id'];
        return { method: 'POST', path: type, body, headers: { 'if-none-exist': condition } };
      case 4:
        delete body['id'];
        return { method: 'PUT', path: `${type}?${condition}`, body, headers: { 'if-match': 'W/"77"' } };
      case 5:
        return { method: 'DELETE', path: `${type}?${condition}`, headers: { 'if-match': 'W/"77"' } };
      case 6:
        return {
          method: 'PATCH',
          path: `${type}?${condition}`,
          body: [{ op: 'test', path: '/resourceType', value: 'Nothing' }],
          headers: { 'content-type': 'application/json-patch+json' },
        };
      case 7:
        return { method: 'POST', path: 'Observation', body: this.#naming(other) };
      default:
        return {
          method: 'POST',
          path: '',
          body: {
            resourceType: 'Bundle',
            type: 'transaction',
            entry: [
              {
                resource: this.#naming(other),
                request: { method: 'POST', url: 'Observation', ifNoneExist: this.#filter('Observation') },
              },
              { request: { method: 'GET', url: `${type}/${id}` } },
            ],
          },
        };
    }
  }

  /** An entry that names something: whether it is there must not show. */
  #naming(other: Plain & { id: string }): Record<string, unknown> {
    return {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'as told' },
      subject: { reference: `Patient/${this.#pick(this.#stock.patients)}` },
      valueString: 'x',
      ...(other.resourceType === 'Observation'
        ? { hasMember: [{ reference: `Observation/${other.id}` }] }
        : { focus: [{ reference: `${other.resourceType}/${other.id}` }] }),
    };
  }

  #ifMatch(): { headers?: Record<string, string> } {
    const header = this.#pick(['', 'W/"1"', 'W/"2"', 'W/"99"']);
    return header === '' ? {} : { headers: { 'if-match': header } };
  }

  #read(): Request {
    const { resourceType, id } = this.#pick(this.#stock.resources);
    const version = this.#may(0.3) ? `/_history/${this.#pick([1, 2, 3])}` : '';
    const headers = this.#may(0.2) ? { 'if-none-match': this.#pick(['W/"1"', 'W/"2"']) } : {};
    const view =
      version === '' && this.#may(0.1)
        ? this.#pick(['?_summary=true', '?_elements=id,status', '?_summary=text'])
        : '';
    return { method: 'GET', path: `${resourceType}/${id}${version}${view}`, headers };
  }

  #history(): Request {
    const { resourceType, id } = this.#pick(this.#stock.resources);
    const place = this.#pick([`${resourceType}/${id}/`, `${resourceType}/${id}/`, `${resourceType}/`, '']);
    const list = this.#stock.resources.filter((one) => one.resourceType === 'List');
    const query = this.#pick([
      '',
      '_count=1',
      '_count=2',
      '_since=2026-01-01T00:00:00Z',
      '_at=2026-02-01',
      '_count=0',
      `_list=${this.#pick(list).id}`,
    ]);
    return { method: 'GET', path: `${place}_history${query === '' ? '' : `?${query}`}` };
  }

  #everything(): Request {
    const options = [
      `_count=${this.#pick([1, 2, 3, 7, 50])}`,
      `_type=${this.#pick(this.#types)},${this.#pick(this.#types)}`,
      '_since=2026-01-01T00:00:00Z',
      'start=2020-01-01',
      'end=2026-12-31',
    ].filter(() => this.#may(0.4));
    return {
      method: 'GET',
      path: `Patient/${this.#pick(this.#stock.patients)}/$everything?${options.join('&')}`,
    };
  }

  #operation(): Request {
    const patientId = this.#pick(this.#stock.patients);
    const { resourceType, id } = this.#pick(this.#stock.resources);
    const identifier = this.#pick(this.#leaves.get('Patient')?.tokens ?? ['urn:x|y']);
    return this.#pick<Request>([
      { method: 'GET', path: `/api/sealed-entries?patient=${patientId}` },
      { method: 'GET', path: `Patient/${patientId}/$summary` },
      { method: 'GET', path: `Patient/$summary?identifier=${encodeURIComponent(identifier)}` },
      { method: 'GET', path: `${resourceType}/${id}/$validate` },
      {
        method: 'POST',
        path: 'Patient/$match',
        body: {
          resourceType: 'Parameters',
          parameter: [{ name: 'resource', resource: { resourceType: 'Patient', name: [{ family: 'Rao' }] } }],
        },
      },
    ]);
  }

  /** What the screens show of a record: sharing, who sees what, who looked, notices. Of one's own, and of somebody else's. */
  #list(): Request {
    const { resourceType, id } = this.#pick(this.#stock.resources);
    const part = this.#pick(['conditions', 'results', 'medicines', 'documents', 'visits', 'identity']);
    const [path, ...values] = this.#pick([
      ['grants'],
      ['access-requests'],
      ['access-rules'],
      ['amendments'],
      ['disputes'],
      ['glass-reviews'],
      ['guardians'],
      ['record-parts'],
      ['record-parts/entries', `parts=${part}`],
      ['record-parts/entries', `parts=${part},results`],
      ['sealed-entries'],
      ['facts'],
      ['orders'],
      ['timeline'],
      ['timeline', 'from=2020-01', `kind=${this.#pick(['conditions', 'results', 'visits'])}`],
      ['timeline/months'],
      ['timeline/months', `by=${this.#pick(['self', 'others', 'professional', 'organization', 'import'])}`],
      ['who-sees', `entry=${resourceType}/${id}`],
      // Of the first person only, who is none of the askers: one's own come in the order in which these very requests are answered.
      ['entries', `patient=${this.#stock.patients[0] ?? ''}`],
      ['notices', `patient=${this.#stock.patients[0] ?? ''}`],
    ]) as [string, ...string[]];
    const patient = path === 'entries' || path === 'notices' ? '' : this.#pick([...this.#stock.patients, '']);
    const query = [...(patient === '' ? [] : [`patient=${patient}`]), ...values].join('&');
    return { method: 'GET', path: `/api/${path}${query === '' ? '' : `?${query}`}` };
  }

  #batch(): Request {
    const entry = Array.from({ length: 7 }, () => {
      const { path } = this.#may(0.5) ? this.#read() : this.#search('GET');
      return { request: { method: 'GET', url: path } };
    });
    return {
      method: 'POST',
      path: '',
      body: { resourceType: 'Bundle', type: this.#pick(['batch', 'batch', 'transaction']), entry },
    };
  }

  #search(only?: 'GET'): Request {
    const type = this.#may(0.5)
      ? this.#pick([
          'Observation',
          'Condition',
          'Encounter',
          'DiagnosticReport',
          'MedicationRequest',
          'List',
          'Patient',
        ])
      : this.#pick(this.#types);
    const parts = Array.from({ length: this.#pick([0, 1, 1, 1, 2, 2, 3]) }, () => this.#filter(type));
    if (this.#may(0.25)) parts.push(this.#include(type));
    if (this.#may(0.3)) parts.push(this.#sort(type));
    if (this.#may(0.35)) parts.push(`_count=${this.#pick([0, 1, 1, 2, 3, 10])}`);
    if (this.#may(0.15))
      parts.push(
        this.#pick([
          '_summary=count',
          '_total=accurate',
          '_total=none',
          '_summary=true',
          '_summary=data',
          '_elements=status,code',
        ]),
      );
    const query = parts.join('&');
    const patientId = this.#pick(this.#stock.patients);
    const place = this.#pick([type, type, type, type, `Patient/${patientId}/${type}`]);
    if (only === undefined && this.#may(0.08))
      return {
        method: 'POST',
        path: `${place}/_search`,
        body: query,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      };
    if (only === undefined && this.#may(0.05)) {
      const types = [this.#pick(this.#types), this.#pick(this.#types)];
      return {
        method: 'GET',
        path: `?_type=${types.join(',')}&_lastUpdated=gt2020&_count=${this.#pick([2, 50])}`,
      };
    }
    if (only === undefined && this.#may(0.05))
      return { method: 'GET', path: `Patient/${patientId}/*?_count=${this.#pick([1, 5, 100])}` };
    return { method: 'GET', path: query === '' ? place : `${place}?${query}` };
  }

  #parametersOf(type: string): readonly { name: string; type: string }[] {
    return this.#stock.parameters.get(type) ?? [];
  }

  /** One `name=value` that filters. */
  #filter(type: string): string {
    const kind = this.#chance();
    if (kind < 0.12)
      return `_id=${this.#pick(this.#stock.resources.filter((r) => r.resourceType === type)).id}`;
    if (kind < 0.17)
      return `_lastUpdated=${this.#pick(['gt', 'lt', 'ge'])}${this.#pick(['2025-06-01', '2026-02-01', '2026-12-01'])}`;
    if (kind < 0.21)
      return `_list=${this.#pick(this.#stock.resources.filter((r) => r.resourceType === 'List')).id}`;
    if (kind < 0.37) return this.#chain(type);
    if (kind < 0.47) return this.#reverse(type);
    const parameters = this.#parametersOf(type).filter(
      ({ type: one }) => one !== 'special' && one !== 'composite',
    );
    if (parameters.length === 0) return `_id=${this.#pick(this.#stock.resources).id}`;
    const { name, type: of } = this.#pick(parameters);
    return this.#valueOf(type, name, of);
  }

  #valueOf(type: string, name: string, kind: string): string {
    if (this.#may(0.12)) return `${name}:missing=${this.#pick(['true', 'false'])}`;
    const leaves = this.#leaves.get(type);
    const from = (list: readonly string[] | undefined, otherwise: string): string =>
      encodeURIComponent(list === undefined || list.length === 0 ? otherwise : this.#pick(list));
    const prefix = this.#pick(['', '', 'gt', 'lt', 'ge', 'le', 'ne', 'sa', 'eb']);
    switch (kind) {
      case 'token': {
        const token = from(leaves?.tokens, 'final');
        if (this.#may(0.08)) return `${name}:text=${from(leaves?.strings, 'a')}`;
        if (this.#may(0.05)) return `${name}:${this.#pick(['above', 'below'])}=${token}`;
        if (this.#may(0.04))
          return `${name}:${this.#pick(['in', 'not-in'])}=${encodeURIComponent('http://hl7.org/fhir/ValueSet/observation-status')}`;
        if (name === 'identifier' && this.#may(0.2))
          return `${name}:of-type=${encodeURIComponent('http://terminology.hl7.org/CodeSystem/v2-0203|MR|')}${token.replace(/^.*%7C/, '')}`;
        return this.#may(0.15)
          ? `${name}:not=${token}`
          : `${name}=${this.#may(0.4) ? token.replace(/^.*%7C/, '') : token}`;
      }
      case 'string':
        return `${name}${this.#pick(['', '', ':contains', ':exact'])}=${from(leaves?.strings, 'a')}`;
      case 'date':
        return `${name}=${prefix}${from(leaves?.dates, '2026-01-01')}`;
      case 'number':
        return `${name}=${prefix}${from(leaves?.numbers, '1')}`;
      case 'quantity':
        return `${name}=${prefix}${from(leaves?.numbers, '70')}`;
      case 'uri':
        return `${name}=${from(leaves?.uris, 'urn:x')}`;
      default: {
        const { resourceType, id } = this.#pick(this.#stock.resources);
        if (this.#may(0.1)) return `${name}:identifier=${from(leaves?.tokens, 'urn:x|1')}`;
        return `${name}=${this.#pick([`${resourceType}/${id}`, id, `Patient/${this.#pick(this.#stock.patients)}`])}`;
      }
    }
  }

  #references(type: string): readonly string[] {
    return this.#parametersOf(type).flatMap(({ name, type: kind }) => (kind === 'reference' ? [name] : []));
  }

  #chain(type: string): string {
    const references = this.#references(type);
    if (references.length === 0) return '_id=none';
    const target = this.#pick([
      'Patient',
      'Encounter',
      'Observation',
      'Practitioner',
      'Condition',
      'Organization',
    ]);
    const parameters = this.#parametersOf(target).filter(
      ({ type: kind }) => kind !== 'special' && kind !== 'composite',
    );
    const { name, type: kind } = this.#pick(parameters);
    const inner = this.#may(0.25)
      ? `_id=${this.#pick(this.#stock.resources).id}`
      : this.#valueOf(target, name, kind);
    return `${this.#pick(references)}:${target}.${inner}`;
  }

  #reverse(type: string, deep = 0): string {
    const source = this.#pick([
      'Observation',
      'Condition',
      'Encounter',
      'DiagnosticReport',
      'List',
      'Provenance',
      'Composition',
    ]);
    const references = this.#references(source);
    const parameters = this.#parametersOf(source).filter(
      ({ type: kind }) => kind !== 'special' && kind !== 'composite',
    );
    const { name, type: kind } = this.#pick(parameters);
    const inner = this.#may(0.3)
      ? `_id=${this.#pick(this.#stock.resources.filter((r) => r.resourceType === source)).id}`
      : deep < 2 && this.#may(0.2)
        ? this.#reverse(source, deep + 1)
        : this.#valueOf(source, name, kind);
    return `_has:${source}:${this.#pick(references)}:${inner}`.replace(`${type}x`, type);
  }

  #include(type: string): string {
    const iterate = this.#pick(['', '', ':iterate']);
    if (this.#may(0.5)) {
      const references = this.#references(type);
      const name = references.length === 0 || this.#may(0.3) ? '*' : this.#pick(references);
      return `_include${iterate}=${type}:${name}`;
    }
    const source = this.#pick([
      'Observation',
      'Condition',
      'Encounter',
      'DiagnosticReport',
      'List',
      'Provenance',
    ]);
    return `_revinclude${iterate}=${source}:${this.#pick(this.#references(source))}`;
  }

  #sort(type: string): string {
    const names = this.#parametersOf(type).flatMap(({ name, type: kind }) =>
      ['date', 'string', 'token', 'number', 'quantity', 'uri'].includes(kind) ? [name] : [],
    );
    const one =
      names.length === 0 || this.#may(0.3) ? this.#pick(['_id', '_lastUpdated']) : this.#pick(names);
    const more = this.#may(0.3) ? `,${this.#pick(['', '-'])}${this.#pick([...names, '_id'])}` : '';
    return `_sort=${this.#pick(['', '-'])}${one}${more}`;
  }
}

/** What a resource could be found by. */
function collect(value: unknown, leaves: Leaves): void {
  if (Array.isArray(value)) for (const one of value) collect(one, leaves);
  else if (typeof value === 'object' && value !== null) {
    const { system, code, value: said } = value as Record<string, unknown>;
    if (typeof code === 'string') leaves.tokens.push(typeof system === 'string' ? `${system}|${code}` : code);
    if (typeof system === 'string' && typeof said === 'string') leaves.tokens.push(`${system}|${said}`);
    for (const one of Object.values(value)) collect(one, leaves);
  } else if (typeof value === 'number') leaves.numbers.push(String(value));
  else if (typeof value === 'string') {
    if (/^\d{4}-\d\d/.test(value)) leaves.dates.push(value.slice(0, 10));
    else if (/^(urn|https?):/.test(value)) leaves.uris.push(value);
    else if (/^[a-z-]{3,20}$/.test(value)) leaves.tokens.push(value);
    if (/^[\p{L}\p{N} ]{2,60}$/u.test(value)) leaves.strings.push(value.slice(0, 12).trim());
  }
}
