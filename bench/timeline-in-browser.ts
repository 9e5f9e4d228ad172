// The timeline of ten thousand entries in a real browser: from the address to its first entries, and what a long scroll costs in memory.
// Usage: node bench/timeline-in-browser.ts [path of Chromium]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { median } from './load.ts';
import { makePerson, observation } from './people.ts';
import { startProgram } from './programs.ts';

const entries = 10_000;
const rounds = 5;
const executablePath = process.argv[2] ?? '/usr/bin/chromium';
const work = mkdtempSync(join(tmpdir(), 'medallion-timeline-'));
const server = await startProgram('server/main.ts', { DATA_DIR: work }, '/');
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  const person = await makePerson(server.url, 0);
  for (let from = 0; from < entries; from += 500) {
    const entry = Array.from({ length: 500 }, (_, i) => ({
      resource: {
        ...observation(person.patientId, from + i),
        effectiveDateTime: new Date(Date.UTC(2026, 10, 20) - (from + i) * 0.73 * 86_400_000).toISOString(),
      },
      request: { method: 'POST', url: 'Observation' },
    }));
    const answer = await fetch(`${server.url}/fhir/R4`, {
      method: 'POST',
      headers: { cookie: person.cookie, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    });
    if (!answer.ok) throw new Error(`a transaction was answered with ${answer.status}`);
    await answer.text();
  }
  const url = server.url.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    extraHTTPHeaders: { cookie: person.cookie },
  });
  const page = await context.newPage();
  const firstMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank');
    const startedMs = performance.now();
    await page.goto(`${url}/timeline`, { waitUntil: 'commit' });
    await page.locator('.timeline-entry').first().waitFor();
    firstMs.push(performance.now() - startedMs);
  }
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const memory = async (): Promise<{ heapMb: number; nodes: number }> => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (wanted: string): number => metrics.find((one) => one.name === wanted)?.value ?? Number.NaN;
    return { heapMb: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes') };
  };
  const before = await memory();
  const most = { heapMb: 0, nodes: 0 };
  // A phone ends after the newest entries: here everything is asked for.
  await page.goto(`${url}/timeline?most=${entries}`, { waitUntil: 'commit' });
  await page.locator('.timeline-entry').first().waitFor();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let step = 1; step <= 40; step++) {
    await page.evaluate((y) => scrollTo(0, y), (height / 40) * step);
    await page.locator('.timeline-entry').first().waitFor();
    if (step % 8 !== 0) continue;
    const now = await memory();
    most.heapMb = Math.max(most.heapMb, now.heapMb);
    most.nodes = Math.max(most.nodes, now.nodes);
  }
  const mb = (value: number): string => value.toFixed(0);
  process.stdout.write(
    `Timeline of ${entries} entries: first entries after ${mb(median(firstMs))} ms (median of ${rounds}, asked 1,000); ` +
      `scrolled to its end: heap ${mb(before.heapMb)} to at most ${mb(most.heapMb)} MB, nodes ${before.nodes} to at most ${most.nodes}.\n`,
  );
} finally {
  await browser.close();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
