// Builds the web app into web/dist: hashed files, no source maps, nothing inline that the content security policy
// would refuse, and beside each text file its compressed forms, so that the server never compresses one itself.
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { PDF_ASSETS } from './papers/pdf-assets.ts';
import { shellOf } from './shell/shell-plugin.ts';

const folder = import.meta.dirname;
const outDir = join(folder, 'dist');
const api = process.env['MEDALLION_API'] ?? 'http://127.0.0.1:8080';

/** react-aria speaks thirty languages; the app says everything itself, so English is enough as its last resort. */
function onlyEnglishFromReactAria(): Plugin {
  return {
    name: 'medallion-only-english-from-react-aria',
    enforce: 'pre',
    load(id) {
      const isOther =
        /react-(aria|stately)(-components)?\/dist\/.*\/intl\/.*\/(?!en-US)[a-z]{2}-[A-Z]{2}\.m?js$/.test(id);
      return isOther ? 'export default {};' : undefined;
    },
  };
}

/** What pdf.js asks for itself, under the address that web/papers/pdf-assets.ts says: no WebAssembly, which the policy forbids. */
function partsOfPdf(): Plugin {
  const from = (...way: string[]) => join(folder, '../node_modules/pdfjs-dist', ...way);
  return {
    name: 'medallion-parts-of-pdf',
    apply: 'build',
    async writeBundle() {
      const to = join(outDir, PDF_ASSETS);
      await Promise.all([
        cp(from('cmaps'), join(to, 'cmaps'), { recursive: true }),
        cp(from('standard_fonts'), join(to, 'fonts'), { recursive: true }),
        cp(from('wasm'), join(to, 'codecs'), {
          recursive: true,
          filter: (path) => !/\.wasm$|quickjs/i.test(path),
        }),
      ]);
    },
  };
}

function precompress(): Plugin {
  return {
    name: 'medallion-precompress',
    apply: 'build',
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      await Promise.all(
        files
          .filter((file) => /\.(mjs|js|css|svg|webmanifest)$/.test(file))
          .map(async (file) => {
            const content = await readFile(join(outDir, file));
            if (content.length < 1024) return;
            const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
            const [br, gz] = await Promise.all([
              promisify(brotliCompress)(content, { params: quality }),
              promisify(gzip)(content, { level: 9 }),
            ]);
            await Promise.all([
              writeFile(join(outDir, `${file}.br`), br),
              writeFile(join(outDir, `${file}.gz`), gz),
            ]);
          }),
      );
    },
  };
}

export default defineConfig({
  root: folder,
  // Reads scene files of other programs, which nobody has here; what it needs of Node is not in a browser.
  resolve: { alias: { xmlbuilder2: join(folder, 'imaging/no-scene-files.ts') } },
  plugins: [react(), onlyEnglishFromReactAria(), partsOfPdf(), shellOf(folder), precompress()],
  build: {
    outDir,
    emptyOutDir: true,
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The drawing library is large, by itself, and fetched by those who look at images.
    chunkSizeWarningLimit: 2800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // The parts every page uses travel as one file; sheets and list boxes come with the pages that open them.
            {
              name: 'parts',
              test: /\/web\/(ui\/(?!sheet|combo-field)|api\/(client|session|problem-words|notices|log)\.ts)/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // The app's own sources live under /api/ too while it is developed; those are not the server's.
    proxy: Object.fromEntries(
      ['^/api/(?!.*\\.tsx?(\\?|$))', '/fhir', '/log/', '/e/', '/shl'].map((path) => [path, api]),
    ),
  },
});
