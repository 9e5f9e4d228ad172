// The R4 invariants that matter to a health record, by the structure they belong to. Each is asked only about elements
// whose own structure is sound, so it may rely on the types R4 gives them. Texts hold no values.

import { dateRange } from './dates.ts';
import { DecimalLiteral, isJsonObject, numberOf } from './json.ts';
import type { JsonObject, JsonValue } from './types.ts';

export interface Invariant {
  /** The key that R4 gives it. */
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly text: string;
  /** @param resource the resource the element stands in */
  readonly holds: (element: JsonObject, resource: JsonObject) => boolean;
}

/** Whether an element is there, with a value or only with extensions. */
function has(element: JsonObject, name: string): boolean {
  return element[name] !== undefined || element[`_${name}`] !== undefined;
}

function hasAny(element: JsonObject, ...names: readonly string[]): boolean {
  return names.some((name) => has(element, name));
}

/** The value of a choice such as value[x], in whatever type; undefined if absent or present by extensions only. */
function choice(element: JsonObject, name: string): JsonValue | undefined {
  const property = choiceProperty(element, name);
  return property === undefined ? undefined : element[property];
}

function choiceProperty(element: JsonObject, name: string): string | undefined {
  for (const property in element) {
    const plain = property.charCodeAt(0) === 0x5f ? property.slice(1) : property;
    const next = plain.charCodeAt(name.length);
    if (next >= 0x41 && next <= 0x5a && plain.startsWith(name)) return property;
  }
  return undefined;
}

function hasChoice(element: JsonObject, name: string): boolean {
  return choiceProperty(element, name) !== undefined;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return list(value).filter(isJsonObject);
}

function hasCode(concept: JsonValue | undefined, system: string, ...codes: readonly string[]): boolean {
  return objects(concept)
    .flatMap((one) => objects(one['coding']))
    .some((coding) => coding['system'] === system && codes.includes(String(coding['code'])));
}

function is(element: JsonObject, name: string, ...values: readonly string[]): boolean {
  const value = element[name];
  return typeof value === 'string' && values.includes(value);
}

function notBefore(later: JsonValue | undefined, earlier: JsonValue | undefined): boolean {
  if (typeof later !== 'string' || typeof earlier !== 'string') return true;
  const end = dateRange(later);
  const start = dateRange(earlier);
  return end === undefined || start === undefined || start.lowMs <= end.highMs;
}

function decimal(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : undefined;
}

function atMost(low: JsonValue | undefined, high: JsonValue | undefined): boolean {
  if (!isJsonObject(low) || !isJsonObject(high)) return true;
  const lowest = decimal(low['value']);
  const highest = decimal(high['value']);
  const comparable =
    low['code'] === high['code'] && low['unit'] === high['unit'] && low['system'] === high['system'];
  return !comparable || lowest === undefined || highest === undefined || lowest <= highest;
}

function distinct(values: readonly (JsonValue | undefined)[]): boolean {
  const given = values.filter((value) => value !== undefined);
  return new Set(given).size === given.length;
}

function nonNegative(value: JsonValue | undefined): boolean {
  return (decimal(value) ?? 0) >= 0;
}

function rule(
  key: string,
  text: string,
  holds: Invariant['holds'],
  severity: Invariant['severity'] = 'error',
): Invariant {
  return { key, severity, text, holds };
}

const ucum = 'http://unitsofmeasure.org';
const terminology = 'http://terminology.hl7.org/CodeSystem/';
const codeNeedsSystem = rule(
  'qty-3',
  'A unit code needs its system.',
  (q) => !has(q, 'code') || has(q, 'system'),
);
const inUcum = (q: JsonObject): boolean =>
  (has(q, 'code') || !has(q, 'value')) && (!has(q, 'system') || is(q, 'system', ucum));

const isAdministrativeName = (resource: JsonObject): boolean =>
  typeof resource['name'] !== 'string' || /^[A-Z][A-Za-z0-9_]{0,254}$/.test(resource['name']);
