// Hostile and mistaken forms: each is refused at the right field with the right code, and nothing ever throws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sectionIds, type SectionId } from '../../../core/record/facts.ts';
import { plainPhone, validateForm } from '../../../core/record/validate-forms.ts';

const today = '2026-11-20';

const refused: readonly (readonly [section: SectionId, form: unknown, field: string, code: string])[] = [
  ['identity', {}, 'name', 'required'],
  ['identity', { name: '   ' }, 'name', 'required'],
  ['identity', { name: 'x'.repeat(201) }, 'name', 'too-long'],
  ['identity', { name: 'A\u0000B' }, 'name', 'control-character'],
  ['identity', { name: 'A\nB' }, 'name', 'control-character'],
  ['identity', { name: 'A\u202eB' }, 'name', 'control-character'],
  ['identity', { name: '\ud800' }, 'name', 'control-character'],
  ['identity', { name: 7 }, 'name', 'not-text'],
  ['identity', { name: 'A', birthDate: '2026-11-21' }, 'birthDate', 'in-the-future'],
  ['identity', { name: 'A', birthDate: '2027' }, 'birthDate', 'in-the-future'],
  ['identity', { name: 'A', birthDate: '1850-01-01' }, 'birthDate', 'too-long-ago'],
  ['identity', { name: 'A', birthDate: '2023-02-29' }, 'birthDate', 'not-a-date'],
  ['identity', { name: 'A', birthDate: '2023-13-01' }, 'birthDate', 'not-a-date'],
  ['identity', { name: 'A', birthDate: '31/12/1980' }, 'birthDate', 'not-a-date'],
  ['identity', { name: 'A', birthDate: 19800201 }, 'birthDate', 'not-a-date'],
  ['identity', { name: 'A', sex: 'f' }, 'sex', 'unknown-choice'],
  ['identity', { name: 'A', languages: ['en', 'en'] }, 'languages', 'twice'],
  ['identity', { name: 'A', languages: ['<b>'] }, 'languages.0', 'not-a-language'],
  [
    'identity',
    { name: 'A', photo: { url: 'https://evil.example/x', contentType: 'image/png' } },
    'photo.url',
    'not-an-address',
  ],
  [
    'identity',
    { name: 'A', photo: { url: '//evil.example/x', contentType: 'image/png' } },
    'photo.url',
    'not-an-address',
  ],
  [
    'identity',
    { name: 'A', photo: { url: 'javascript:alert(1)', contentType: 'image/png' } },
    'photo.url',
    'not-an-address',
  ],
  ['address', { phone: 'call me' }, 'phone', 'not-a-phone-number'],
  ['address', { phone: '12' }, 'phone', 'not-a-phone-number'],
  ['address', { phone: '+1234567890123456' }, 'phone', 'not-a-phone-number'],
  ['address', { email: 'no at sign' }, 'email', 'not-an-e-mail'],
  ['address', { lines: ['x', 4] }, 'lines.1', 'not-text'],
  ['address', { lines: 'x' }, 'lines', 'not-a-form'],
  ['allergies', {}, 'substance', 'required'],
  ['allergies', { substance: 'Penicillin' }, 'substance', 'not-a-form'],
  ['allergies', { substance: { text: '' } }, 'substance.text', 'required'],
  ['allergies', { substance: { text: 'X', listId: 'warfarin' } }, 'substance.listId', 'unknown-choice'],
  ['allergies', { substance: { text: 'X', listId: 'constructor' } }, 'substance.listId', 'unknown-choice'],
  ['allergies', { substance: { text: 'X' }, severity: 'deadly' }, 'severity', 'unknown-choice'],
  ['allergies', { substance: { text: 'X' }, reactions: [null] }, 'reactions.0', 'required'],
  [
    'allergies',
    { substance: { text: 'X' }, reactions: Array.from({ length: 51 }, () => ({ text: 'r' })) },
    'reactions',
    'too-many',
  ],
  ['allergies', { substance: { text: 'X' }, since: '2030' }, 'since', 'in-the-future'],
  ['conditions', { condition: { text: 'X' }, note: 'n'.repeat(1001) }, 'note', 'too-long'],
  ['medicines', { medicine: { text: 'X' }, doseValue: -1 }, 'doseValue', 'too-small'],
  ['medicines', { medicine: { text: 'X' }, doseValue: '5' }, 'doseValue', 'not-a-number'],
  ['medicines', { medicine: { text: 'X' }, doseValue: Number.NaN }, 'doseValue', 'not-a-number'],
  [
    'medicines',
    { medicine: { text: 'X' }, frequency: { times: 0, period: 1, unit: 'd' } },
    'frequency.times',
    'too-small',
  ],
  [
    'medicines',
    { medicine: { text: 'X' }, frequency: { times: 1, period: 1, unit: 'fortnight' } },
    'frequency.unit',
    'unknown-choice',
  ],
  ['medicines', { medicine: { text: 'X' }, route: 'by mouth' }, 'route', 'unknown-choice'],
  ['medicines', { medicine: { text: 'X' }, asNeeded: 'yes' }, 'asNeeded', 'unknown-choice'],
  ['vaccinations', { vaccine: { text: 'Tetanus' } }, 'date', 'required'],
  ['vaccinations', { vaccine: { text: 'Tetanus' }, date: '2026-11-21' }, 'date', 'in-the-future'],
  [
    'vaccinations',
    { vaccine: { text: 'Tetanus' }, date: '2020', doseNumber: 1.5 },
    'doseNumber',
    'not-a-number',
  ],
  ['implants', { implant: { text: 'X' }, mri: 'maybe' }, 'mri', 'unknown-choice'],
  ['blood-group', {}, 'group', 'required'],
  ['blood-group', { group: 'C+' }, 'group', 'unknown-choice'],
  ['body', {}, 'weightKg', 'required'],
  ['body', { weightKg: 0.29 }, 'weightKg', 'too-small'],
  ['body', { weightKg: 501 }, 'weightKg', 'too-large'],
  ['body', { heightCm: 19 }, 'heightCm', 'too-small'],
  ['body', { heightCm: 1e308 }, 'heightCm', 'too-large'],
  ['pregnancy', { state: 'pregnant', due: '2026-11-19' }, 'due', 'too-long-ago'],
  ['pregnancy', { state: 'pregnant', due: '2029-01-01' }, 'due', 'too-far-ahead'],
  ['care-team', { doctor: {} }, 'doctor.name', 'required'],
  ['care-team', { hospital: { name: 'K', phone: 'x' } }, 'hospital.phone', 'not-a-phone-number'],
  ['contacts', {}, 'contacts', 'required'],
  ['contacts', { contacts: [{ name: 'Ravi' }] }, 'contacts.0.phone', 'required'],
  [
    'contacts',
    {
      contacts: [
        { name: 'A', phone: '+91 90000 41122' },
        { name: 'B', phone: '+91-9000041122' },
      ],
    },
    'contacts.1.phone',
    'twice',
  ],
  ['organ-donor', { answer: 'some' }, 'organs', 'required'],
  ['organ-donor', { answer: 'maybe' }, 'answer', 'unknown-choice'],
  ['directives', { kind: 'will' }, 'kind', 'unknown-choice'],
  [
    'documents',
    { title: 'X', kind: 'other', url: 'data:text/html,x', contentType: 'text/html', sizeBytes: 1 },
    'url',
    'not-an-address',
  ],
];

