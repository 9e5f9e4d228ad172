// CRASH-03: the disk runs full and is freed again, on a small file system of the server's own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Person } from '../harness/client.ts';
import { newClient, signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import { freePort } from '../harness/free-port.ts';
import type { ServerProcess } from '../harness/server-process.ts';
import { startServerProcess } from '../harness/server-process.ts';

const unshare = [
  'unshare',
  ...(process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-current-user', '--keep-caps', '--mount']),
];
const mount = 'mount -t tmpfs -o size=220m tmpfs "$1"';
const folder = mkdtempSync(join(tmpdir(), 'medallion-full-'));
const problem = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'sh', '-c', mount, 'sh', folder], {
  encoding: 'utf8',
});

if (problem.status !== 0)
  test('a small file system cannot be made here, which needs Linux and a name space of one’s own', () => {
    rmSync(folder, { recursive: true, force: true });
    assert.match(`${problem.error?.message}${problem.stderr}`, /ENOENT|ermitted|denied|unshare|mount/);
  });
else
  describe('CRASH-03 a full disk', () => {
    let server: ServerProcess;
    let asha: Person;
    let standing: string;
    before(async () => {
      const start = [...unshare, 'sh', '-c', `${mount} && shift && exec "$@"`, 'sh', folder];
      server = startServerProcess(folder, await freePort(), { LOG_LEVEL: 'fatal' }, start);
      await server.ready();
      asha = await signUp(server.url);
      standing = (await asha.create(conditionOf(asha.patientId))).id;
    });
    after(async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** The small file system, seen from outside. */
    const inside = (...path: string[]) => join(`/proc/${server.child.pid}/root${folder}`, ...path);
    const filler = () => inside('filler');

    function fill(): void {
      const file = openSync(filler(), 'a');
      const block = Buffer.alloc(64 * 1024);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ENOSPC');
      } finally {
        closeSync(file);
      }
    }
    const write = (text: string): Promise<Answer> =>
      asha.call('POST', '/fhir/R4/Condition', {
        body: { ...conditionOf(asha.patientId, text), note: [{ text: 'x'.repeat(20_000) }] },
      });
    const upload = (): Promise<Answer> =>
      asha.call('POST', '/api/files?title=Report', {
        body: Buffer.from(`%PDF-1.4 ${'x'.repeat(400_000)}`),
        headers: { 'content-type': 'application/pdf' },
      });

    test('nothing is acknowledged that is not stored, what needs no room is answered, and it goes on by itself', async () => {
      const acknowledged: string[] = [];
      const refused: string[] = [];
      fill();
      for (let n = 0; refused.length < 20; n += 1) {
        fill();
        const answer = await write(`number ${n}`);
        if (answer.status === 201) acknowledged.push(`number ${n}`);
        else {
          assert.ok([503, 507].includes(answer.status), `${answer.status} ${answer.text}`);
          assert.equal(answer.json()['resourceType'], 'OperationOutcome');
          refused.push(`number ${n}`);
        }
      }
      const file = await upload();
      assert.ok([503, 507].includes(file.status), `${file.status} ${file.text}`);
      // A look that cannot be entered is not shown; what is nobody's look goes on.
      let looks = 0;
      for (;;) {
        fill();
        const look = await asha.get(`/fhir/R4/Condition/${standing}`);
        if (look.status !== 200) {
          assert.ok([503, 507].includes(look.status), `${look.status} ${look.text}`);
          assert.ok(!look.text.includes('Asthma'));
          break;
        }
        looks += 1;
      }
      const stranger = newClient(server.url);
      for (const path of ['/', '/healthz', '/log/vkey', '/fhir/R4/metadata'])
        assert.equal((await stranger.get(path)).status, 200, path);
      assert.equal((await stranger.get('/readyz')).json()['disk'], false);

      rmSync(filler());
      for (;;) {
        const answer = await write('afterwards');
        if (answer.status === 201) break;
        assert.ok([503, 507].includes(answer.status), `${answer.status} ${answer.text}`);
        await sleep(100);
      }
      acknowledged.push('afterwards');
      const { entry } = (await asha.get('/fhir/R4/Condition?_count=200')).json<{
        entry: { resource: { code: { text: string } } }[];
      }>();
      const there = entry.map(({ resource }) => resource.code.text);
      assert.deepEqual(
        there.filter((text) => text !== 'Asthma').toSorted(),
        acknowledged.toSorted(),
        'what was refused is not there, what was acknowledged is',
      );
      const { entries } = (await asha.get('/api/entries?kind=looks&limit=200')).json<{
        entries: { event: string; on?: { id: string } }[];
      }>();
      const entered = entries.filter(({ event, on }) => event === 'read' && on?.id === standing).length;
      assert.ok(entered >= Math.min(looks, 150), `${looks} looks were answered, ${entered} are entered`);
      assert.equal((await upload()).status, 201);
      const names = readdirSync(inside('files'), { recursive: true }).map(String);
      assert.deepEqual(
        names.filter((name) => name.endsWith('.part')),
        [],
        'what did not fit takes no room',
      );
    });
  });
