// GET of a job's status and of its files: how far it is, and what came of it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../http/deps.ts';
import { requireContext } from '../asker.ts';
import { notFound } from '../read.ts';
import { exportFile, exportStatus } from './export.ts';
import { importFile, importStatus } from './import.ts';
import { limitPolling, requireJob } from './job.ts';

export const jobStatus = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  const job = await requireJob(deps, request);
  await limitPolling(deps, job);
  return job.kind === 'export' ? exportStatus(deps, reply, job) : importStatus(deps, reply, job);
};

export const jobFile = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const job = await requireJob(deps, request);
  const { file = '' } = request.params as { file?: string };
  if (job.state !== 'done') throw notFound();
  return job.kind === 'export'
    ? exportFile(deps, context, job, file, reply)
    : importFile(deps, job, file, reply);
};
