// Any form filled in completely, for tests: every field answered, repeating groups twice. Knows no form by name.
import type { Field, Form, Group } from '../../../core/forms/form.ts';
import { formUrl } from '../../../core/forms/form.ts';
import { codingOfOption } from '../../../core/forms/questionnaire.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';

export const fileUrl = 'https://medallion.example/api/files/0197c0de-0000-7000-8000-000000000001';

export function answerOf(field: Field): JsonObject {
  switch (field.kind) {
    case 'decimal':
      return { valueDecimal: middle(field) };
    case 'integer':
      return { valueInteger: Math.round(middle(field)) };
    case 'choice': {
      // The last of them: "no" often stands first, and leaves less.
      const option = field.options?.at(-1);
      return option ? { valueCoding: codingOfOption(option) } : { valueString: 'Something' };
    }
    case 'text':
      // A reason names the rule it is for.
      return { valueString: field.as === 'reason' ? 'qt-qt: Watched by ECG' : `About ${field.id}` };
    case 'lines':
      return { valueString: `First line about ${field.id}\nsecond line` };
    case 'date':
      return { valueDate: field.as === 'until' ? '2027-03-01' : '2026-02-28' };
    case 'yes-no':
      // A wish that is taken back leaves less.
      return { valueBoolean: field.as !== 'revoked' };
    case 'file':
      return { valueAttachment: { url: fileUrl, contentType: 'application/pdf', title: 'A paper' } };
  }
}

const middle = ({ range: [low, high] = [0, 10] }: Field): number => Math.round((low + high) / 2);

export const itemOf = (group: Group, fields: readonly Field[] = group.fields): JsonObject => ({
  linkId: group.id,
  item: fields
    .filter(({ computed }) => computed === undefined)
    .map((field) => ({ linkId: field.id, answer: [answerOf(field)] })),
});

export function filledForm(form: Form, patientId = 'p1'): Resource {
  return {
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${formUrl(form.id)}|${form.version}`,
    status: 'completed',
    subject: { reference: `Patient/${patientId}` },
    authored: '2026-03-01T10:00:00Z',
    item: form.groups.flatMap((group) => (group.repeats ? [itemOf(group), itemOf(group)] : [itemOf(group)])),
  };
}
