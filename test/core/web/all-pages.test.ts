// A record of many pages is read to its end, or not at all.
import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { Bundle } from '@medplum/fhirtypes';
import { readAllPages } from '../../../web/api/all-pages.ts';

const page = (ids: readonly string[], next?: string): Bundle => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(next === undefined
    ? {}
    : {
        link: [
          { relation: 'self', url: 'x' },
          { relation: 'next', url: next },
        ],
      }),
  entry: ids.map((id) => ({ resource: { resourceType: 'Basic', id, code: {} } })),
});

describe('all pages of a search', () => {
  it('follow each other by path, whatever host the server calls itself by', async () => {
    const asked: string[] = [];
    const pages: Record<string, Bundle> = {
      '/fhir/R4/x?_count=2': page(['a', 'b'], 'https://elsewhere.example/fhir/R4/x?_count=2&after=b'),
      '/fhir/R4/x?_count=2&after=b': page(['c']),
    };
    const found = await readAllPages('/fhir/R4/x?_count=2', (path) => {
      asked.push(path);
      return Promise.resolve(pages[path] ?? page([]));
    });
    assert.deepEqual(
      found.map(({ id }) => id),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(asked, Object.keys(pages));
  });
  it('leave out what is said about the search', async () => {
    const entry = [
      { resource: { resourceType: 'Basic' as const, id: 'a', code: {} } },
      {
        resource: { resourceType: 'OperationOutcome' as const, issue: [] },
        search: { mode: 'outcome' as const },
      },
      {},
    ];
    const found = await readAllPages('/x', () => Promise.resolve({ ...page([]), entry }));
    assert.deepEqual(
      found.map(({ id }) => id),
      ['a'],
    );
  });
  it('a page that fails fails all of it', async () => {
    const read = (path: string): Promise<Bundle> =>
      path === '/x' ? Promise.resolve(page(['a'], '/y')) : Promise.reject(new Error('gone'));
    await assert.rejects(readAllPages('/x', read), /gone/);
  });
  it('without an end is refused', async () => {
    await assert.rejects(
      readAllPages('/x', () => Promise.resolve(page(['a'], '/x'))),
      RangeError,
    );
  });
});
