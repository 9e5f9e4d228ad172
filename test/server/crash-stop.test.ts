// CRASH-04: the server is asked to stop while it is written to: what is under way is finished, what comes later is refused, nothing is lost.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { verifyOverHttp } from '../harness/record.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import { startServerProcess } from '../harness/server-process.ts';

/** A write of which half has been sent. */
interface Half {
  finish(): void;
  readonly status: Promise<number>;
}

function begin(person: Person, text: string): Promise<Half> {
  const body = JSON.stringify(conditionOf(person.patientId, text));
  const half = Math.floor(body.length / 2);
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(`${person.url}/fhir/R4/Condition`, {
      method: 'POST',
      agent: false,
      headers: {
        cookie: person.cookie(),
        'content-type': 'application/fhir+json',
        'content-length': Buffer.byteLength(body),
        // The server says that it has begun before the body comes.
        expect: '100-continue',
      },
    });
    const status = new Promise<number>((done, failed) => {
      asked.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode ?? 0));
      });
      asked.on('error', failed);
    });
    asked.on('error', reject);
    asked.on('continue', () => {
      asked.write(body.slice(0, half));
      resolve({ finish: () => asked.end(body.slice(half)), status });
    });
    asked.flushHeaders();
  });
}

describe('CRASH-04 a server that is asked to stop under load', () => {
  test('finishes what is under way, refuses what is new, ends by itself, and has kept all it acknowledged', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'medallion-stop-'));
    const port = await freePort();
    let server = startServerProcess(dataDir, port);
    try {
      await server.ready();
      const people = [await signUp(server.url), await signUp(server.url), await signUp(server.url)];
      const kept = new Map<string, { person: Person; text: string }>();
      let stopping = false;
      const writers = people.map(async (person) => {
        for (let n = 0; ; n += 1) {
          const body = conditionOf(person.patientId, `number ${n}`);
          const answer = await person.call('POST', '/fhir/R4/Condition', { body }).catch(() => undefined);
          if (answer?.status === 201)
            kept.set(answer.json<{ id: string }>().id, { person, text: answer.text });
          else {
            assert.ok(stopping, `refused before it was asked to stop: ${answer?.status}`);
            assert.ok(answer === undefined || answer.status === 503, `refused with ${answer?.status}`);
            return;
          }
        }
      });
      const [asha] = people as [Person];
      const halves = await Promise.all(Array.from({ length: 8 }, (_, n) => begin(asha, `half ${n}`)));
      while (kept.size < 30) await new Promise((resolve) => setTimeout(resolve, 20));
      stopping = true;
      const ended = server.stop();
      await Promise.all(writers);
      const late = await newClient(server.url)
        .get('/healthz')
        .then(({ status }) => status)
        .catch(() => 'refused');
      assert.ok(late === 'refused' || late === 503, `${late} after it was asked to stop`);
      for (const half of halves) half.finish();
      assert.deepEqual(
        await Promise.all(halves.map(({ status }) => status)),
        halves.map(() => 201),
        'what was under way is finished',
      );
      assert.equal(await ended, 0, server.output());

      server = startServerProcess(dataDir, port);
      await server.ready();
      for (const [id, { person, text }] of kept)
        assert.equal((await person.get(`/fhir/R4/Condition/${id}`)).text, text);
      const found = (await asha.get('/fhir/R4/Condition?_count=200&_sort=-_lastUpdated')).json<{
        entry: { resource: { code: { text: string } } }[];
      }>();
      const halvesThere = found.entry.filter(({ resource }) => resource.code.text.startsWith('half '));
      assert.equal(halvesThere.length, halves.length);
      for (const person of people) assert.equal((await verifyOverHttp(person)).verdict, 'passed');
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
