// Makes of the build what a device may keep: the service worker that knows its parts, and the icons of the installed app.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { build } from 'vite';
import type { Plugin, Rolldown } from 'vite';

interface Shell {
  readonly id: string;
  readonly first: readonly string[];
  readonly parts: readonly string[];
}

/** @param folder of the web app; its build lies in `dist` there */
export function shellOf(folder: string): Plugin {
  let shell: Shell | undefined;
  return {
    name: 'medallion-shell',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      shell = readShell(bundle);
    },
    async writeBundle() {
      if (shell === undefined) return;
      await writeFile(join(folder, 'dist', 'sw.js'), await workerFor(folder, shell));
      await drawIcons(folder);
    },
  };
}

function readShell(bundle: Rolldown.OutputBundle): Shell {
  const parts = Object.keys(bundle)
    .filter((name) => name.startsWith('assets/'))
    .toSorted();
  const entry = Object.values(bundle).find((one) => one.type === 'chunk' && one.isEntry);
  if (entry === undefined) throw new Error('the build has no entry');
  const first = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (first.has(name) || chunk?.type !== 'chunk') return;
    first.add(name);
    chunk.viteMetadata?.importedCss.forEach((css) => first.add(css));
    chunk.imports.forEach(add);
  };
  add(entry.fileName);
  const all = createHash('sha256');
  // The names carry the hashes of their contents; the page has none in its own.
  const page = bundle['index.html'];
  all.update(JSON.stringify([parts, page?.type === 'asset' ? String(page.source) : '']));
  const path = (name: string): string => `/${name}`;
  return { id: all.digest('hex').slice(0, 16), first: [...first].map(path), parts: parts.map(path) };
}

/** The worker as one script without imports. */
async function workerFor(folder: string, shell: Shell): Promise<string> {
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { SHELL: JSON.stringify(shell) },
    build: {
      write: false,
      rolldownOptions: {
        input: join(folder, 'shell', 'service-worker.ts'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const [made] = Array.isArray(built) ? built : [built];
  const chunk = made && 'output' in made ? made.output[0] : undefined;
  if (chunk === undefined) throw new Error('the service worker was not built');
  return chunk.code;
}

/** Phones draw a circle, a drop or a square of it: `maskable` keeps the mark within the middle, on a ground that reaches the edges. */
async function drawIcons(folder: string): Promise<void> {
  const mark = await readFile(join(folder, 'public', 'icon.svg'), 'utf8');
  const whole = mark
    .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
    .replace(/<rect[^>]*>/, '<rect x="-4" y="-4" width="40" height="40" fill="#0b5c63"/>');
  const icons = join(folder, 'dist', 'icons');
  await mkdir(icons, { recursive: true });
  for (const [name, svg, size] of [
    ['any-192', mark, 192],
    ['any-512', mark, 512],
    ['maskable-512', whole, 512],
    ['apple-180', whole, 180],
  ] as const)
    await sharp(Buffer.from(svg), { density: 72 * (size / 32) })
      .resize(size, size)
      .png({ compressionLevel: 9, palette: true })
      .toFile(join(icons, `${name}.png`));
}
