// Requests that were sound until something about them was changed: method, path, query, headers, body, or several of these.
// Every choice comes from fast-check, so that a seed gives the same requests again. Knows nothing of answers.
import fc from 'fast-check';
import { headerChanges } from './hostile-headers.ts';
import { elementNames, hostileTexts, hostileValues, parameterNames, segments } from './hostile-values.ts';

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
