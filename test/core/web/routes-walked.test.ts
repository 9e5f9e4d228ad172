// Every route of the web app is walked by a test of all pages, or it is said where else: a page that is added and forgotten there fails here.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as addresses from '../../../web/paths.ts';
import {
  entryPages,
  openPages,
  signedInPages,
  staffWalks,
  walkedElsewhere,
} from '../../harness/page-walks.ts';

const web = join(import.meta.dirname, '../../../web');

/** What `paths.home` or `witnessPath` is in web/paths.ts. */
function addressOf(name: string): string {
  const found = name
    .split('.')
    .reduce<unknown>((from, part) => (from as Record<string, unknown>)[part], addresses);
  assert.equal(typeof found, 'string', `${name} is an address`);
  return String(found);
}

/** The pattern of one `path:` of a route: a name of paths.ts, a literal, or a template of both. */
function patternOf(expression: string, parents: readonly string[]): readonly string[] {
  if (!/^[`']/.test(expression)) return [addressOf(expression)];
  const text = expression.slice(1, -1);
  if (text.includes('${parent}')) return parents.map((parent) => text.replace('${parent}', parent));
  return [text.replace(/\$\{([\w.]+)\}/g, (_, name: string) => addressOf(name))];
}

function routesOf(file: string): readonly string[] {
  const text = readFileSync(join(web, file), 'utf8');
  const parents = [...text.matchAll(/formsOf\((['`][^)]*['`])\)/g)].flatMap(([, of = '']) =>
    patternOf(of, []),
  );
  const named = text.matchAll(
    /\bpath: (?!string,)(`[^`]*`|'[^']*'|[\w.]+),|\bpage\(\s*(`[^`]*`|'[^']*'|[\w.]+),/g,
  );
  return [...named].flatMap(([, one, two]) => patternOf(one ?? two ?? '', parents));
}

const files = readdirSync(web).filter((file) => file.endsWith('routes.tsx'));
const routes = [...new Set(files.flatMap(routesOf))];
const walked = [...openPages, ...signedInPages, ...Object.values(staffWalks).flat()].map(
  (path) => path.replace(/\{[^}]*\}/g, 'x').split('?')[0] ?? '',
);
const fits = (route: string, path: string): boolean =>
  new RegExp(`^${route.replace(/\$\w+/g, '[^/]+')}$`).test(path);
const openParts = (route: string): number => route.split('$').length;
/** As in the router, the pattern with the fewest open parts wins: `/uploads/paper` is no `/uploads/$id`. */
const isWalked = (route: string): boolean =>
  walked.some(
    (path) =>
      fits(route, path) && !routes.some((other) => openParts(other) < openParts(route) && fits(other, path)),
  );

describe('routes', () => {
  it('are read: those of every area', () => {
    assert.ok(files.length >= 6, files.join());
    for (const known of [
      '/',
      '/home',
      '/record/$section/add',
      '/clinic/patients/$id/forms/$form',
      '/laboratory/$id',
    ])
      assert.ok(routes.includes(known), `${known} in ${routes.join(' ')}`);
  });

  it('are each walked in a test of all pages, or it is said where they are checked', () => {
    const byLinks: readonly string[] = Object.values(entryPages);
    const forgotten = routes.filter(
      (route) => !isWalked(route) && !byLinks.includes(route) && walkedElsewhere[route] === undefined,
    );
    assert.deepEqual(forgotten, []);
  });

  it('have no excuse that is not needed, and each excuse is a test that there is', () => {
    const needless = Object.keys(walkedElsewhere).filter(
      (route) => !routes.includes(route) || isWalked(route),
    );
    assert.deepEqual(needless, []);
    for (const reason of Object.values(walkedElsewhere)) {
      const [file] = /^test\/[\w/.-]+\.ts/.exec(reason) ?? [];
      if (file !== undefined) assert.notEqual(readFileSync(join(web, '..', file), 'utf8'), '');
    }
  });
});
