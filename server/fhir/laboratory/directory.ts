// Which places an order can be sent to, by their names: for whoever orders and whoever was ordered something. In nobody's record.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import { listLaboratories } from '../../storage/laboratories.ts';

const mostListed = 20;
const mostWords = 6;

/** `GET /api/laboratories?name=`: `[{ id, name, kinds }]`, at most 20, by name. */
export const getLaboratories = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  requirePerson(request);
  const { name } = request.query as { name?: unknown };
  const typed = typeof name === 'string' ? name.slice(0, 200) : '';
  const words = typed.normalize('NFC').split(/\s+/u).filter(Boolean).slice(0, mostWords);
  return reply
    .header('cache-control', 'no-store')
    .send(await listLaboratories(deps.db.pool, words, mostListed));
};
