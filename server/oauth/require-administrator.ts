// What only an administrator may do. Roles are read at the time of the request: one that was taken away fails on the next.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { findOwnAccount } from '../storage/accounts.ts';
import type { PersonActor } from '../http/actor.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';

/** Throws 401 for nobody, 403 `not-an-administrator` for everybody else. */
export async function requireAdministrator(
  deps: Pick<Deps, 'db'>,
  request: FastifyRequest,
): Promise<PersonActor> {
  const actor = requirePerson(request);
  const own = await findOwnAccount(deps.db.pool, actor.accountId);
  if (own?.roles.includes('administrator') === true) return actor;
  throw new ApiError(403, 'not-an-administrator', 'Only an administrator may do this.');
}
