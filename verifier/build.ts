// Builds what people take away: the program as one file for an installed package, and the page as one HTML file that needs no network.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const here = import.meta.dirname;
const root = join(here, '..');

/** One script without imports, as text. */
async function bundle(entry: string, format: 'iife' | 'es', isForNode: boolean): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ...(isForNode ? { ssr: { noExternal: true, target: 'node' } } : {}),
    build: {
      write: false,
      ssr: isForNode,
      target: 'es2024',
      rolldownOptions: { input: join(here, entry), output: { format, codeSplitting: false } },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new Error(`${entry} was not built`);
  return chunk.code;
}

/** Writes `verifier/dist/medallion-verify.mjs` and `verifier/dist/verify.html`; returns the path of the page. */
export async function buildVerifier(): Promise<string> {
  await mkdir(join(here, 'dist'), { recursive: true });
  await writeFile(join(here, 'dist', 'medallion-verify.mjs'), await bundle('main.ts', 'es', true));
  // `</script` inside a string would end the page's script.
  const code = (await bundle('page/verify-page.ts', 'iife', false)).replaceAll('</script', '<\\/script');
  const script = `\n${code}`;
  const tokens = await readFile(join(root, 'web', 'ui', 'tokens.css'), 'utf8');
  const page = (await readFile(join(here, 'page', 'page.html'), 'utf8'))
    .replace('%TOKENS%', () => tokens)
    .replace(/\n\s*%SCRIPT%\n\s*/, () => script)
    .replace('%SCRIPT_HASH%', () => `sha256-${createHash('sha256').update(script).digest('base64')}`);
  await writeFile(join(here, 'dist', 'verify.html'), page);
  return join(here, 'dist', 'verify.html');
}

if (import.meta.main) await buildVerifier();