const computableName = (key: string): Invariant =>
  rule(key, 'The name should be usable by programs.', isAdministrativeName, 'warning');

const entered = (resource: JsonObject, system: string): boolean =>
  hasCode(resource['verificationStatus'], `${terminology}${system}`, 'entered-in-error');

const consentNeedsPatient = (key: string, scope: string): Invariant =>
  rule(
    key,
    'A consent of this scope names the patient.',
    (c) => has(c, 'patient') || !hasCode(c['scope'], `${terminology}consentscope`, scope),
  );

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

export const invariants: Readonly<Record<string, readonly Invariant[]>> = {
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
  AllergyIntolerance: [
    rule(
      'ait-1',
      'An allergy has a clinical status unless it was entered in error.',
      (a) => entered(a, 'allergyintolerance-verification') || has(a, 'clinicalStatus'),
    ),
    rule(
      'ait-2',
      'An allergy entered in error has no clinical status.',
      (a) => !entered(a, 'allergyintolerance-verification') || !has(a, 'clinicalStatus'),
    ),
  ],
  Appointment: [
    rule('app-2', 'Give both start and end, or neither.', (a) => has(a, 'start') === has(a, 'end')),
    rule(
      'app-3',
      'Only proposed, cancelled or waiting appointments may lack times.',
      (a) => (has(a, 'start') && has(a, 'end')) || is(a, 'status', 'proposed', 'cancelled', 'waitlist'),
    ),
    rule(
      'app-4',
      'Only a cancelled or missed appointment has a reason for cancelling.',
      (a) => !has(a, 'cancelationReason') || is(a, 'status', 'noshow', 'cancelled'),
    ),
  ],
  'Appointment.participant': [
    rule('app-1', 'A participant has a type or an actor.', (p) => hasAny(p, 'type', 'actor')),
  ],
  AppointmentResponse: [
    rule('apr-1', 'A response names the kind of participant or the actor.', (r) =>
      hasAny(r, 'participantType', 'actor'),
    ),
  ],
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
  'CarePlan.activity': [
    rule(
      'cpl-3',
      'An activity has a detail or a reference, not both.',
      (a) => !has(a, 'detail') || !has(a, 'reference'),
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
  Condition: [
    rule(
      'con-3',
      'A problem on the list should have a clinical status unless entered in error.',
      (c) =>
        has(c, 'clinicalStatus') ||
        entered(c, 'condition-ver-status') ||
        !hasCode(c['category'], `${terminology}condition-category`, 'problem-list-item'),
      'warning',
    ),
    rule(
      'con-4',
      'A condition that has abated is inactive, in remission or resolved.',
      (c) =>
        !hasChoice(c, 'abatement') ||
        hasCode(c['clinicalStatus'], `${terminology}condition-clinical`, 'resolved', 'remission', 'inactive'),
    ),
    rule(
      'con-5',
      'A condition entered in error has no clinical status.',
      (c) => !entered(c, 'condition-ver-status') || !has(c, 'clinicalStatus'),
    ),
  ],
  'Condition.stage': [
    rule('con-1', 'A stage has a summary or an assessment.', (s) => hasAny(s, 'summary', 'assessment')),
  ],
  'Condition.evidence': [
    rule('con-2', 'Evidence has a code or details.', (e) => hasAny(e, 'code', 'detail')),
  ],
  Consent: [
    rule('ppc-1', 'A consent names a policy or a policy rule.', (c) => hasAny(c, 'policy', 'policyRule')),
    consentNeedsPatient('ppc-2', 'patient-privacy'),
    consentNeedsPatient('ppc-3', 'research'),
    consentNeedsPatient('ppc-4', 'adr'),
    consentNeedsPatient('ppc-5', 'treatment'),
  ],
  'CoverageEligibilityResponse.insurance.item': [
    rule(
      'ces-1',
      'An item has a category or a product, not both.',
      (i) => has(i, 'category') !== has(i, 'productOrService'),
    ),
  ],
  FamilyMemberHistory: [
    rule(
      'fhs-1',
      'Give an age or a birth date, not both.',
      (f) => !hasChoice(f, 'age') || !hasChoice(f, 'born'),
    ),
    rule('fhs-2', 'Only an age can be estimated.', (f) => hasChoice(f, 'age') || !has(f, 'estimatedAge')),
  ],
  'Goal.target': [
    rule(
      'gol-1',
      'A target with a detail names its measure.',
      (t) => !hasChoice(t, 'detail') || has(t, 'measure'),
    ),
  ],
  Group: [
    rule('grp-1', 'Only an actual group has members.', (g) => !has(g, 'member') || g['actual'] === true),
  ],
  'Immunization.education': [
    rule('imm-1', 'Educational material has a type or a reference.', (e) =>
      hasAny(e, 'documentType', 'reference'),
    ),
  ],
  'ImmunizationRecommendation.recommendation': [
    rule('imr-1', 'A recommendation names a vaccine or a disease.', (r) =>
      hasAny(r, 'vaccineCode', 'targetDisease'),
    ),
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
  'MedicationAdministration.dosage': [
    rule('mad-1', 'A dosage has a dose or a rate.', (d) => has(d, 'dose') || hasChoice(d, 'rate')),
  ],
  MedicationDispense: [
    rule('mdd-1', 'A medicine is not handed over before it is prepared.', (m) =>
      notBefore(m['whenHandedOver'], m['whenPrepared']),
    ),
  ],
  NutritionOrder: [
    rule(
      'nor-1',
      'A nutrition order should have a diet, a supplement or a formula.',
      (n) => hasAny(n, 'oralDiet', 'supplement', 'enteralFormula'),
      'warning',
    ),
  ],
  Observation: [
    rule(
      'obs-6',
      'Only an observation without a value says why it has none.',
      (o) => !has(o, 'dataAbsentReason') || !hasChoice(o, 'value'),
    ),
    rule(
      'obs-7',
      'A component with the code of the observation itself stands for its value, not beside it.',
      (o) => {
        if (!has(o, 'component') || !hasChoice(o, 'value')) return true;
        const codingKey = (c: JsonObject): string => `${String(c['system'])}|${String(c['code'])}`;
        const own = new Set(objects(o['code']).flatMap((code) => objects(code['coding']).map(codingKey)));
        return !objects(o['component'])
          .flatMap((component) => objects(component['code']))
          .some((code) => objects(code['coding']).some((coding) => own.has(codingKey(coding))));
      },
    ),
  ],
  'Observation.referenceRange': [
    rule('obs-3', 'A reference range has a low end, a high end or a text.', (r) =>
      hasAny(r, 'low', 'high', 'text'),
    ),
  ],
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
  'Parameters.parameter': [
    rule('inv-1', 'A parameter has one value, one resource or parts.', (p) => {
      const given = [has(p, 'part'), hasChoice(p, 'value'), has(p, 'resource')].filter(Boolean).length;
      return given === 1;
    }),
  ],
  'Patient.contact': [
    rule('pat-1', 'A contact has a name, a telephone, an address or an organization.', (c) =>
      hasAny(c, 'name', 'telecom', 'address', 'organization'),
    ),
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
  'RequestGroup.action': [
    rule(
      'rqg-1',
      'An action has a resource or actions, not both.',
      (a) => has(a, 'resource') !== has(a, 'action'),
    ),
  ],
  'RiskAssessment.prediction': [
    rule(
      'ras-2',
      'A probability is at most 100 percent.',
      (p) => (decimal(p['probabilityDecimal']) ?? 0) <= 100,
    ),
  ],
  ServiceRequest: [
    rule('prr-1', 'Details of an order need its code.', (s) => !has(s, 'orderDetail') || has(s, 'code')),
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
