// What is ordered as a whole has a code only where laboratories report under it what was asked for: held against real reports.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fieldsOf } from '../../../core/forms/form.ts';
import { form as electrolytes } from '../../../core/forms/shipped/electrolytes.ts';
import { form as glucose } from '../../../core/forms/shipped/glucose.ts';
import { form as haematology } from '../../../core/forms/shipped/haematology.ts';
import { form as lipids } from '../../../core/forms/shipped/lipids.ts';
import { form as urine } from '../../../core/forms/shipped/urine.ts';
import { panelCodes } from '../../../core/record/code-lists/examinations.ts';
import { testWithSharedData } from '../../shared-data.ts';

interface Entry {
  readonly fullUrl: string;
  readonly resource: {
    readonly resourceType: string;
    readonly code?: { readonly coding?: readonly { readonly code: string; readonly display: string }[] };
    readonly result?: readonly { readonly reference: string }[];
  };
}

/** Names of what reports under a panel's code hold, in small letters, by the code. */
function reported(folder: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const bundles = join(folder, 'synthea');
  for (const file of readdirSync(bundles).filter((name) => name.endsWith('.json'))) {
    const { entry = [] } = JSON.parse(readFileSync(join(bundles, file), 'utf8')) as { entry?: Entry[] };
    const names = new Map(
      entry.map(({ fullUrl, resource }) => [fullUrl, resource.code?.coding?.[0]?.display ?? ''] as const),
    );
    for (const { resource } of entry) {
      const [coding] = resource.resourceType === 'DiagnosticReport' ? (resource.code?.coding ?? []) : [];
      if (coding === undefined || resource.result === undefined) continue;
      const members = found.get(coding.code) ?? new Set();
      for (const { reference } of resource.result) members.add((names.get(reference) ?? '').toLowerCase());
      found.set(coding.code, members);
    }
  }
  return found;
}

describe('the code of a panel', () => {
  for (const [form, code] of [
    [haematology, '58410-2'],
    [lipids, '24331-1'],
    [urine, '24356-8'],
    [electrolytes, undefined],
    [glucose, undefined],
  ] as const)
    it(`of ${form.id} is ${code ?? 'none, and it is found by its usual names'}`, () => {
      const { codes, aliases } = panelCodes(form.id);
      assert.deepEqual(
        codes.map((one) => one.code),
        code === undefined ? [] : [code],
      );
      assert.ok(aliases.length > 0);
    });

  testWithSharedData(
    'metabolic panels of real laboratories hold what salts and kidneys do not ask for',
    (folder) => {
      const asked = fieldsOf(electrolytes).map(({ id }) => id);
      assert.deepEqual(asked, ['sodium', 'potassium', 'creatinine', 'urea']);
      const panels = reported(folder);
      for (const code of ['51990-0', '24323-8']) {
        const members = [...(panels.get(code) ?? [])];
        assert.ok(
          members.some((name) => name.includes('sodium')),
          code,
        );
        for (const more of ['glucose', 'calcium', 'chloride', 'carbon dioxide'])
          assert.ok(
            members.some((name) => name.includes(more)),
            `${code}: ${more}`,
          );
      }
    },
  );
});
