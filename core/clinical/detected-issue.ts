// A finding as FHIR DetectedIssue, and the reasons given in one: what was found, by which rule, from which source, and why it was done anyway.
import type { JsonObject, Resource } from '../fhir/types.ts';
import { objectAt, objectsAt, textAt } from '../record/elements.ts';
import type { Finding } from './check.ts';
import { fullWords } from './check.ts';

/** Names a rule of core/clinical, in `identifier` or `code` of a DetectedIssue and in an OperationOutcome. */
export const ruleSystem = 'urn:medallion:clinical-rule';

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** v3-ActCode, within the value set detectedissue-category. */
const codeOf: Readonly<Record<Finding['kind'], readonly [code: string, display: string]>> = {
  allergy: ['DALG', 'Drug Allergy'],
  interaction: ['DRG', 'Drug Interaction Alert'],
  duplicate: ['DUPTHPY', 'Duplicate Therapy Alert'],
  dose: ['DOSE', 'Dosage problem'],
};

/**
 * What is stored where nobody was asked. It is restricted: it tells of two entries at once, and who may see one of them need not be
 * allowed to see the other.
 */
export function detectedIssue(
  finding: Finding,
  about: { id: string; patientId: string; medicine: string; at: string },
): Resource {
  const [code, display] = codeOf[finding.kind];
  const { source } = finding;
  return {
    resourceType: 'DetectedIssue',
    id: about.id,
    meta: {
      security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
    },
    identifier: [{ system: ruleSystem, value: finding.rule }],
    status: 'final',
    code: { coding: [{ system: actCode, code, display }], text: fullWords(finding) },
    severity: finding.severity === 'severe' ? 'high' : 'moderate',
    patient: { reference: `Patient/${about.patientId}` },
    identifiedDateTime: about.at,
    implicated: [{ reference: about.medicine }, ...implicatedBy(finding)],
    detail: `${fullWords(finding)} Source: ${source.name}, ${source.year}.`,
    ...(source.address.startsWith('https://') ? { reference: source.address } : {}),
  };
}

/** An address into a record that was joined would outlast the parting. */
function implicatedBy({ with: other, joinedOn }: Finding): JsonObject[] {
  if (other === undefined) return [];
  return [joinedOn === undefined ? { reference: other } : { display: `In the record joined on ${joinedOn}` }];
}

/** Fewer letters than these give no reason. */
const shortestReason = 5;

/** The rules that a prescription or dispense gives a reason for: contained DetectedIssues that it refers to, each with a mitigation in words. */
export function overriddenRules(resource: JsonObject): ReadonlySet<string> {
  const referred = new Set(objectsAt(resource, 'detectedIssue').map((one) => textAt(one, 'reference')));
  const rules = new Set<string>();
  for (const issue of objectsAt(resource, 'contained')) {
    if (textAt(issue, 'resourceType') !== 'DetectedIssue' || !referred.has(`#${textAt(issue, 'id') ?? ''}`))
      continue;
    const reason = objectsAt(issue, 'mitigation').some((one) => {
      const action = objectAt(one, 'action');
      const words = textAt(action, 'text') ?? '';
      return words.replace(/[^\p{L}\p{M}]/gu, '').length >= shortestReason;
    });
    if (!reason) continue;
    const named = [
      ...objectsAt(issue, 'identifier').map((one) => [textAt(one, 'system'), textAt(one, 'value')]),
      ...objectsAt(objectAt(issue, 'code'), 'coding').map((one) => [
        textAt(one, 'system'),
        textAt(one, 'code'),
      ]),
    ];
    for (const [system, rule] of named) if (system === ruleSystem && rule !== undefined) rules.add(rule);
  }
  return rules;
}
