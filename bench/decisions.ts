// What one decision costs in memory, for each kind of asker: somebody with many authorities, an app whose scopes hold searches.
// Usage: node bench/decisions.ts [decisions of each kind]
import { parseAppScope } from '../core/access/app-scopes.ts';
import type { AppScope } from '../core/access/app-scopes.ts';
import type { Authority } from '../core/access/authority.ts';
import type { Act, Asker, Subject } from '../core/access/decide.ts';
import { decide } from '../core/access/decide.ts';
import { parseSearch } from '../core/fhir/search-query.ts';
import type { Resource } from '../core/fhir/types.ts';

const times = Number(process.argv[2] ?? 200_000);
/** What a decision may cost. */
const limitMicroseconds = 20;

const weight: Resource = {
  resourceType: 'Observation',
  id: 'w',
  status: 'final',
  subject: { reference: 'Patient/p0' },
  category: [{ coding: [{ system: 'urn:c', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
};
const subject: Subject = {
  patientId: 'p0',
  resourceType: 'Observation',
  resourceId: 'w',
  category: 'vital-signs',
  sealed: false,
  resource: weight,
};
const given = { startsAtMs: 0, endsAtMs: 2 ** 52 };
const entries = Array.from({ length: 100 }, (_, i) => `Observation/${i}`);
/** Twenty in the record itself: the one that holds comes last. */
const many: Authority[] = Array.from({ length: 20 }, (_, i) => ({
  ...given,
  id: `a${i}`,
  patientId: 'p0',
  basis: 'grant',
  share: false,
  coverage: { entries: i === 19 ? [...entries, 'Observation/w'] : entries, sealed: false },
}));
const scopeOf = (text: string): AppScope => {
  const scope = parseAppScope(
    text,
    () => true,
    (type, query) => parseSearch(type, [...new URLSearchParams(query)], { nowMs: 0 }).filters[0]?.condition,
  );
  if (typeof scope === 'string') throw new Error(scope);
  return scope;
};

const askers: [what: string, asker: Asker][] = [
  ['own record', { kind: 'person', patientId: 'p0' }],
  [
    'guardian',
    {
      kind: 'person',
      patientId: 'q',
      authorities: [{ ...given, id: 'g', patientId: 'p0', basis: 'guardian', level: 'view' }],
    },
  ],
  ['twenty grants of a hundred entries', { kind: 'person', patientId: 'q', authorities: many }],
  ['stranger', { kind: 'person', patientId: 'q' }],
  [
    'program',
    {
      kind: 'client',
      clientId: 'c',
      name: 'c',
      scopes: [{ types: '*', c: true, r: true, u: true, d: true, s: true }],
    },
  ],
  [
    'app with a search in its scope',
    {
      kind: 'app',
      person: { kind: 'person', patientId: 'p0' },
      scopes: [scopeOf('patient/Observation.rs?category=urn:c|vital-signs')],
      inContext: 'p0',
    },
  ],
];
const acts: readonly Act[] = ['read', 'search', 'create', 'update'];

const costs: string[] = [];
for (const [what, asker] of askers) {
  let allowed = 0;
  const round = (): number => {
    // Processor time: what else runs on the machine does not count.
    const begin = process.cpuUsage();
    for (let i = 0; i < times; i += 1)
      if (decide(asker, acts[i % acts.length] ?? 'read', subject).allowed) allowed += 1;
    return process.cpuUsage(begin).user / times;
  };
  round();
  const cost = round();
  costs.push(
    `${what} ${cost.toFixed(2)} µs${cost > limitMicroseconds ? ` (more than ${limitMicroseconds})` : ''}`,
  );
  if (allowed === 0 && what !== 'stranger') throw new Error(`${what} is refused: nothing was measured`);
}
console.log(`Decisions in memory (${limitMicroseconds} µs are allowed): ${costs.join(', ')}`);
