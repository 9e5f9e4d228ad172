// Who says so: what the server tagged decides whether it is verified, never what the resource says of itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorTag } from '../../../core/record/code-systems.ts';
import { readSource } from '../../../core/record/read-source.ts';
import { recordIndex } from '../../../core/record/record-index.ts';

const laboratory = { reference: 'Organization/k', display: 'Kaveri Diagnostics' };
const tagged = (code: string | undefined, resource: object) => ({
  ...resource,
  ...(code === undefined ? {} : { meta: { tag: [{ system: authorTag, code }] } }),
});

for (const { resourceType, key } of [
  { resourceType: 'DiagnosticReport', key: 'performer' },
  { resourceType: 'Observation', key: 'performer' },
  { resourceType: 'MedicationRequest', key: 'requester' },
])
  for (const { code, verified, who } of [
    { code: 'organization', verified: true, who: 'Kaveri Diagnostics' },
    { code: 'professional', verified: true, who: 'Kaveri Diagnostics' },
    { code: 'patient', verified: false, who: undefined },
    { code: 'import', verified: false, who: 'Kaveri Diagnostics' },
    { code: 'root', verified: false, who: 'Kaveri Diagnostics' },
    { code: undefined, verified: false, who: 'Kaveri Diagnostics' },
  ])
    test(`a ${resourceType} that names a laboratory, brought by ${code ?? 'nobody'}, is ${verified ? '' : 'not '}verified`, () => {
      const resource = tagged(code, {
        resourceType,
        [key]: key === 'requester' ? laboratory : [laboratory],
      });
      const source = readSource(recordIndex([resource]), resource);
      assert.equal(source.verified, verified);
      assert.equal(source.who, who);
    });
