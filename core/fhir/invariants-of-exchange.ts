// Invariants of the resources that carry, list or ask for others, and of the directory.

import {
  choice,
  distinct,
  has,
  hasAny,
  hasChoice,
  is,
  list,
  objects,
  rule,
  type Invariant,
} from './invariant-terms.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue } from './types.ts';

const isAdministrativeName = (resource: JsonObject): boolean =>
  typeof resource['name'] !== 'string' || /^[A-Z][A-Za-z0-9_]{0,254}$/.test(resource['name']);
const computableName = (key: string): Invariant =>
  rule(key, 'The name should be usable by programs.', isAdministrativeName, 'warning');

const bundleOf =
  (...types: readonly string[]) =>
  (bundle: JsonObject): boolean =>
    is(bundle, 'type', ...types);
const entriesOf = (bundle: JsonObject): readonly JsonObject[] => objects(bundle['entry']);
const firstEntryIs = (bundle: JsonObject, resourceType: string): boolean => {
  const first = entriesOf(bundle)[0]?.['resource'];
  return isJsonObject(first) && first['resourceType'] === resourceType;
};

function linkIds(item: JsonObject, found: JsonValue[]): JsonValue[] {
  for (const child of objects(item['item'])) {
    if (child['linkId'] !== undefined) found.push(child['linkId']);
    linkIds(child, found);
  }
  return found;
}

const answerable = [
  'choice',
  'open-choice',
  'decimal',
  'integer',
  'date',
  'dateTime',
  'time',
  'string',
  'quantity',
] as const;

