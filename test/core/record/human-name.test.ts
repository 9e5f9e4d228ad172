// Which of a person's names is the name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentName } from '../../../core/record/human-name.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';

const hindi = (use: string): JsonObject => ({
  use,
  text: 'आशा राव',
  _text: {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/language', valueCode: 'hi' }],
  },
});

const cases: readonly [rule: string, names: JsonObject[], shown: string][] = [
  [
    'official goes before usual',
    [
      { use: 'usual', text: 'Asha' },
      { use: 'official', text: 'Asha Rao' },
    ],
    'Asha Rao',
  ],
  [
    'usual goes before a name without a use',
    [{ text: 'A. Rao' }, { use: 'usual', text: 'Asha Rao' }],
    'Asha Rao',
  ],
  ['the same name in another script never stands for it', [hindi('usual'), { text: 'Asha Rao' }], 'Asha Rao'],
  ['not even as the official one', [hindi('official'), { use: 'nickname', text: 'Ashu' }], 'Ashu'],
  ['it is better than a former name', [{ use: 'old', text: 'Asha Bhat' }, hindi('usual')], 'आशा राव'],
  [
    'an ended name comes last',
    [{ use: 'official', text: 'Asha Bhat', period: { end: '2004' } }, { text: 'Asha Rao' }],
    'Asha Rao',
  ],
];

for (const [rule, name, shown] of cases) {
  test(`name: ${rule}`, () => {
    assert.equal(agentName({ resourceType: 'Patient', name }), shown);
  });
}
