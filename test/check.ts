// What `npm run check` and CI run: every check in order, stopping at the first that fails. The last line is the tests' count.
import { spawnSync } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const programs = join(root, 'node_modules', '.bin');

const steps: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  { name: 'types: core', command: ['tsc', '-p', 'core/tsconfig.json'] },
  { name: 'types: server and its tests', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types: web and its tests', command: ['tsc', '-p', 'web/tsconfig.json'] },
  { name: 'types: the service worker', command: ['tsc', '-p', 'web/shell/tsconfig.json'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'build', command: ['vite', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'] },
  { name: 'tests', command: [process.execPath, 'test/run.ts'] },
];

// The programs' first lines ask for `node`: it must be the one that the project pins.
const environment = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` };

for (const { name, command } of steps) {
  const [program, ...args] = command;
  console.log(`── ${name}`);
  const startedAt = performance.now();
  const run = spawnSync(program, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (run.status !== 0) {
    if (run.error !== undefined) console.error(run.error.message);
    // After the tests nothing is said: their count stays the last line.
    if (name !== 'tests') console.error(`── ${name} failed after ${seconds} s`);
    process.exit(run.status ?? 1);
  }
  if (name !== 'tests') console.log(`── ${name} ok, ${seconds} s`);
}
