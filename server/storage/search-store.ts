// A parsed search as one parameterised statement. The records it may look into are part of the statement, before any filter:
// what is not in scope is neither found nor counted nor sorted.
import { canonicalJson } from '../../core/fhir/json.ts';
import type {
  DateValue,
  NumberValue,
  QuantityValue,
  SearchFilter,
  SearchQuery,
  SearchSort,
  TokenValue,
} from '../../core/fhir/search-query.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export interface SearchPage {
  found: StoredVersion[];
  total: number;
}

/** Collects values and hands out their placeholders: no text of a request is ever part of the statement. */
class Values {
  readonly list: unknown[] = [];
  put(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

/** `scope`: patient ids whose records are searched ('' is the directory). Deterministic order; `offset` from 0. */
export async function searchResources(
  db: Queryable,
  scope: readonly string[],
  query: SearchQuery,
  limit: number,
  offset: number,
): Promise<SearchPage> {
  const values = new Values();
  const { where, type } = hits(scope, query, values);
  const order = [...query.sort.map((sort) => orderBy(sort, type, values)), 'r.resource_id'].join(', ');
  const text = `
    with hit as (
      select r.* from resource r ${where}
    )
    select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version, r.deleted,
           r.last_updated as "lastUpdated", r.entry_id as "entryId", r.content, (select count(*) from hit) as total
      from hit r order by ${order} limit ${values.put(limit)} offset ${values.put(offset)}`;
  const { rows } = await db.query({ ...nameOf(text), text, values: values.list });
  const found = rows as (StoredVersion & { total: number })[];
  const [first] = found;
  if (first) return { found, total: first.total };
  // Nothing on this page: behind the last one, or only the count was asked for.
  return { found, total: offset === 0 && limit > 0 ? 0 : await countHits(db, scope, query) };
}

const namesKept = 100;
const names = new Map<string, string>();

/** The first shapes of search that are asked for are planned once for each connection; what comes after them, each time. */
function nameOf(text: string): { name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= namesKept) return {};
  const name = `search-${names.size}`;
  names.set(text, name);
  return { name };
}

async function countHits(db: Queryable, scope: readonly string[], query: SearchQuery): Promise<number> {
  const values = new Values();
  const { rows } = await db.query({
    text: `select count(*) as total from resource r ${hits(scope, query, values).where}`,
    values: values.list,
  });
  return (rows[0] as { total: number }).total;
}

function hits(scope: readonly string[], query: SearchQuery, values: Values): { where: string; type: string } {
  const scoped = `= any(${values.put(scope)}::text[])`;
  const type = values.put(query.resourceType);
  const filters = query.filters.map((filter) => `and ${condition(filter, scoped, type, values)}`);
  return {
    where: `where r.patient_id ${scoped} and r.resource_type = ${type} and not r.deleted\n${filters.join('\n')}`,
    type,
  };
}

function condition(filter: SearchFilter, scoped: string, type: string, values: Values): string {
  // An array of ids, made once from the index by value: whatever the planner believes about a young table, never a scan for each row.
  const within = (param: string, test: string): string =>
    `r.resource_id = any(array(select s.resource_id from search_value s where s.patient_id ${scoped} and s.resource_type = ${type}
       and s.param = ${values.put(param)} and (${test})))`;
  const anyOf = <T>(list: readonly T[], test: (value: T) => string): string => list.map(test).join(' or ');
  switch (filter.kind) {
    case 'id':
      return `r.resource_id ${filter.not ? '<> all' : '= any'}(${values.put(filter.values)}::text[])`;
    case 'lastUpdated':
      return `(${anyOf(filter.values, (v) => range(v, 'extract(epoch from r.last_updated) * 1000', 'extract(epoch from r.last_updated) * 1000', values))})`;
    case 'missing':
      return `${filter.missing ? 'not ' : ''}${within(filter.param, 'true')}`;
    case 'token':
      return `${filter.not ? 'not ' : ''}${within(
        filter.param,
        anyOf(filter.values, (v) => token(v, values)),
      )}`;
    case 'string': {
      const { match, param, written } = filter;
      if (match !== 'exact')
        return within(
          param,
          anyOf(filter.values, (v) => stringTest(match, v, values)),
        );
      // The index has forgotten case and accents; the stored text has not.
      const exact = filter.values.map((v, i) => {
        const found = within(param, `s.value = ${values.put(v)}`);
        return `(${found} and position(${values.put(canonicalJson(written[i] ?? v))} in r.content) > 0)`;
      });
      return `(${exact.join(' or ')})`;
    }
    case 'reference':
    case 'uri':
      return within(filter.param, `s.value = any(${values.put(filter.values)}::text[])`);
    case 'date':
      return within(
        filter.param,
        anyOf(filter.values, (v) => range(v, 's.low', 's.high', values)),
      );
    case 'number':
      return within(
        filter.param,
        anyOf(filter.values, (v) => compare(v, values)),
      );
    case 'quantity':
      return within(
        filter.param,
        anyOf(filter.values, (v) => `${compare(v, values)}${unit(v, values)}`),
      );
  }
}

function token({ system, code }: TokenValue, values: Values): string {
  const tests = [
    ...(system === undefined
      ? []
      : [system === null ? 's.system is null' : `s.system = ${values.put(system)}`]),
    ...(code === undefined ? [] : [`s.value = ${values.put(code)}`]),
  ];
  return `(${tests.join(' and ') || 'true'})`;
}

function stringTest(match: 'prefix' | 'contains', value: string, values: Values): string {
  return match === 'prefix'
    ? `starts_with(s.value, ${values.put(value)})`
    : `position(${values.put(value)} in s.value) > 0`;
}

/** R4 date comparison: both sides are spans of time. */
function range({ prefix, lowMs, highMs }: DateValue, low: string, high: string, values: Values): string {
  const from = values.put(lowMs);
  const to = values.put(highMs);
  const tests: Record<DateValue['prefix'], string> = {
    eq: `${low} >= ${from} and ${high} <= ${to}`,
    ne: `${low} < ${from} or ${high} > ${to}`,
    gt: `${high} > ${to}`,
    lt: `${low} < ${from}`,
    ge: `${high} >= ${from}`,
    le: `${low} <= ${to}`,
    sa: `${low} > ${to}`,
    eb: `${high} < ${from}`,
  };
  return `(${from}::float8 <= ${to}::float8 and (${tests[prefix]}))`;
}

function compare({ prefix, value, low, high }: NumberValue, values: Values): string {
  switch (prefix) {
    case 'eq':
      return `(s.low >= ${values.put(low)} and s.high < ${values.put(high)})`;
    case 'ne':
      return `(s.low < ${values.put(low)} or s.high >= ${values.put(high)})`;
    case 'gt':
    case 'sa':
      return `${prefix === 'gt' ? 's.high' : 's.low'} > ${values.put(value)}`;
    case 'lt':
    case 'eb':
      return `${prefix === 'lt' ? 's.low' : 's.high'} < ${values.put(value)}`;
    case 'ge':
      return `s.high >= ${values.put(value)}`;
    case 'le':
      return `s.low <= ${values.put(value)}`;
  }
}

function unit(value: QuantityValue, values: Values): string {
  const system = value.system === undefined ? '' : ` and s.system = ${values.put(value.system)}`;
  return value.unit === undefined ? system : `${system} and s.value = ${values.put(value.unit)}`;
}

function orderBy({ param, kind, descending }: SearchSort, type: string, values: Values): string {
  const direction = descending ? 'desc nulls last' : 'asc nulls last';
  if (kind === 'id') return `r.resource_id ${direction}`;
  if (kind === 'lastUpdated') return `r.last_updated ${direction}`;
  const column =
    kind === 'date' || kind === 'number' || kind === 'quantity' ? (descending ? 'high' : 'low') : 'value';
  return `(select ${descending ? 'max' : 'min'}(s.${column}) from search_value s where s.patient_id = r.patient_id
    and s.resource_type = ${type} and s.param = ${values.put(param)} and s.resource_id = r.resource_id) ${direction}`;
}
