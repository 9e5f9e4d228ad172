// Groups that say what somebody wants: directives, organ donation.
import type { JsonObject } from '../fhir/types.ts';
import { consentCategory, consentScope, loinc, v3RoleCode } from '../record/code-systems.ts';
import type { Answer } from './answers.ts';
import { observation } from './extract-measures.ts';
import type { Field } from './form.ts';
import type { Making, Parts } from './making.ts';
import { addDocuments, codings, conceptOfAnswer, conceptOfField, said, subjectOf } from './making.ts';

function consent(making: Making, category: JsonObject[], policy: string, more: JsonObject): string {
  return making.add({
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: consentScope, code: 'adr' }] },
    category,
    patient: subjectOf(making),
    dateTime: making.authored,
    // ppc-1 asks for a policy: the words of the person are the rule.
    policyRule: { text: policy },
    ...more,
  });
}

const directive = (code: string): JsonObject => ({ coding: [{ system: consentCategory, code }] });

export function addDirective(making: Making, parts: Parts): void {
  const [kind] = parts.all('kind');
  if (kind?.kind !== 'option') return;
  const { id, words, code } = kind.option;
  const on = parts.date('date');
  const agent = parts.words('agent');
  const papers = parts.files('paper');
  const [wishes] = parts.texts('words');
  const type = codings(words[0], ...(code && code.system === loinc ? [code] : []));
  addDocuments(making, papers, type, on ? { on } : {});
  const category = id === 'dnr' ? [directive('dnr')] : [directive('acd'), conceptOfAnswer(kind)];
  consent(
    making,
    category,
    wishes ?? `${words[0]}, as written in the signed paper`,
    said({
      dateTime: on ?? making.authored,
      sourceAttachment: papers[0],
      // Health care power of attorney (v3-RoleCode).
      provision: agent
        ? {
            actor: [
              { role: { coding: [{ system: v3RoleCode, code: 'HPOWATT' }] }, reference: { display: agent } },
            ],
          }
        : undefined,
    }),
  );
}

export function addMedicationDirective(making: Making, field: Field, answers: readonly Answer[]): void {
  for (const answer of answers)
    if (answer.kind === 'text')
      consent(making, [directive('acd'), conceptOfField(making.form, field)], answer.text, {});
}

/** The wish as an Observation, which the emergency card reads; what was declared as a Consent, which can be taken back. */
export function addOrganDonation(making: Making, parts: Parts): void {
  const [wish] = parts.all('wish');
  if (wish?.kind !== 'option') return;
  const revoked = parts.flag('revoked') === true;
  const on = parts.date('date');
  const organs = parts.all('organ');
  const field = parts.field('wish');
  const no = field?.options?.find(({ id }) => id === 'no');
  observation(making, 'social-history', codings('Organ donation wish', { system: loinc, code: '75781-5' }), {
    effectiveDateTime: on ?? making.authored,
    valueCodeableConcept: conceptOfAnswer(revoked && no ? { kind: 'option', option: no } : wish),
    ...(organs.length > 0 && !revoked
      ? {
          component: organs.map((organ) => ({
            code: codings('Organ or tissue offered'),
            valueCodeableConcept: conceptOfAnswer(organ),
          })),
        }
      : {}),
  });
  const informed = parts.flag('informed');
  const contact = parts.words('contact');
  consent(
    making,
    [directive('acd'), codings('Organ donation')],
    `Organ donation: ${wish.option.words[0]}. It can be taken back at any time.`,
    said({
      status: revoked ? 'inactive' : parts.flag('declared') === true ? 'active' : 'proposed',
      dateTime: on ?? making.authored,
      verification:
        informed === undefined && contact === undefined
          ? undefined
          : [said({ verified: informed ?? false, verifiedWith: contact ? { display: contact } : undefined })],
    }),
  );
}
