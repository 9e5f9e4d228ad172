// The readable alias: suggested, taken, given back. Written to the person and to the Patient resource in one transaction.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { type AliasProblem, checkAlias, suggestAliases } from '../../core/card/alias.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { PersonActor } from '../http/actor.ts';
import { requirePerson, whoOfPerson } from '../http/require-person.ts';
import { findTakenAliases } from '../storage/accounts.ts';
import { withUhid } from '../storage/create-person.ts';
import { findPerson, setAlias } from '../storage/people.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { VersionConflictError, writeBatch } from '../storage/write-batch.ts';
import type { Identity } from './identity.ts';
import { bodySchema, identityBodyLimit } from './schemas.ts';

const titles: Record<AliasProblem, string> = {
  'too-short': 'An alias needs at least 4 characters.',
  'too-long': 'An alias may have at most 30 characters.',
  'not-plain-letters': 'An alias is made of the letters a to z, digits, dots and underscores.',
  'upper-case': 'Write the alias in small letters.',
  'must-begin-with-letter': 'An alias begins with a letter.',
  separator: 'Dots and underscores stand alone, between letters or digits.',
  reserved: 'This word is kept for the service itself. Choose another.',
};

/** `GET /api/me/alias` → {alias, suggestions}: suggestions are free at this moment. */
export function getAlias(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const person = await findPerson(identity.db.pool, actor.patientId);
      const [high = 0, low = 0] = identity.randomBytes(2);
      const wished = suggestAliases(actor.name, high * 256 + low, 7);
      const taken = new Set(await findTakenAliases(identity.db.pool, wished));
      return {
        alias: person?.alias ?? null,
        suggestions: wished.filter((alias) => !taken.has(alias)).slice(0, 4),
      };
    },
  };
}

const mostTries = 4;

/** `PUT /api/me/alias` {alias}, null to give it back. 409 `alias-taken`, 400 `alias-invalid`. */
export function putAlias(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ alias: { type: ['string', 'null'], maxLength: 100 } }),
    async handler(request, reply) {
      const actor = requirePerson(request);
      const alias = readAlias((request.body as { alias: string | null }).alias);
      await identity.attempts.take('alias-account', actor.accountId);
      const entryId = await storeAlias(identity, actor, request, alias);
      if (entryId) reply.header('ledger-entry', entryId);
      return { alias: alias ?? null };
    },
  };
}

function readAlias(text: string | null): string | undefined {
  if (text === null) return undefined;
  const checked = checkAlias(text.trim());
  if (checked.ok) return checked.alias;
  throw new ApiError(400, 'alias-invalid', titles[checked.problem], {
    fields: [{ field: 'alias', code: checked.problem }],
  });
}

/** Undefined when it is the alias already. Somebody may change the Patient resource in between: then all of it once more. */
async function storeAlias(
  identity: Identity,
  actor: PersonActor,
  request: FastifyRequest,
  alias: string | undefined,
): Promise<string | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(identity.db.pool, (client) =>
        writeAlias(client, identity, actor, request, alias),
      );
    } catch (error) {
      if (!(error instanceof VersionConflictError) || tries >= mostTries) throw error;
    }
  }
}

async function writeAlias(
  client: Parameters<typeof writeBatch>[0],
  identity: Identity,
  actor: PersonActor,
  request: FastifyRequest,
  alias: string | undefined,
): Promise<string | undefined> {
  const { patientId } = actor;
  const person = await findPerson(client, patientId);
  const current = await findResource(client, 'Patient', patientId);
  if (!person || !current || current.deleted)
    throw new ApiError(404, 'not-found', 'There is no such person.');
  if (person.alias === (alias ?? null)) return undefined;
  if (!(await setAlias(client, patientId, alias))) {
    throw new ApiError(409, 'alias-taken', 'Somebody else has this alias. Choose another.', {
      fields: [{ field: 'alias', code: 'taken' }],
    });
  }
  const by = { who: whoOfPerson(actor), basis: 'self', agent: agentFamily(request.headers['user-agent']) };
  const version = prepareVersion(
    {
      ...by,
      patientId,
      resourceType: 'Patient',
      resourceId: patientId,
      version: current.version + 1,
      resource: withUhid(parseJson(current.content) as Resource, person.uhid, alias),
      author: 'patient',
      previousMs: current.lastUpdated.getTime(),
    },
    identity,
  );
  const change = sealEntry(
    patientId,
    { event: 'alias-change', outcome: 'done', ...by, detail: { removed: alias === undefined } },
    identity,
  );
  await writeBatch(client, {
    versions: [version],
    entries: [change],
    outbox: [
      {
        topic: 'resource.written',
        patientId,
        entryId: version.entry.entryId,
        payload: { type: 'Patient', id: patientId, version: version.version },
      },
    ],
  });
  return version.entry.entryId;
}