for (const [section, form, field, code] of refused) {
  test(`${section} ${JSON.stringify(form)?.slice(0, 70)} is refused at ${field}: ${code}`, () => {
    assert.deepEqual(validateForm(section, form, today), [{ field, code }]);
  });
}

test('a form of ten million characters is refused without being repeated', () => {
  const problems = validateForm('identity', { name: 'x'.repeat(10_000_000) }, today);
  assert.deepEqual(problems, [{ field: 'name', code: 'too-long' }]);
});

test('anything that is no form is refused for every section', () => {
  for (const section of sectionIds)
    for (const form of [undefined, null, 7, 'x', [], true])
      assert.deepEqual(validateForm(section, form, today), [{ field: '', code: 'not-a-form' }]);
});

test('no JSON value makes the check of any form throw', () => {
  fc.assert(
    fc.property(fc.constantFrom(...sectionIds), fc.jsonValue(), fc.jsonValue(), (section, a, b) => {
      validateForm(section, a, today);
      const fields = [
        'name',
        'lines',
        'substance',
        'reactions',
        'contacts',
        'organs',
        'doctor',
        'photo',
        'languages',
        'frequency',
        'localNames',
      ];
      validateForm(
        section,
        Object.fromEntries(fields.map((field, place) => [field, place % 2 === 0 ? a : b])),
        today,
      );
    }),
  );
});

const phones: readonly (readonly [written: string, plain: string | undefined])[] = [
  ['+91 90000-41122', '+919000041122'],
  ['0091 90000 41122', '+919000041122'],
  ['(0821) 555.0140', '08215550140'],
  ['112', '112'],
  ['+', undefined],
  ['१२३४५६७', undefined],
  ['tel:112', undefined],
  ['90000 41122 ext 5', undefined],
];
for (const [written, plain] of phones)
  test(`the phone number ${written} is ${plain ?? 'refused'}`, () =>
    assert.equal(plainPhone(written), plain));
