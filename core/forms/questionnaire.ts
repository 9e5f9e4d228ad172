// A form as FHIR Questionnaire (R4, with the extensions for units, ranges and translations). Knows no answers.
import type { JsonObject, Resource } from '../fhir/types.ts';
import { ucum } from '../record/code-systems.ts';
import type { Field, FieldKind, Form, Group, Option, Words } from './form.ts';
import { fieldSystem, formUrl, optionSystem } from './form.ts';

const core = 'http://hl7.org/fhir/StructureDefinition';

const typeOf: Readonly<Record<FieldKind, string>> = {
  decimal: 'decimal',
  integer: 'integer',
  choice: 'choice',
  text: 'string',
  lines: 'text',
  date: 'date',
  'yes-no': 'boolean',
  file: 'attachment',
};

/** The code of a field: of a public system where one is certain, else our own. */
export function codingOfField(form: Form, field: Field): JsonObject {
  return field.code
    ? { ...field.code }
    : { system: fieldSystem, code: `${form.id}.${field.id}`, display: field.words[0] };
}

export function codingOfOption({ id, words, code }: Option): JsonObject {
  return code
    ? { ...code, ...(code.display ? {} : { display: words[0] }) }
    : { system: optionSystem, code: id, display: words[0] };
}

export function questionnaireOf(form: Form): Resource {
  return {
    resourceType: 'Questionnaire',
    id: form.id,
    meta: { tag: [{ system: 'urn:medallion:form-audience', code: form.audience }] },
    url: formUrl(form.id),
    version: form.version,
    name: form.id
      .replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
      .replace(/[^A-Za-z0-9_]/g, ''),
    title: form.words[0],
    _title: inHindi(form.words),
    status: 'active',
    subjectType: ['Patient'],
    item: form.groups.map((group) => groupItem(form, group)),
  };
}

function groupItem(form: Form, group: Group): JsonObject {
  return {
    linkId: group.id,
    text: group.words[0],
    _text: inHindi(group.words),
    type: 'group',
    ...(group.repeats ? { repeats: true } : {}),
    item: group.fields.map((field) => fieldItem(form, field)),
  };
}

function fieldItem(form: Form, field: Field): JsonObject {
  const extension: JsonObject[] = [];
  if (field.unit)
    extension.push({
      url: `${core}/questionnaire-unit`,
      valueCoding: { system: ucum, code: field.unit.ucum, display: field.unit.text || field.unit.ucum },
    });
  if (field.range) {
    const [low, high] = field.range;
    const value = field.kind === 'integer' ? 'valueInteger' : 'valueDecimal';
    extension.push({ url: `${core}/minValue`, [value]: low }, { url: `${core}/maxValue`, [value]: high });
  }
  return {
    ...(extension.length > 0 ? { extension } : {}),
    linkId: field.id,
    code: [codingOfField(form, field)],
    text: field.words[0],
    _text: inHindi(field.words),
    type: field.kind === 'choice' && field.open ? 'open-choice' : typeOf[field.kind],
    ...(field.required ? { required: true } : {}),
    ...(field.repeats ? { repeats: true } : {}),
    ...(field.computed ? { readOnly: true } : {}),
    ...(field.kind === 'text' ? { maxLength: longestText } : {}),
    ...(field.kind === 'lines' ? { maxLength: longestLines } : {}),
    ...(field.options ? { answerOption: field.options.map(optionElement) } : {}),
  };
}

function optionElement(option: Option): JsonObject {
  return { valueCoding: { ...codingOfOption(option), _display: inHindi(option.words) } };
}

const inHindi = ([, hi]: Words): JsonObject => ({
  extension: [
    {
      url: `${core}/translation`,
      extension: [
        { url: 'lang', valueCode: 'hi' },
        { url: 'content', valueString: hi },
      ],
    },
  ],
});

export const longestText = 500;
export const longestLines = 5000;
