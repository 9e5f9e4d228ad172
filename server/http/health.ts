// /healthz: the process is up. /readyz: it can serve; says which part cannot, never why in detail.
import { statfs } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from './deps.ts';

const leastFreeBytes = 100 * 1024 * 1024;
const longestPendingSeconds = 60;

export const healthz = () => async (_request: FastifyRequest, reply: FastifyReply) =>
  reply.send({ status: 'up' });

export const readyz =
  (deps: Deps, oldestPendingSeconds: () => Promise<number>) =>
  async (_request: FastifyRequest, reply: FastifyReply) => {
    const check = async (probe: () => Promise<boolean>): Promise<boolean> => probe().catch(() => false);
    const [database, log, disk] = await Promise.all([
      check(async () => (await deps.db.pool.query('select 1')).rowCount === 1),
      check(async () => (await oldestPendingSeconds()) < longestPendingSeconds),
      check(async () => {
        const { bavail, bsize } = await statfs(deps.config.dataDir);
        return bavail * bsize > leastFreeBytes;
      }),
    ]);
    const ready = database && log && disk;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', database, log, disk });
  };
