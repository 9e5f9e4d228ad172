// What is prescribed, dispensed, given or stated is checked against the record it goes into, whichever way it comes. What is grave
// refuses a prescription or a dispense by a clinician or program that does not say why it must be; of everything else it is recorded.
import { createHash } from 'node:crypto';
import type { Finding } from '../../core/clinical/check.ts';
import { checkMedicine, fullWords, markJoined } from '../../core/clinical/check.ts';
import { detectedIssue, overriddenRules, ruleSystem } from '../../core/clinical/detected-issue.ts';
import { isCheckedType, isGiven } from '../../core/clinical/read-record.ts';
import { tickPrefix } from '../../core/doses/tick.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { FhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { lockWords } from '../storage/locks.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { RequestContext } from './asker.ts';
import { readClinicalRecords, withWeight } from './clinical-record.ts';
import type { Plan } from './plan-writes.ts';
import type { WriteOperation } from './write-requests.ts';

export interface IssueBeside {
  plan: Plan;
  id: string;
  resource: Resource;
  rule: string;
}

export interface ClinicalResult {
  /** What is to be said in the log of each operation that went on in spite of a rule. */
  overrides: ReadonlyMap<Plan, string>;
  /** Issues to be stored beside what they are about. */
  issues: readonly IssueBeside[];
  /** The first that may not be written, and why. */
  refused?: { plan: Plan; rules: string; error: FhirError };
}

const gated: ReadonlySet<string> = new Set(['MedicationRequest', 'MedicationDispense']);

/** Whether two at once could each pass the check that both together fail: then they go one after the other. */
export function mustTakeTurns(context: RequestContext, operations: readonly WriteOperation[]): boolean {
  return context.asker.kind !== 'operator' && operations.some(({ type }) => gated.has(type));
}

/** A professional in another's record, or a program that is not just bringing in what another system holds. */
function isPrescriber(context: RequestContext, { decision }: Plan): boolean {
  if (context.asker.kind === 'client') return context.referencesMustStand !== true;
  return decision?.rule === 'grant' || decision?.rule === 'edit-grant' || decision?.rule === 'break-glass';
}

/** Undefined where nothing in the change is a medicine: then nothing is read either. */
export async function checkClinically(
  client: Queryable | undefined,
  deps: Deps,
  context: RequestContext,
  plans: readonly Plan[],
): Promise<ClinicalResult | undefined> {
  const given = plans.filter(
    ({ operation: o, patientId, settled }) =>
      settled !== true &&
      // A dose that a person ticked is of a medicine that was checked when it came.
      !(
        context.asker.kind === 'person' &&
        o.type === 'MedicationAdministration' &&
        o.id.startsWith(tickPrefix)
      ) &&
      patientId !== '' &&
      isCheckedType(o.type) &&
      (o.method === 'create' || o.method === 'update') &&
      isGiven(o.resource),
  );
  if (given.length === 0) return undefined;
  const patientIds = [...new Set(given.map(({ patientId }) => patientId))].sort();
  if (client && context.asker.kind !== 'operator') await lockWords(client, patientIds.map(lockOf));
  const today = new Date(deps.now()).toISOString().slice(0, 10);
  const records = await readClinicalRecords(client, deps, context, patientIds, plans, today);
  const overrides = new Map<Plan, string>();
  const issues: IssueBeside[] = [];
  const made = new Set<string>();
  for (const plan of given) {
    const { operation: o, patientId } = plan;
    const record = records.get(patientId);
    if (record === undefined || (o.method !== 'create' && o.method !== 'update')) continue;
    const resource: Resource = { ...o.resource, id: o.id };
    const medicine = record.medicineOf(resource);
    const person = await withWeight(client, deps, patientId, record, medicine, today);
    const found = markJoined(checkMedicine(medicine, record, person, today), record.joinedOn);
    const severe = found.filter((one) => one.severity === 'severe');
    const asked = gated.has(o.type) && isPrescriber(context, plan);
    const seen = (one: Finding) => one.with === undefined || !record.hidden.has(one.with);
    const reasoned = overriddenRules(resource);
    const open = severe.filter((one) => seen(one) && !reasoned.has(one.rule));
    if (asked && open.length > 0)
      return { overrides, issues, refused: { plan, rules: rulesOf(open), error: refusal(o.type, open) } };
    const overridden = severe.filter((one) => seen(one) && reasoned.has(one.rule));
    if (overridden.length > 0) overrides.set(plan, rulesOf(overridden));
    for (const finding of severe.filter((one) => !seen(one) || !reasoned.has(one.rule))) {
      const id = issueId(patientId, medicine.key, finding);
      if (record.issues.has(id) || made.has(id)) continue;
      made.add(id);
      const at = new Date(deps.now()).toISOString();
      issues.push({
        plan,
        id,
        resource: detectedIssue(finding, { id, patientId, medicine: medicine.key, at }),
        rule: finding.rule,
      });
    }
  }
  return { overrides, issues };
}

const rulesOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.map(({ rule }) => rule))].sort().join(' ');

function refusal(type: string, findings: readonly Finding[]): FhirError {
  const once = [...new Map(findings.map((one) => [one.rule, one])).values()];
  return new FhirError(
    422,
    once.map((one) => ({
      severity: 'error',
      code: 'business-rule',
      details: {
        coding: [{ system: ruleSystem, code: one.rule, display: one.words }],
        text: `${fullWords(one)} Source: ${one.source.name}, ${one.source.year}, ${one.source.address}`,
      },
      diagnostics: `${fullWords(one)} It is stored only with a reason: a contained DetectedIssue in detectedIssue that names the rule ${one.rule} and has a mitigation.`,
      expression: [`${type}.medication`],
    })),
  );
}

/** The same finding about the same entries has one id, so that it is recorded once. */
function issueId(patientId: string, medicine: string, { rule, with: other = '' }: Finding): string {
  const hash = createHash('sha256').update(JSON.stringify([patientId, rule, [medicine, other].sort()]));
  return `issue-${hash.digest('hex').slice(0, 40)}`;
}

/** A lock's number: 63 bits of a hash, apart from those of searches. */
function lockOf(patientId: string): bigint {
  return createHash('sha256').update(`medicines of ${patientId}`).digest().readBigInt64BE(0);
}
