// Invariants of the resources that make up a record of care.

import { codingKey } from './codings.ts';
import {
  decimal,
  has,
  hasAny,
  hasChoice,
  hasCode,
  is,
  list,
  notBefore,
  objects,
  rule,
  type Invariant,
} from './invariant-terms.ts';
import type { JsonObject, JsonValue } from './types.ts';

const terminology = 'http://terminology.hl7.org/CodeSystem/';
const entered = (resource: JsonObject, system: string): boolean =>
  hasCode(resource['verificationStatus'], `${terminology}${system}`, 'entered-in-error');

const consentNeedsPatient = (key: string, scope: string): Invariant =>
  rule(
    key,
    'A consent of this scope names the patient.',
    (c) => has(c, 'patient') || !hasCode(c['scope'], `${terminology}consentscope`, scope),
  );

export const recordInvariants: Readonly<Record<string, readonly Invariant[]>> = {
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
  'CarePlan.activity': [
    rule(
      'cpl-3',
      'An activity has a detail or a reference, not both.',
      (a) => !has(a, 'detail') || !has(a, 'reference'),
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
        const codings = (code: JsonValue | undefined): (string | undefined)[] =>
          objects(code).flatMap((concept) => list(concept['coding']).map(codingKey));
        const own = new Set(codings(o['code']));
        return !objects(o['component'])
          .flatMap((component) => codings(component['code']))
          .some((key) => key !== undefined && own.has(key));
      },
    ),
  ],
  'Observation.referenceRange': [
    rule('obs-3', 'A reference range has a low end, a high end or a text.', (r) =>
      hasAny(r, 'low', 'high', 'text'),
    ),
  ],
  'Patient.contact': [
    rule('pat-1', 'A contact has a name, a telephone, an address or an organization.', (c) =>
      hasAny(c, 'name', 'telecom', 'address', 'organization'),
    ),
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
};
