// One value of a composite parameter, `first$second`, as a condition: its parts in one element, or anywhere in the resource.

import { and, or, type SearchCondition } from './search-condition.ts';
import { SearchError } from './search-error.ts';
import type { SearchContext } from './search-context.ts';
import { referenceTexts } from './search-references.ts';
import { keyOf, pairForm, placeOf } from './search-keys.ts';
import { pairPath } from './search-leaves.ts';
import type { CompositeAlternative, CompositePart, SearchParameter } from './search-parameters.ts';
import { numberTest, pairTest } from './search-ranges.ts';
import { splitAt } from './search-split.ts';
import { quantityAsked, tokenForm, valueCondition } from './search-values.ts';

/** @throws SearchError */
export function compositeCondition(
  resourceType: string,
  parameter: SearchParameter,
  text: string,
  context: SearchContext,
): SearchCondition {
  const values = splitAt(text, '$');
  return or(
    parameter.alternatives.map((alternative) => {
      if (values.length !== alternative.parts.length || values.includes(''))
        throw new SearchError('search-value-invalid', parameter.name);
      const parts = alternative.parts.map((part, i) => ({ part, value: values[i] ?? '' }));
      const apart = parts.filter(({ part }) => part.ofResource || alternative.element.length === 0);
      const together = parts.filter((one) => !apart.includes(one));
      return and([
        ...apart.map(({ part, value }) =>
          valueCondition(resourceType, asParameter(parameter, part), value, context),
        ),
        ...(together.length === 0 ? [] : [pair(resourceType, parameter, alternative, together, context)]),
      ]);
    }),
  );
}

function asParameter({ name, bit }: SearchParameter, { kind, paths }: CompositePart): SearchParameter {
  return { name, kind, paths, alternatives: [], bit };
}

function pair(
  resourceType: string,
  parameter: SearchParameter,
  alternative: CompositeAlternative,
  together: readonly { part: CompositePart; value: string }[],
  context: SearchContext,
): SearchCondition {
  const place = placeOf(resourceType, pairPath(alternative), 'pair');
  const { name } = parameter;
  const [first, second] = together;
  if (first === undefined || second === undefined)
    throw new SearchError('search-parameter-not-supported', name);
  if (first.part.kind === 'number') {
    const test = pairTest(numberTest(name, first.value), numberTest(name, second.value));
    return { kind: 'range', keys: [keyOf('', place)], test };
  }
  const form = tokenForm(name, first.value);
  // Only pairs with a code are stored.
  if (form.startsWith('a')) throw new SearchError('search-value-invalid', name);
  if (second.part.kind === 'quantity') {
    const { number, unit } = quantityAsked(name, second.value);
    return { kind: 'range', keys: [keyOf(pairForm(form, unit), place)], test: numberTest(name, number) };
  }
  if (second.part.kind === 'token') {
    const other = tokenForm(name, second.value);
    if (other.startsWith('a')) throw new SearchError('search-value-invalid', name);
    return { kind: 'keys', keys: [keyOf(pairForm(form, other), place)] };
  }
  const texts = referenceTexts(asParameter(parameter, second.part), second.value, context.ownBase, '');
  return { kind: 'keys', keys: texts.map((text) => keyOf(pairForm(form, text), place)) };
}