export const exchangeInvariants: Readonly<Record<string, readonly Invariant[]>> = {
  'AuditEvent.entity': [
    rule('sev-1', 'An entity has a name or a query, not both.', (e) => !has(e, 'name') || !has(e, 'query')),
  ],
  Bundle: [
    rule(
      'bdl-1',
      'Only search results and histories have a total.',
      (b) => !has(b, 'total') || bundleOf('searchset', 'history')(b),
    ),
    rule(
      'bdl-2',
      'Only search results have search modes.',
      (b) => bundleOf('searchset')(b) || !entriesOf(b).some((e) => has(e, 'search')),
    ),
    rule('bdl-3', 'Every entry of a batch, transaction or history has a request, and no other.', (b) =>
      entriesOf(b).every((e) => has(e, 'request') === bundleOf('batch', 'transaction', 'history')(b)),
    ),
    rule('bdl-4', 'Every entry of a response or history has a response, and no other.', (b) =>
      entriesOf(b).every(
        (e) => has(e, 'response') === bundleOf('batch-response', 'transaction-response', 'history')(b),
      ),
    ),
    rule(
      'bdl-7',
      'The same full URL stands once, or with different versions.',
      (b) =>
        bundleOf('history')(b) ||
        distinct(
          entriesOf(b).map((e) => {
            const meta = isJsonObject(e['resource']) ? e['resource']['meta'] : undefined;
            const version =
              isJsonObject(meta) && typeof meta['versionId'] === 'string' ? meta['versionId'] : '';
            return typeof e['fullUrl'] === 'string' ? `${e['fullUrl']} ${version}` : undefined;
          }),
        ),
    ),
    rule(
      'bdl-9',
      'A document has an identifier with its system.',
      (b) =>
        !bundleOf('document')(b) ||
        (isJsonObject(b['identifier']) && has(b['identifier'], 'system') && has(b['identifier'], 'value')),
    ),
    rule('bdl-10', 'A document has a time.', (b) => !bundleOf('document')(b) || b['timestamp'] !== undefined),
    rule(
      'bdl-11',
      'A document begins with a Composition.',
      (b) => !bundleOf('document')(b) || firstEntryIs(b, 'Composition'),
    ),
    rule(
      'bdl-12',
      'A message begins with a MessageHeader.',
      (b) => !bundleOf('message')(b) || firstEntryIs(b, 'MessageHeader'),
    ),
  ],
  'Bundle.entry': [
    rule('bdl-5', 'An entry has a resource, a request or a response.', (e) =>
      hasAny(e, 'resource', 'request', 'response'),
    ),
    rule(
      'bdl-8',
      'A full URL names no version.',
      (e) => typeof e['fullUrl'] !== 'string' || !e['fullUrl'].includes('/_history/'),
    ),
  ],
  'Composition.section': [
    rule('cmp-1', 'A section has a text, entries or sections.', (s) => hasAny(s, 'text', 'entry', 'section')),
    rule(
      'cmp-2',
      'A section with entries has no reason for being empty.',
      (s) => !has(s, 'emptyReason') || !has(s, 'entry'),
    ),
  ],
  Group: [
    rule('grp-1', 'Only an actual group has members.', (g) => !has(g, 'member') || g['actual'] === true),
  ],
  Library: [computableName('lib-0')],
  Linkage: [rule('lnk-1', 'A linkage has at least two items.', (l) => list(l['item']).length > 1)],
  List: [
    rule(
      'lst-1',
      'A list with entries has no reason for being empty.',
      (l) => !has(l, 'emptyReason') || !has(l, 'entry'),
    ),
    rule(
      'lst-2',
      'Only a list of changes marks entries as deleted.',
      (l) => is(l, 'mode', 'changes') || !objects(l['entry']).some((e) => has(e, 'deleted')),
    ),
    rule(
      'lst-3',
      'Only a working list dates its entries.',
      (l) => is(l, 'mode', 'working') || !objects(l['entry']).some((e) => has(e, 'date')),
    ),
  ],
  Measure: [computableName('mea-0')],
  Organization: [
    rule('org-1', 'An organization has a name or an identifier.', (o) => hasAny(o, 'name', 'identifier')),
    rule(
      'org-2',
      'An organization has no home address.',
      (o) => !objects(o['address']).some((a) => a['use'] === 'home'),
    ),
    rule(
      'org-3',
      'An organization has no home telephone.',
      (o) => !objects(o['telecom']).some((t) => t['use'] === 'home'),
    ),
  ],
  StructureDefinition: [
    rule(
      'sdf-8',
      'The paths of a snapshot begin with the type that it defines.',
      (d) => is(d, 'kind', 'logical') || nestedIn(d, pathsOf(d['snapshot'])),
    ),
    rule(
      'sdf-8a',
      'The paths of a differential begin with the type that it constrains.',
      (d) => is(d, 'kind', 'logical') || nestedIn(d, pathsOf(d['differential'])),
    ),
  ],
  'Parameters.parameter': [
    rule('inv-1', 'A parameter has one value, one resource or parts.', (p) => {
      const given = [has(p, 'part'), hasChoice(p, 'value'), has(p, 'resource')].filter(Boolean).length;
      return given === 1;
    }),
  ],
  Questionnaire: [
    computableName('que-0'),
    rule('que-2', 'Every question has its own link id.', (q) => distinct(linkIds(q, []))),
  ],
  'Questionnaire.item': [
    rule(
      'que-1',
      'Groups have items, displayed texts have none.',
      (i) => (!is(i, 'type', 'group') || has(i, 'item')) && (!is(i, 'type', 'display') || !has(i, 'item')),
    ),
    rule('que-3', 'A displayed text has no codes.', (i) => !is(i, 'type', 'display') || !has(i, 'code')),
    rule(
      'que-4',
      'Answers come from a value set or a list, not both.',
      (i) => !has(i, 'answerOption') || !has(i, 'answerValueSet'),
    ),
    rule(
      'que-5',
      'Only questions of some types offer answers to choose.',
      (i) => is(i, 'type', ...answerable) || !hasAny(i, 'answerOption', 'answerValueSet'),
    ),
    rule(
      'que-6',
      'A displayed text is neither required nor repeated.',
      (i) => !is(i, 'type', 'display') || !hasAny(i, 'required', 'repeats'),
    ),
    rule(
      'que-8',
      'Groups and displayed texts have no first answers.',
      (i) => !is(i, 'type', 'group', 'display') || !has(i, 'initial'),
    ),
    rule(
      'que-9',
      'A displayed text is not marked read-only.',
      (i) => !is(i, 'type', 'display') || !has(i, 'readOnly'),
    ),
    rule(
      'que-10',
      'Only simple questions have a maximum length.',
      (i) =>
        is(i, 'type', 'boolean', 'decimal', 'integer', 'string', 'text', 'url', 'open-choice') ||
        !has(i, 'maxLength'),
    ),
    rule(
      'que-11',
      'With offered answers, mark the first one there.',
      (i) => !has(i, 'answerOption') || !has(i, 'initial'),
    ),
    rule(
      'que-12',
      'Several conditions need a way of combining them.',
      (i) => list(i['enableWhen']).length <= 2 || has(i, 'enableBehavior'),
    ),
    rule(
      'que-13',
      'Only a repeating question has several first answers.',
      (i) => i['repeats'] === true || list(i['initial']).length <= 1,
    ),
  ],
  'Questionnaire.item.enableWhen': [
    rule(
      'que-7',
      'Whether an answer exists is asked with true or false.',
      (e) => !is(e, 'operator', 'exists') || typeof choice(e, 'answer') === 'boolean',
    ),
  ],
  'QuestionnaireResponse.item': [
    rule('qrs-1', 'An item has answers or items, not both.', (i) => !has(i, 'answer') || !has(i, 'item')),
  ],
  ValueSet: [computableName('vsd-0')],
  'ValueSet.compose.include': [
    rule('vsd-1', 'An include names a value set or a system.', (i) => hasAny(i, 'valueSet', 'system')),
    rule(
      'vsd-2',
      'Concepts and filters need a system.',
      (i) => !hasAny(i, 'concept', 'filter') || has(i, 'system'),
    ),
    rule(
      'vsd-3',
      'An include has concepts or filters, not both.',
      (i) => !has(i, 'concept') || !has(i, 'filter'),
    ),
  ],
};

function pathsOf(view: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return isJsonObject(view) ? objects(view['element']).map(({ path }) => path) : [];
}

/** The first is the type or something in it, all after it are something in it. */
function nestedIn({ type }: JsonObject, paths: readonly (JsonValue | undefined)[]): boolean {
  const inType = (path: JsonValue | undefined): boolean =>
    typeof path === 'string' && typeof type === 'string' && path.startsWith(`${type}.`);
  return paths.every((path, i) => inType(path) || (i === 0 && path === type));
}
