// The rules of the house that no compiler holds: who may import whom, what a file looks like, where SQL and the environment are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');

interface SourceFile {
  /** From the top folder, with forward slashes. */
  path: string;
  text: string;
  lines: string[];
  imports: string[];
}

/** What git knows or would add: no built output, no packages. */
function listFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((path) => path !== '');
}

function readSource(path: string): SourceFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, path), 'utf8');
  } catch {
    // Deleted, but not yet committed as such.
    return undefined;
  }
  return { path, text, lines: text.split('\n'), imports: importsOf(path, text) };
}

/** Packages by name, own files by their path from the top folder. */
function importsOf(path: string, text: string): string[] {
  const named = text.matchAll(
    /^\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...named].map(([, one, two, three]) => {
    const what = one ?? two ?? three ?? '';
    return what.startsWith('.') ? normalize(join(dirname(path), what)) : what;
  });
}

/** Configuration of tools, whose form the tools prescribe. */
const isConfiguration = (path: string) => /(^|\/)[\w.-]+\.config\.ts$|\.d\.ts$/.test(path);

const allPaths = listFiles();
const sources = allPaths.filter((path) => /\.tsx?$/.test(path)).flatMap((path) => readSource(path) ?? []);
const production = sources.filter(({ path }) =>
  /^(core|server|web|demo|verifier|witness|build|bench)\//.test(path),
);

const isPackage = (what: string) =>
  !/^(core|server|web|test|demo|verifier|witness|build|bench|contract)\//.test(what);
const isNoble = (what: string) => /^@noble\/(hashes|curves)\//.test(what);
/** `server/fhir/read.ts` is of the capability `fhir`; files directly in `server/` are of none. */
const roomOf = (path: string, top: string) => new RegExp(`^${top}/([^/]+)/`).exec(path)?.[1];

/** Every import that `allowed` refuses, as `file imports what`. */
function refused(
  files: readonly SourceFile[],
  allowed: (what: string, file: SourceFile) => boolean,
): string[] {
  return files.flatMap((file) =>
    file.imports.filter((what) => !allowed(what, file)).map((what) => `${file.path} imports ${what}`),
  );
}

const under = (folder: string) => sources.filter(({ path }) => path.startsWith(`${folder}/`));
/** Rooms of the server that are not capabilities: everybody's helpers, and the store. */
const notCapabilities = new Set(['storage', 'http', 'admin']);
const capabilities = new Set(
  under('server').flatMap(({ path }) => {
    const room = roomOf(path, 'server');
    return room !== undefined && !notCapabilities.has(room) ? [room] : [];
  }),
);

