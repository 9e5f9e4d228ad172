// Files and images as a hospital sends them and a patient sees them: a folder of 500 MB from a browser, over a server that is killed and a
// page that is loaded anew; the first image of the CT on the screen; bombs; damaged files. Everything is made here.
// Usage: node test/measured/pictures.ts [megabytes] [damaged files]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchBrowser, visitorOf } from '../harness/browser.ts';
import { signUp } from '../harness/client.ts';
import { makeImage, newUid } from '../harness/dicom.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';
import { freePort } from '../harness/free-port.ts';
import { bombs, damaged } from '../harness/hostile-files.ts';

const [megabytes = 500, damagedFiles = 10_000] = process.argv.slice(2).map(Number);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'medallion-pictures-'));
const dataDir = join(folder, 'data');
const port = await freePort();
/** By its name: a browser keeps no secure cookie of a bare address without TLS. */
const url = `http://localhost:${port}`;
const side = 512;
const imageBytes = makeImage({ side }).length;
const images = Math.ceil((megabytes * 1_000_000) / imageBytes);

function writeSeries(name: string, count: number): string {
  const at = join(folder, name);
  mkdirSync(at, { recursive: true });
  const [study, series] = [newUid(), newUid()];
  for (let instance = 1; instance <= count; instance++)
    writeFileSync(
      join(at, `I${String(instance).padStart(5, '0')}`),
      makeImage({ study, series, instance, side, spacing: '0.7' }),
    );
  return at;
}

/** Resident memory of the server's own process, in megabytes. */
const memoryOf = (server: ServerProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024;

function watch(server: ServerProcess): { stop: () => number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(server));
  }, 100);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

async function start(): Promise<ServerProcess> {
  const server = startServerProcess(dataDir, port, {
    PUBLIC_URL: url,
    NODE_OPTIONS: '--max-semi-space-size=16',
  });
  await server.ready();
  return server;
}

const percent = async (page: Page): Promise<number> =>
  Number.parseInt(await page.locator('.progress .quiet').first().innerText(), 10);

async function reaches(page: Page, wanted: number): Promise<number> {
  for (;;) {
    const now = await percent(page);
    if (now >= wanted) return now;
    await sleep(100);
  }
}

async function done(page: Page): Promise<void> {
  await page.getByText(/files? (is|are) in the record/).waitFor({ timeout: 900_000 });
}

let server = await start();
const browser = await launchBrowser();
try {
  say(
    `load ${loadavg()[0]?.toFixed(1)}; ${images} images of ${imageBytes} bytes, ${execFileSync('uname', ['-r']).toString().trim()}`,
  );
  const large = writeSeries('CT', images);
  const small = writeSeries('warm', 40);
  const asha = await signUp(url, { name: 'Asha Rao' });
  const { page, context } = await visitorOf(browser, url, asha, {
    viewport: { width: 1280, height: 800 },
  });
  page.on('dialog', (dialog) => void dialog.accept());
  const choose = async (what: string) => {
    await page.goto('/uploads');
    await page.getByLabel('Choose a folder').setInputFiles(what);
  };
  const warm = async () => {
    await choose(small);
    await done(page);
  };

  await warm();
  const before = memoryOf(server);
  let watching = watch(server);
  const began = performance.now();
  await choose(large);
  const killedAt = await reaches(page, 30);
  const firstRise = watching.stop() - before;
  await server.kill();
  await page.getByText(/The line dropped at/).waitFor();
  server = await start();
  await page.getByText('Being sent').waitFor({ timeout: 60_000 });
  const again = memoryOf(server);
  watching = watch(server);
  const reloadedAt = await reaches(page, 60);
  await page.reload();
  await page.getByText('Not whole yet').waitFor();
  const kept = await page
    .getByText(/% of .* is kept/)
    .first()
    .innerText();
  await choose(large);
  const wentOnAt = await reaches(page, 50);
  await done(page);
  const seconds = (performance.now() - began) / 1000;
  const secondRise = watching.stop() - again;
  say(
    `sent ${Math.round((images * imageBytes) / 1e6)} MB in ${seconds.toFixed(0)} s, killed at ${killedAt} %, loaded anew at ${reloadedAt} % (“${kept}”), then soon at ${wentOnAt} %`,
  );
  say(
    `memory of the server, warm ${before.toFixed(0)} MB: +${firstRise.toFixed(0)} MB until it was killed, +${(again + secondRise - before).toFixed(0)} MB after (new process began with ${again.toFixed(0)}); at most +64`,
  );
  const studies = await asha.get('/dicom-web/studies');
  say(
    `instances in the record: ${studies
      .json<Record<string, { Value: number[] }>[]>()
      .map((one) => one['00201208']?.Value[0])
      .join(' and ')}`,
  );

  const study = studies
    .json<Record<string, { Value: string[] }>[]>()
    .find((one) => Number(one['00201208']?.Value[0]) === images);
  const address = `/images/${(study?.['0020000D']?.Value[0] ?? '').replaceAll('.', '-')}`;
  for (const [what, emulated] of [
    ['at 1280 px', { viewport: { width: 1280, height: 800 } }],
    ['on a phone of 390 px', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
  ] as const) {
    const firsts: number[] = [];
    const values: number[] = [];
    for (let round = 0; round < 3; round++) {
      const visitor = await visitorOf(browser, url, asha, emulated);
      const at = performance.now();
      await visitor.page.goto(address, { waitUntil: 'commit' });
      await visitor.page.waitForFunction(() => {
        const image = document.querySelector<HTMLImageElement>('.stage-preview');
        const drawn = document.querySelector<HTMLElement>('.stage')?.dataset['drawn'];
        return (image?.complete === true && image.naturalWidth > 0) || (drawn !== undefined && drawn !== '');
      });
      firsts.push(performance.now() - at);
      await visitor.page.waitForFunction(
        () => (document.querySelector<HTMLElement>('.stage')?.dataset['drawn'] ?? '') !== '',
      );
      values.push(performance.now() - at);
      await visitor.close();
    }
    const list = (all: number[]) => all.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(', ');
    say(
      `first image of ${images} ${what}: ${list(firsts)}; drawn from its values: ${list(values)}; at most 2 s`,
    );
  }
  await context.close();
  for (const line of await bombs(asha)) say(line);
  for (const line of await damaged(asha, damagedFiles)) say(line);
  say(
    `the server is the same process and answers: ${(await asha.get('/api/me')).status}, ${memoryOf(server).toFixed(0)} MB`,
  );
} finally {
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
