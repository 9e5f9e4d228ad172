// Invariants of the R4 data types.

import {
  atMost,
  decimal,
  has,
  hasAny,
  hasChoice,
  is,
  list,
  nonNegative,
  notBefore,
  rule,
  type Invariant,
} from './invariant-terms.ts';
import type { JsonObject } from './types.ts';

const ucum = 'http://unitsofmeasure.org';
const codeNeedsSystem = rule(
  'qty-3',
  'A unit code needs its system.',
  (q) => !has(q, 'code') || has(q, 'system'),
);
const inUcum = (q: JsonObject): boolean =>
  (has(q, 'code') || !has(q, 'value')) && (!has(q, 'system') || is(q, 'system', ucum));

export const typeInvariants: Readonly<Record<string, readonly Invariant[]>> = {
  Extension: [
    rule(
      'ext-1',
      'An extension has either a value or extensions, not both.',
      (e) => has(e, 'extension') !== hasChoice(e, 'value'),
    ),
  ],
  Quantity: [codeNeedsSystem],
  SimpleQuantity: [codeNeedsSystem],
  Age: [
    codeNeedsSystem,
    rule(
      'age-1',
      'An age is positive and in UCUM units of time.',
      (q) => inUcum(q) && (decimal(q['value']) ?? 1) > 0,
    ),
  ],
  Count: [
    codeNeedsSystem,
    rule(
      'cnt-3',
      'A count is a whole number with the UCUM code 1.',
      (q) =>
        inUcum(q) && (!has(q, 'code') || is(q, 'code', '1')) && Number.isInteger(decimal(q['value']) ?? 0),
    ),
  ],
  Distance: [codeNeedsSystem, rule('dis-1', 'A distance is in UCUM units of length.', inUcum)],
  Duration: [
    codeNeedsSystem,
    rule(
      'drt-1',
      'A duration has a value in UCUM units of time.',
      (q) => !has(q, 'code') || (is(q, 'system', ucum) && has(q, 'value')),
    ),
  ],
  Attachment: [
    rule('att-1', 'Attached data needs its content type.', (a) => !has(a, 'data') || has(a, 'contentType')),
  ],
  ContactPoint: [
    rule('cpt-2', 'A contact value needs its system.', (c) => !has(c, 'value') || has(c, 'system')),
  ],
  Period: [rule('per-1', 'A period must not end before it starts.', (p) => notBefore(p['end'], p['start']))],
  Range: [
    rule('rng-2', 'The low end of a range must not exceed the high end.', (r) => atMost(r['low'], r['high'])),
  ],
  Ratio: [
    rule(
      'rat-1',
      'A ratio has both numerator and denominator.',
      (r) => has(r, 'numerator') === has(r, 'denominator') && hasAny(r, 'numerator', 'extension'),
    ),
  ],
  Expression: [
    rule('exp-1', 'An expression has a text or a reference.', (e) => hasAny(e, 'expression', 'reference')),
  ],
  'Timing.repeat': [
    rule('tim-1', 'A duration needs its unit.', (t) => !has(t, 'duration') || has(t, 'durationUnit')),
    rule('tim-2', 'A repetition period needs its unit.', (t) => !has(t, 'period') || has(t, 'periodUnit')),
    rule('tim-4', 'A duration must not be negative.', (t) => nonNegative(t['duration'])),
    rule('tim-5', 'A repetition period must not be negative.', (t) => nonNegative(t['period'])),
    rule('tim-6', 'A longest period needs a period.', (t) => !has(t, 'periodMax') || has(t, 'period')),
    rule(
      'tim-7',
      'A longest duration needs a duration.',
      (t) => !has(t, 'durationMax') || has(t, 'duration'),
    ),
    rule('tim-8', 'A highest count needs a count.', (t) => !has(t, 'countMax') || has(t, 'count')),
    rule(
      'tim-9',
      'An offset stands with an event of the day other than a meal itself.',
      (t) =>
        !has(t, 'offset') ||
        (has(t, 'when') && !list(t['when']).some((w) => w === 'C' || w === 'CM' || w === 'CD' || w === 'CV')),
    ),
    rule(
      'tim-10',
      'Give a time of day or an event of the day, not both.',
      (t) => !has(t, 'timeOfDay') || !has(t, 'when'),
    ),
  ],
};
