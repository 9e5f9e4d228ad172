// A search condition as SQL over `resource`. What a row may be found by stands in the row itself; the records that may be looked
// into are part of every sub-select, so that a chain through what may not be seen finds nothing. No text of a request is ever
// part of a statement.
import { firstSealedPart } from '../../core/access/categories.ts';
import type { Bound, RangeTest, SearchCondition } from '../../core/fhir/search-condition.ts';
import { type HashSeed, seedNumber } from '../../core/fhir/search-hash.ts';
import { resourceTypes } from '../../core/fhir/resource-types.ts';
import { belowUrl } from '../../core/fhir/search-matches.ts';
import { jsonPath } from './search-json-path.ts';

/** A record of which only some may be found: rows of these parts (core/access/categories.ts) or these entries (`Type/id`). */
export interface PartOfRecord {
  readonly patientId: string;
  /** Absent together with `entries`: every part that is not sealed. */
  readonly parts?: readonly number[];
  readonly entries?: readonly string[];
  readonly sealed: boolean;
  /** Only rows that meet it. It speaks about one resource alone. */
  readonly condition?: SearchCondition;
}

/**
 * Whose resources of a type may be found: those of these patients ('' is the directory), some of a patient's, or of everyone.
 * An empty list: none.
 */
export type SearchScope = (resourceType: string) => 'everyone' | readonly (string | PartOfRecord)[];

/** Collects values and hands out their placeholders. */
export class Values {
  readonly list: unknown[] = [];
  put(value: unknown): string {
    this.list.push(value);
    return `$${this.list.length}`;
  }
}

export interface Rows {
  readonly where: string;
  readonly narrow: boolean;
}

export interface Place {
  readonly alias: string;
  readonly resourceType: string;
  /**
   * Inside a few records: each row is tested as it comes from the index by patient, and the index of keys over all records,
   * which costs much to enter, is kept out of the planner's sight.
   */
  readonly narrow: boolean;
}

export class SearchSql {
  readonly values = new Values();
  readonly scope: SearchScope;
  #aliases = 0;

  constructor(scope: SearchScope) {
    this.scope = scope;
  }

  /** Rows of one type that may be found and meet the condition. @param people only these records, where the search names them */
  rows(alias: string, resourceType: string, condition: SearchCondition, people?: readonly string[]): Rows {
    const { where, narrow } = this.#within(alias, this.scope(resourceType), people);
    const type = this.values.put(resourceType);
    const test = this.test(condition, { alias, resourceType, narrow });
    return {
      where: `${where} and ${alias}.resource_type = ${type} and not ${alias}.deleted and ${test}`,
      narrow,
    };
  }

  /** Rows of every type: the types that are open alike are asked for together. The condition must be one of every type. */
  rowsOfAnyType(alias: string, condition: SearchCondition, people?: readonly string[]): Rows {
    const byRecords = new Map<string, { allowed: ReturnType<SearchScope>; types: string[] }>();
    for (const type of resourceTypes) {
      const allowed = this.scope(type);
      const key = allowed === 'everyone' ? allowed : JSON.stringify(allowed, bigintsAsText);
      const group = byRecords.get(`${allowed.length} ${key}`) ?? { allowed, types: [] };
      group.types.push(type);
      byRecords.set(`${allowed.length} ${key}`, group);
    }
    const groups = [...byRecords.values()].filter(({ allowed }) => allowed.length > 0);
    const each = groups.map(({ allowed, types }) => {
      const { where, narrow } = this.#within(alias, allowed, people);
      const test = this.test(condition, { alias, resourceType: '', narrow });
      const among =
        types.length === resourceTypes.length
          ? ''
          : ` and ${alias}.resource_type = any(${this.values.put(types)}::text[])`;
      return { where: `(${where}${among} and not ${alias}.deleted and ${test})`, narrow };
    });
    if (each.length === 0) return { where: 'false', narrow: true };
    return {
      where: `(${each.map(({ where }) => where).join(' or ')})`,
      narrow: each.every(({ narrow }) => narrow),
    };
  }