describe('imports', () => {
  test('the rules below look at the whole house', () => {
    assert.ok(sources.length > 200, `${sources.length} files were read`);
    for (const room of ['fhir', 'ledger', 'identity', 'card', 'messages'])
      assert.ok(capabilities.has(room), room);
    const imports = sources.reduce((sum, file) => sum + file.imports.length, 0);
    assert.ok(imports > 1000, `${imports} imports were read`);
    assert.deepEqual(
      importsOf(
        'server/fhir/x.ts',
        `import type {\n  A,\n} from '../a.ts';\nimport './b.ts';\nexport { c } from "pg";\nconst d = await import('./d.ts');`,
      ),
      ['server/a.ts', 'server/fhir/b.ts', 'pg', 'server/fhir/d.ts'],
    );
  });

  test('core imports core and the noble libraries, nothing else', () => {
    assert.deepEqual(
      refused(under('core'), (what) => what.startsWith('core/') || isNoble(what)),
      [],
    );
  });

  test('the verifier imports core, the noble libraries and what Node brings, nothing of the server', () => {
    assert.ok(under('verifier').length > 5);
    assert.deepEqual(
      refused(
        under('verifier'),
        (what) =>
          what.startsWith('core/') ||
          what.startsWith('verifier/') ||
          what.startsWith('node:') ||
          isNoble(what) ||
          // The build of what people take away.
          what === 'vite',
      ),
      [],
    );
  });

  test('the store imports core, packages and its own files', () => {
    const allowed = (what: string) =>
      isPackage(what) ||
      what.startsWith('core/') ||
      what.startsWith('server/storage/') ||
      what === 'server/config.ts';
    assert.deepEqual(refused(under('server/storage'), allowed), []);
  });

  test('the store takes only types from the configuration', () => {
    const taken = under('server/storage').filter(({ text }) =>
      /^import (?!type)[^;]*from '[./]*config\.ts'/m.test(text),
    );
    assert.deepEqual(
      taken.map(({ path }) => path),
      [],
    );
  });

  test('a capability imports core, the store, http, errors and the configuration, never another capability', () => {
    const files = under('server').filter(({ path }) => capabilities.has(roomOf(path, 'server') ?? ''));
    const allowed = (what: string, { path }: SourceFile) =>
      isPackage(what) ||
      what.startsWith('core/') ||
      what.startsWith('server/storage/') ||
      what.startsWith('server/http/') ||
      what.startsWith(`server/${roomOf(path, 'server')}/`) ||
      what === 'server/errors.ts' ||
      what === 'server/config.ts';
    assert.deepEqual(refused(files, allowed), []);
  });

  test('helpers of HTTP know no capability and no table', () => {
    const allowed = (what: string, { path }: SourceFile) =>
      isPackage(what) ||
      what.startsWith('core/') ||
      what.startsWith('server/http/') ||
      what === 'server/errors.ts' ||
      what === 'server/config.ts' ||
      // What every room is given has the store's types in it.
      (path === 'server/http/deps.ts' && what.startsWith('server/storage/'));
    assert.deepEqual(refused(under('server/http'), allowed), []);
  });

  test('only the application, its start and the operator’s tool know several capabilities', () => {
    const joining = new Set([
      'app.ts',
      'people-routes.ts',
      'account-routes.ts',
      'app-routes.ts',
      'card-routes.ts',
      'consent-routes.ts',
      'fhir-routes.ts',
      'file-routes.ts',
      'ledger-routes.ts',
      'results-routes.ts',
      'start.ts',
      'stores.ts',
      'main.ts',
      'admin.ts',
    ]);
    const files = under('server').filter(
      ({ path }) => roomOf(path, 'server') === undefined && !joining.has(basename(path)),
    );
    assert.deepEqual(
      refused(files, (what) => !capabilities.has(roomOf(what, 'server') ?? '')),
      [],
    );
  });

  test('the witness imports core and what Node carries: a partner need not trust the rest of the house', () => {
    const allowed = (what: string) =>
      what.startsWith('core/ledger/') || what.startsWith('witness/') || what.startsWith('node:');
    assert.ok(under('witness').length > 5);
    assert.deepEqual(refused(under('witness'), allowed), []);
  });

  test('a role of the web app imports ui, api, paths, texts and core, never another role, and nothing of the server', () => {
    const shared = new Set(['ui', 'api', 'i18n']);
    const roles = under('web').filter(({ path }) => {
      const room = roomOf(path, 'web');
      return room !== undefined && !shared.has(room);
    });
    const allowed = (what: string, { path }: SourceFile) =>
      isPackage(what) ||
      what.startsWith('core/') ||
      /^web\/(ui|api|i18n)\//.test(what) ||
      what === 'web/paths.ts' ||
      what.startsWith(`web/${roomOf(path, 'web')}/`);
    assert.deepEqual(refused(roles, allowed), []);
    assert.deepEqual(
      refused(under('web'), (what) => !/^(server|test|demo)\//.test(what)),
      [],
    );
  });

  test('ui knows neither router nor api; only api fetches, and the worker that keeps the shell', () => {
    const ui = refused(
      under('web/ui'),
      (what) =>
        !what.startsWith('web/api/') && !what.startsWith('web/patient/') && what !== '@tanstack/react-router',
    );
    assert.deepEqual(ui, []);
    const fetching = under('web').filter(
      ({ path, text }) =>
        !path.startsWith('web/api/') &&
        path !== 'web/shell/service-worker.ts' &&
        /(^|[^.\w])fetch\(/m.test(withoutComments(text)),
    );
    assert.deepEqual(
      fetching.map(({ path }) => path),
      [],
    );
  });

  test('production code imports no test, and own files are named with their ending', () => {
    assert.deepEqual(
      refused(production, (what) => !what.startsWith('test/')),
      [],
    );
    assert.deepEqual(
      refused(sources, (what) => isPackage(what) || /\.(tsx?|json|css|svg|mjs)(\?\w+)?$/.test(what)),
      [],
    );
  });
});

describe('where things are', () => {
  test('the environment is read in the configuration and by programs at their start', () => {
    const readers = production
      .filter(({ path }) => /^(core|server|web|witness)\//.test(path) && !isConfiguration(path))
      .filter(({ text }) => /\bprocess\.env\b/.test(withoutComments(text)))
      .map(({ path }) => path);
    // The two mains hand the environment to readConfig; prepare.ts is a step of the installation.
    const allowed = new Set(['server/config.ts', 'server/main.ts', 'server/admin.ts', 'web/prepare.ts']);
    assert.deepEqual(
      readers.filter((path) => !allowed.has(path)),
      [],
    );
    for (const path of ['server/main.ts', 'server/admin.ts']) {
      const { text } = sources.find((file) => file.path === path)!;
      for (const [use] of withoutComments(text).matchAll(/.{0,12}process\.env.{0,2}/g))
        assert.match(use, /readConfig\(process\.env\)/);
    }
  });

  test('SQL is in the store and nowhere else', () => {
    const sql =
      /\b(select\s[^;'"`]{0,200}\sfrom\s+[a-z_]+|insert\s+into\s+[a-z_]+|update\s+[a-z_]+\s+set\s|delete\s+from\s+[a-z_]+|create\s+(table|index|unique)|alter\s+table|drop\s+table)/i;
    const found = production
      .filter(({ path }) => !path.startsWith('server/storage/') && !path.startsWith('bench/'))
      .filter(({ text }) => stringsOf(text).some((one) => sql.test(one)))
      .map(({ path }) => path);
    assert.deepEqual(found, []);
    const store = under('server/storage').filter(({ text }) => stringsOf(text).some((one) => sql.test(one)));
    assert.ok(store.length > 10, 'the rule sees the SQL that there is');
  });

  test('a named statement is one text: a connection refuses the second that has its name', () => {
    const names = new Map<string, string>();
    const twice: string[] = [];
    for (const { path, text } of production.filter(({ path }) => path.startsWith('server/')))
      for (const [, name = ''] of text.matchAll(/\bname: '([a-z0-9-]+)',\s+text\b/g)) {
        const known = names.get(name);
        if (known !== undefined) twice.push(`${name} in ${known} and ${path}`);
        names.set(name, path);
      }
    assert.deepEqual(twice, []);
    assert.ok(names.size > 150, 'the statements were read');
  });

  test('core asks no clock, no chance and no machine', () => {
    const asking =
      /\b(Date\.now\(|new Date\(\)|Math\.random|process\.|Buffer\.|crypto\.|fetch\(|setTimeout|localStorage|console\.|performance\.)/;
    const found = under('core').flatMap(({ path, text }) => {
      const match = asking.exec(withoutComments(text));
      return match ? [`${path}: ${match[0]}`] : [];
    });
    assert.deepEqual(found, []);
  });
});

describe('what a page does', () => {
  test('no act of a page loses its words when what was pressed is gone: mutations are made in one place', () => {
    const own = 'web/api/lasting-mutation.ts';
    const found = sources.filter(
      ({ path, text }) => path.startsWith('web/') && path !== own && /\buseMutation\b/.test(text),
    );
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
    assert.ok(sources.some(({ path, text }) => path === own && text.includes('useMutation(options)')));
  });
});

describe('what a file looks like', () => {
  test('named exports only', () => {
    const found = sources.filter(
      ({ path, text }) => !isConfiguration(path) && /^export default\b/m.test(text),
    );
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });

  test('names in kebab-case, and no drawers for odds and ends', () => {
    const odd = sources.filter(({ path }) => {
      const parts = path.split('/');
      return parts.some((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(part));
    });
    assert.deepEqual(
      odd.map(({ path }) => path),
      [],
    );
    // Catalogues are named as the code that reads them names them.
    const drawers = sources.filter(
      ({ path }) =>
        !path.startsWith('web/i18n/') &&
        /(^|\/)(utils?|helpers?|common|misc|manager|shared|index|lib)(\.tsx?$|\/)/.test(path),
    );
    assert.deepEqual(
      drawers.map(({ path }) => path),
      [],
    );
  });

  test('each file opens with a comment that says what it is for', () => {
    const without = sources
      .filter(({ path }) => !path.startsWith('test/') || path.startsWith('test/harness/'))
      .filter(
        ({ lines }) =>
          !/^(\/\/ |\/\*\*? ?)\S?/.test((lines[0]?.startsWith('#!') ? lines[1] : lines[0]) ?? ''),
      )
      .map(({ path }) => path);
    assert.deepEqual(without, []);
  });

  test('hardly a file is longer than 400 lines, none than 500, and half of them are shorter than 130', () => {
    // Tables of words, codes and broken examples: long because there is much to list.
    const listing = /(^web\/i18n\/|catalog|words|texts|code-lists|definitions|broken-resources)/;
    const long = sources.filter(({ path, lines }) => lines.length > 401 && !listing.test(path));
    const shown = long.map(({ path, lines }) => `${path}: ${lines.length}`);
    assert.ok(long.length <= sources.length * 0.02, shown.join(', '));
    assert.ok(
      long.every(({ lines }) => lines.length <= 501),
      shown.join(', '),
    );
    const lengths = production.map(({ lines }) => lines.length).toSorted((a, b) => a - b);
    assert.ok((lengths[Math.floor(lengths.length / 2)] ?? 0) < 130);
  });

  test('nothing is left over: no unfinished marks, no skipped or single tests', () => {
    // Written apart, so that this file does not find itself.
    const mark = /\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/;
    const marked = sources.flatMap(({ path, lines }) =>
      lines.flatMap((line, index) => (mark.test(line) ? [`${path}:${index + 1}`] : [])),
    );
    assert.deepEqual(marked, []);
    const single = sources
      .filter(({ path }) => path.endsWith('.test.ts') && path !== 'test/house-rules.test.ts')
      .filter(({ text }) =>
        /\b(test|it|describe)\.(only|skip|todo)\(|\{ (only|todo): true/.test(withoutStrings(text)),
      )
      .map(({ path }) => path);
    assert.deepEqual(single, []);
  });

  test('no secrets, editor folders or built output among the files', () => {
    const odd = allPaths.filter((path) =>
      /(^|\/)(\.env(\..*)?|\.DS_Store|\.idea|\.vscode|node_modules|dist|coverage)(\/|$)|\.(pem|key|p12|log)$/.test(
        path,
      ),
    );
    assert.deepEqual(odd, []);
  });

  test('at most a dozen scripts, and check is what CI runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.ok(Object.keys(scripts).length <= 12);
    const ci = readFileSync(join(root, '.ci/run'), 'utf8').trim().split('\n');
    assert.equal(ci.at(-1), 'npm run check');
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function withoutStrings(text: string): string {
  return stringsOf(text).reduce((rest, one) => (one === '' ? rest : rest.replace(one, '')), text);
}

/** What stands in quotes and templates. */
function stringsOf(text: string): string[] {
  return [
    ...withoutComments(text).matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g),
  ].map(([, one, two, three]) => one ?? two ?? three ?? '');
}
