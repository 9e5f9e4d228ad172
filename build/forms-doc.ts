// Writes docs/forms.md: every field that people keep, the question that asks for it, and its home in FHIR.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Form } from '../core/forms/form.ts';
import { homeOf } from '../core/forms/homes.ts';
import type { Home } from '../core/forms/sheet.ts';
import { sheet } from '../core/forms/sheet.ts';
import { shippedForms } from '../server/fhir/shipped-forms.ts';

const target = path.join(import.meta.dirname, '..', 'docs', 'forms.md');

const intro = `# Forms and fields

Made by \`node build/forms-doc.ts\` from \`core/forms\`; a test holds it to what the forms do. Each form is a file in
\`core/forms/shipped\` and is served as a FHIR Questionnaire at \`GET /api/forms/<form>\`. A filled one
goes to \`POST /api/forms/<form>\` (stored with all it says, in one transaction) or \`QuestionnaireResponse/$extract\` (shown, not stored).
Codes are LOINC, SNOMED CT, HL7 and ISO 3950 where they are certain, else our own (\`urn:medallion:form-field\`, \`urn:medallion:form-option\`).
`;

export async function formsDocument(): Promise<string> {
  const forms = await shippedForms();
  const rows = sheet.map(({ title, rows: fields }) => {
    const lines = fields.flatMap(([field, ...homes]) =>
      homes.map((home, i) => `| ${i === 0 ? field : ''} | ${told(forms, home).join(' | ')} |`),
    );
    return `## ${title}\n\n| field | asked in | kept in |\n|---|---|---|\n${lines.join('\n')}\n`;
  });
  const text = [intro, ...rows].join('\n');
  return format(text, { ...(await resolveConfig(target)), filepath: target });
}

function told(forms: ReadonlyMap<string, Form>, home: Home): [string, string] {
  if (typeof home !== 'string') return [home[1], `\`${home[0]}\``];
  const [formId = '', linkId = ''] = home.split(':');
  const group = forms.get(formId)?.groups.find(({ fields }) => fields.some(({ id }) => id === linkId));
  const field = group?.fields.find(({ id }) => id === linkId);
  if (group === undefined || field === undefined) throw new Error(`there is no field ${home}`);
  const unit = field.unit?.text ? ` (${field.unit.text})` : '';
  return [`${formId} · \`${linkId}\`${unit}`, `\`${homeOf(group, field) ?? 'nowhere'}\``];
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, await formsDocument());