  #within(alias: string, allowed: ReturnType<SearchScope>, people: readonly string[] | undefined): Rows {
    const named = (id: string) => people === undefined || people.includes(id);
    if (allowed === 'everyone') {
      return people === undefined ? { where: 'true', narrow: false } : this.#whole(alias, people);
    }
    const whole = allowed.filter((one): one is string => typeof one === 'string' && named(one));
    const partly = allowed.filter(
      (one): one is PartOfRecord => typeof one !== 'string' && named(one.patientId),
    );
    if (partly.length === 0) return this.#whole(alias, whole);
    const each = partly.map((one) => this.#partly(alias, one));
    if (whole.length > 0) each.push(this.#whole(alias, whole).where);
    const nobodys = whole.includes('') || partly.some(({ patientId }) => patientId === '');
    return { where: `(${each.join(' or ')})`, narrow: !nobodys };
  }

  #whole(alias: string, records: readonly string[]): Rows {
    const [only] = records;
    if (only === undefined) return { where: 'false', narrow: true };
    const where =
      records.length === 1
        ? `${alias}.patient_id = ${this.values.put(only)}`
        : `${alias}.patient_id = any(${this.values.put(records)}::text[])`;
    return { where, narrow: !records.includes('') };
  }

  #partly(alias: string, { patientId, parts, entries, sealed, condition }: PartOfRecord): string {
    const tests = [
      ...(parts === undefined ? [] : [`${alias}.part = any(${this.values.put(parts)}::smallint[])`]),
      ...(entries === undefined
        ? []
        : [
            `(${alias}.resource_type || '/' || ${alias}.resource_id = any(${this.values.put(entries)}::text[])${
              sealed ? '' : ` and ${alias}.part < ${firstSealedPart}`
            })`,
          ]),
      ...(parts === undefined && entries === undefined && !sealed
        ? [`${alias}.part < ${firstSealedPart}`]
        : []),
    ];
    const covered = tests.length === 0 ? '' : ` and (${tests.join(' or ')})`;
    const met = condition
      ? ` and ${this.test(condition, { alias, resourceType: '', narrow: patientId !== '' })}`
      : '';
    return `(${alias}.patient_id = ${this.values.put(patientId)}${covered}${met})`;
  }

  test(condition: SearchCondition, place: Place): string {
    const { alias: r } = place;
    const { values } = this;
    switch (condition.kind) {
      case 'and':
        return condition.of.length === 0
          ? 'true'
          : condition.of.map((one) => this.test(one, place)).join(' and ');
      case 'or':
        return condition.of.length === 0
          ? 'false'
          : `(${condition.of.map((one) => this.test(one, place)).join(' or ')})`;
      case 'not':
        // An absent array answers with null, which is not a no.
        return `not coalesce((${this.test(condition.of, place)}), false)`;
      case 'keys':
        return this.#keys(condition.keys, place);
      case 'range':
        return this.#spans(r, condition.keys, (low, high) => this.#bounds(condition.test, low, high));
      case 'string': {
        const tags = values.put(condition.tags);
        const value = values.put(condition.value);
        const text = 'substr(s, 5)';
        const compared = {
          prefix: `starts_with(${text}, ${value})`,
          contains: `position(${value} in ${text}) > 0`,
          whole: `${text} = ${value}`,
        }[condition.match];
        return `exists (select from unnest(${r}.search_strings) s where left(s, 4) = any(${tags}::text[]) and ${compared})`;
      }
      case 'present':
        return `(${r}.search_present >> ${values.put(condition.bit)}::int) & 1 = 1`;
      case 'id':
        return `${r}.resource_id = any(${values.put(condition.ids)}::text[])`;
      case 'lastUpdated':
        return this.#instant(condition.test, `${r}.last_updated`);
      case 'near':
        return this.#near(r, condition);
      case 'text': {
        const value = values.put(condition.value);
        const said = "(v #>> '{}')";
        const compared =
          condition.match === 'exact'
            ? `${said} = ${value}`
            : `(${said} = ${value} or starts_with(${said}, ${values.put(belowUrl(condition.value))}))`;
        const one = condition.paths.map(
          (path) =>
            `exists (select from jsonb_path_query(nullif(${r}.content, '')::jsonb, ${values.put(jsonPath(path))}::jsonpath) v where ${compared})`,
        );
        return `(${one.join(' or ')})`;
      }
      case 'chain':
        return `(${condition.links.map((link) => this.#chain(link, place)).join(' or ')})`;
      case 'reverse':
        return this.#reverse(condition, place);
    }
  }

  #keys(keys: readonly bigint[], { alias, narrow }: Place): string {
    const { values } = this;
    const column = `${alias}.search_keys`;
    if (keys.length === 0) return 'false';
    if (narrow && keys.length <= 4)
      return `(${keys.map((key) => `${values.put(String(key))} = any(${column})`).join(' or ')})`;
    const wanted = `${values.put(keys.map(String))}::bigint[]`;
    if (narrow) return `(${column} || '{}'::bigint[]) && ${wanted}`;
    return keys.length === 1 ? `${column} @> ${wanted}` : `${column} && ${wanted}`;
  }

  #spans(r: string, keys: readonly bigint[], test: (low: string, high: string) => string): string {
    const wanted = `any(${this.values.put(keys.map(String))}::bigint[])`;
    return `exists (select from generate_subscripts(${r}.search_range_keys, 1) i where ${r}.search_range_keys[i] = ${wanted}
      and ${test(`${r}.search_range_bounds[2 * i - 1]`, `${r}.search_range_bounds[2 * i]`)})`;
  }

  #bounds(test: RangeTest, low: string, high: string): string {
    const one = ({ end, is, value }: Bound): string =>
      `${end === 'low' ? low : high} ${is} ${this.values.put(value)}::float8`;
    return `(${test.map((bounds) => `(${bounds.map(one).join(' and ')})`).join(' or ')})`;
  }

  #instant(test: RangeTest, column: string): string {
    const one = ({ is, value }: Bound): string =>
      `${column} ${is} to_timestamp(${this.values.put(value)}::float8 / 1000)`;
    return `(${test.map((bounds) => `(${bounds.map(one).join(' and ')})`).join(' or ')})`;
  }

  #near(r: string, { key, latitude, longitude, metres }: Extract<SearchCondition, { kind: 'near' }>): string {
    const lat = `${this.values.put(latitude)}::float8`;
    const lon = `${this.values.put(longitude)}::float8`;
    const far = `${this.values.put(metres)}::float8`;
    return this.#spans(
      r,
      [key],
      (otherLat, otherLon) => `2 * 6371008.8 * asin(least(1, sqrt(sin(radians(${otherLat} - ${lat}) / 2) ^ 2
        + cos(radians(${lat})) * cos(radians(${otherLat})) * sin(radians(${otherLon} - ${lon}) / 2) ^ 2))) <= ${far}`,
    );
  }

  #chain(
    link: Extract<SearchCondition, { kind: 'chain' }>['links'][number],
    { alias: r, narrow }: Place,
  ): string {
    const t = this.#alias();
    const { where } = this.rows(t, link.resourceType, link.of);
    const named =
      link.by === 'id'
        ? `${this.values.put(`${link.resourceType}/`)} || ${t}.resource_id`
        : `nullif(${t}.content, '')::jsonb ->> 'url'`;
    const hashes = `select ${hash(named, 'place')} from resource ${t}, unnest(${this.#seeds(link.places)}) place where ${where}`;
    return narrow
      ? `exists (select from unnest(${r}.search_keys) k where ${once('k', hashes)})`
      : `${r}.search_keys && array(${hashes})`;
  }

  #reverse(
    condition: Extract<SearchCondition, { kind: 'reverse' }>,
    { alias: r, resourceType }: Place,
  ): string {
    const t = this.#alias();
    const seeds = this.#seeds(condition.places);
    const named = `${this.values.put(`${resourceType}/`)} || ${r}.resource_id`;
    const { where, narrow } = this.rows(t, condition.resourceType, condition.of);
    // Not the record of what is referred to: a program may name what stands in another's.
    if (!narrow)
      return `exists (select from resource ${t} where ${where} and ${t}.search_keys &&
        (select array_agg(${hash(named, 'place')}) from unnest(${seeds}) place))`;
    const present = `(${t}.search_present >> ${this.values.put(condition.bit)}::int) & 1 = 1`;
    const keys = `select k from resource ${t} cross join unnest(${t}.search_keys) k where ${where} and ${present}`;
    return `exists (select from unnest(${seeds}) place where ${once(hash(named, 'place'), keys)})`;
  }

  #seeds(places: readonly HashSeed[]): string {
    return `${this.values.put(places.map((place) => String(seedNumber(place))))}::bigint[]`;
  }

  #alias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }
}

const bigintsAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

/**
 * Whether a value is among those of a query that depends on nothing around it. In a few records the query is made once, and each row
 * looks into what it gave; as a join it would be made anew for each row, and nested ones for each row of each.
 */
function once(value: string, query: string): string {
  return `(${value} in (${query})) is true`;
}

/** The same as `hash64` in core/fhir/search-hash.ts. */
function hash(text: string, seed: string): string {
  return `hashtextextended((${text}) collate "C", ${seed})`;
}
