// GET /api/me and the language of the pages: the account as its owner sees it. Reads no more of the record than the name.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { ApiError } from '../errors.ts';
import { challenge, requirePerson } from '../http/require-person.ts';
import { findOwnAccount, setLanguage } from '../storage/accounts.ts';
import type { Identity } from './identity.ts';
import { displayName } from '../../core/record/human-name.ts';
import { photoUrl } from './person-name.ts';
import { bodySchema, identityBodyLimit, languages } from './schemas.ts';

export interface Me {
  account: { id: string; login: string; alias?: string; language: string; roles: string[] };
  patient: { id: string; uhid: string; name: string; photoUrl?: string };
  /** People this person may act for: guardians come later, so nobody yet. */
  actingFor: never[];
}

export async function readMe(identity: Identity, accountId: string): Promise<Me> {
  const own = await findOwnAccount(identity.db.pool, accountId);
  if (!own) throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
  const photo = photoUrl(own.photo);
  return {
    account: {
      id: own.accountId,
      login: own.login,
      ...(own.alias === null ? {} : { alias: own.alias }),
      language: own.language,
      roles: own.roles,
    },
    patient: {
      id: own.patientId,
      uhid: own.uhid,
      name: displayName(own.name),
      ...(photo ? { photoUrl: photo } : {}),
    },
    actingFor: [],
  };
}

export function me(identity: Identity): RouteShorthandOptionsWithHandler {
  return { handler: async (request) => readMe(identity, requirePerson(request).accountId) };
}

export function putLanguage(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ language: { type: 'string', enum: [...languages] } }),
    async handler(request) {
      const { accountId } = requirePerson(request);
      await setLanguage(identity.db.pool, accountId, (request.body as { language: string }).language);
      return readMe(identity, accountId);
    },
  };
}
