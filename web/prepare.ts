// Builds the web app after `npm ci`, and again before the first start when it is missing. Where the development
// packages are absent (an install with --omit=dev) it does nothing; it never makes an install fail.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;

/** True when there is a built web app to serve. */
export function isWebBuilt(): boolean {
  return existsSync(join(folder, 'dist', 'index.html'));
}

/** Builds into web/dist. Answers `not-installed` when the bundler is not there; throws when the build fails. */
export async function buildWeb(): Promise<'built' | 'not-installed'> {
  const vite = await import('vite').catch(() => undefined);
  if (vite === undefined) return 'not-installed';
  await vite.build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
  return 'built';
}

/** Before serving: builds when nothing is built yet. */
export async function ensureWebBuilt(): Promise<'present' | 'built' | 'not-installed'> {
  return isWebBuilt() ? 'present' : buildWeb();
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
