// The operators of FHIRPath and its tests of type.

import { DecimalLiteral, isJsonObject } from '../json.ts';
import type { JsonValue } from '../types.ts';
import {
  distinctItems,
  numberIn,
  said,
  same,
  textOf,
  truth,
  type CompiledPath,
  type PathItem,
} from './path-values.ts';

export function typeTest(of: CompiledPath, type: string, how: string): CompiledPath {
  const is = (item: PathItem): boolean =>
    isJsonObject(item.value) && typeof item.value['resourceType'] === 'string'
      ? item.value['resourceType'] === type
      : item.type === undefined
        ? nativeType(item.value).includes(type)
        : item.type === type || item.type.toLowerCase() === type.toLowerCase();
  return (focus, context) => {
    const items = of(focus, context);
    if (how !== 'is') return items.filter(is);
    return items.length === 1 && items[0] !== undefined ? [{ value: is(items[0]) }] : [];
  };
}

function nativeType(value: JsonValue): readonly string[] {
  if (typeof value === 'string')
    return ['string', 'String', 'code', 'uri', 'canonical', 'url', 'id', 'markdown'];
  if (typeof value === 'boolean') return ['boolean', 'Boolean'];
  return typeof value === 'number' || value instanceof DecimalLiteral
    ? ['decimal', 'integer', 'Integer']
    : [];
}

export function binary(operator: string, left: CompiledPath, right: CompiledPath): CompiledPath {
  const logic = logicOf(operator);
  if (logic !== undefined)
    return (focus, context) => said(logic(truth(left(focus, context)), () => truth(right(focus, context))));
  return (focus, context) => {
    const a = left(focus, context);
    const b = right(focus, context);
    switch (operator) {
      case '|':
        return distinctItems([...a, ...b]);
      case 'in':
        return a.length === 0 ? [] : said(a.every((one) => b.some((other) => same(one.value, other.value))));
      case 'contains':
        return b.length === 0 ? [] : said(b.every((one) => a.some((other) => same(one.value, other.value))));
      case '&':
        return [{ value: `${textOf(a[0]?.value) ?? ''}${textOf(b[0]?.value) ?? ''}` }];
    }
    if (a.length === 0 || b.length === 0) return [];
    switch (operator) {
      case '=':
      case '~':
        return said(a.length === b.length && a.every((one, i) => same(one.value, b[i]?.value ?? null)));
      case '!=':
      case '!~':
        return said(!(a.length === b.length && a.every((one, i) => same(one.value, b[i]?.value ?? null))));
    }
    return arithmetic(operator, a[0]?.value ?? null, b[0]?.value ?? null);
  };
}

type Logic = (a: boolean | undefined, b: () => boolean | undefined) => boolean | undefined;

function logicOf(operator: string): Logic | undefined {
  switch (operator) {
    case 'and':
      return (a, right) => {
        if (a === false) return false;
        const b = right();
        return b === false ? false : a === undefined || b === undefined ? undefined : true;
      };
    case 'or':
      return (a, right) => {
        if (a === true) return true;
        const b = right();
        return b === true ? true : a === undefined || b === undefined ? undefined : false;
      };
    case 'xor':
      return (a, right) => {
        const b = right();
        return a === undefined || b === undefined ? undefined : a !== b;
      };
    case 'implies':
      return (a, right) => {
        if (a === false) return true;
        const b = right();
        return b === true ? true : a === undefined || b === undefined ? undefined : b;
      };
  }
  return undefined;
}

function arithmetic(operator: string, a: JsonValue, b: JsonValue): readonly PathItem[] {
  const [x, y] = [numberIn(a), numberIn(b)];
  const texts = typeof a === 'string' && typeof b === 'string';
  switch (operator) {
    case '+':
      return texts ? [{ value: a + b }] : x === undefined || y === undefined ? [] : [{ value: x + y }];
    case '-':
      return x === undefined || y === undefined ? [] : [{ value: x - y }];
  }
  const order = texts ? (a < b ? -1 : a > b ? 1 : 0) : x === undefined || y === undefined ? undefined : x - y;
  if (order === undefined) return [];
  return said(
    operator === '<' ? order < 0 : operator === '>' ? order > 0 : operator === '<=' ? order <= 0 : order >= 0,
  );
}
