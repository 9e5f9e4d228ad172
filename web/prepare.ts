// Builds the web app after `npm ci`, and before the browser journeys when it is older than its sources. Where the development packages are absent (an install with --omit=dev) it does nothing;
// it never makes an install fail.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const page = join(folder, 'dist', 'index.html');

/** True when there is a built web app to serve. */
export function isWebBuilt(): boolean {
  return existsSync(page);
}

/** Builds into web/dist. Answers `not-installed` when the bundler is not there; throws when the build fails. */
export async function buildWeb(): Promise<'built' | 'not-installed'> {
  const vite = await import('vite').catch(() => undefined);
  if (vite === undefined) return 'not-installed';
  await vite.build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  const { buildVerifier } = await import('../verifier/build.ts');
  await buildVerifier();
  return 'built';
}

/** Before testing: builds also when a source of the pages was changed after the last build. */
export async function ensureWebCurrent(): Promise<'present' | 'built' | 'not-installed'> {
  return isWebBuilt() && newestSourceMs() <= statSync(page).mtimeMs ? 'present' : buildWeb();
}

function newestSourceMs(): number {
  const changedMs = [join(folder, '..', 'core'), folder].flatMap((place) =>
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && !join(file.parentPath, file.name).startsWith(join(folder, 'dist')))
      .map((file) => statSync(join(file.parentPath, file.name)).mtimeMs),
  );
  return Math.max(...changedMs, statSync(join(folder, '..', 'package-lock.json')).mtimeMs);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (import.meta.main) {
  try {
    const outcome = await buildWeb();
    say(
      outcome === 'built' ? 'web app built' : 'web app not built: the development packages are not installed',
    );
  } catch (error) {
    say(`web app not built: ${error instanceof Error ? error.message : String(error)}`);
  }
}
