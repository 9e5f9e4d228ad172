// What the handlers of uploads share in this process: which are being written to, which are being finished. Whatever is lost with the
// process is found again in the table.
import type { Deps } from '../../http/deps.ts';
import { deleteOpenUpload, listReceivedUploads, takeExpiredUploads } from '../../storage/uploads.ts';
import { dropStaged, listStaged } from '../../storage/staged-files.ts';
import { finishUpload } from './finish.ts';

const dayMs = 86_400_000;
const clearedAtOnce = 200;

export interface UploadsRoom extends Deps {
  /** Runs alone for this upload; undefined when somebody else is at it. */
  alone<T>(uploadId: string, work: () => Promise<T>): Promise<T> | undefined;
  /** Makes a whole file part of the record. Never throws: what fails for now is tried again when it is asked for. */
  finish(uploadId: string): Promise<void>;
  /** What ran out, and what a crash left without a row. */
  clear(): Promise<void>;
  /** What was whole when the server ended. */
  resume(): Promise<void>;
  /** Settles when nothing is being finished any more. */
  stop(): Promise<void>;
}

export function createUploadsRoom(deps: Deps): UploadsRoom {
  const busy = new Set<string>();
  const finishing = new Map<string, Promise<void>>();
  /** One at a time: each may take a file's worth of disk and processor. */
  let queue: Promise<void> = Promise.resolve();
  let stopped = false;
  const finish = (uploadId: string): Promise<void> => {
    const under = finishing.get(uploadId);
    if (under) return under;
    const done = queue
      .then(async () => {
        if (!stopped) await finishUpload(deps, uploadId);
      })
      .catch((error: unknown) => {
        const { name, code } = error as { name?: string; code?: string };
        deps.log.error({ name, code }, 'an upload waits; it is tried again when it is asked for');
      })
      .finally(() => finishing.delete(uploadId));
    queue = done;
    finishing.set(uploadId, done);
    return done;
  };
  return {
    ...deps,
    alone(uploadId, work) {
      if (busy.has(uploadId)) return undefined;
      busy.add(uploadId);
      return work().finally(() => busy.delete(uploadId));
    },
    finish,
    async clear() {
      for (const id of await takeExpiredUploads(deps.db.pool, deps.now(), clearedAtOnce))
        await dropStaged(deps.config.dataDir, id);
    },
    async resume() {
      const waiting = await listReceivedUploads(deps.db.pool, 1000);
      for (const { id, changedAtMs } of await listStaged(deps.config.dataDir)) {
        // Beside an upload lies what it is unpacked into: begun anew with it.
        const old = deps.now() - changedAtMs > 8 * dayMs;
        if (id.endsWith('-work') || old) await dropStaged(deps.config.dataDir, id);
      }
      for (const id of waiting) void finish(id);
    },
    async stop() {
      stopped = true;
      await queue;
    },
  };
}

/** Takes an unfinished one back, bytes and all. */
export async function forgetUpload(room: UploadsRoom, uploadId: string): Promise<boolean> {
  if (!(await deleteOpenUpload(room.db.pool, uploadId))) return false;
  await dropStaged(room.config.dataDir, uploadId);
  return true;
}
