// GET /api/me and the language of the pages: the account as its owner sees it. Reads no more of the record than the name.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { SecondFactor } from '../../core/sign-in/factors.ts';
import { ApiError } from '../errors.ts';
import { challenge, requirePerson } from '../http/require-person.ts';
import { findOwnAccount, setLanguage } from '../storage/accounts.ts';
import { listActedFor } from '../storage/guardians.ts';
import type { Identity } from './identity.ts';
import { displayName } from '../../core/record/human-name.ts';
import { photoUrl } from '../http/person-name.ts';
import { bodySchema, identityBodyLimit, languages } from './schemas.ts';

export interface Me {
  account: {
    id: string;
    login: string;
    alias?: string;
    language: string;
    roles: string[];
    /** Their work needs a second factor, and this session was begun without. */
    lacksFactor: boolean;
  };
  patient: { id: string; uhid: string; name: string; photoUrl?: string };
  /** People whose guardian they are now. */
  actingFor: {
    id: string;
    uhid: string;
    name: string;
    birthDate?: string;
    level: string;
    relationship: string;
    endsAt: Date | null;
    /** From when on the person's record is theirs alone. */
    majorityAt?: Date;
    frozen: boolean;
  }[];
}

/** `second`: by what the session was proved a second time. */
export async function readMe(
  identity: Identity,
  accountId: string,
  second: SecondFactor | null,
): Promise<Me> {
  const own = await findOwnAccount(identity.db.pool, accountId);
  if (!own) throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
  const acting = await listActedFor(identity.db.pool, accountId, identity.now());
  const photo = photoUrl(own.photo);
  return {
    account: {
      id: own.accountId,
      login: own.login,
      ...(own.alias === null ? {} : { alias: own.alias }),
      language: own.language,
      roles: own.roles,
      lacksFactor: own.staff && second === null,
    },
    patient: {
      id: own.patientId,
      uhid: own.uhid,
      name: displayName(own.name),
      ...(photo ? { photoUrl: photo } : {}),
    },
    actingFor: acting.map((one) => ({
      id: one.patientId,
      uhid: one.uhid,
      name: displayName(one.name),
      ...(one.birthDate === null ? {} : { birthDate: one.birthDate }),
      level: one.level,
      relationship: one.relationship,
      endsAt: one.endsAt,
      ...(one.majorityAt === null ? {} : { majorityAt: one.majorityAt }),
      frozen: one.frozen,
    })),
  };
}

export function me(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const { accountId, second } = requirePerson(request);
      return readMe(identity, accountId, second);
    },
  };
}

export function putLanguage(identity: Identity): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema({ language: { type: 'string', enum: [...languages] } }),
    async handler(request) {
      const { accountId, second } = requirePerson(request);
      await setLanguage(identity.db.pool, accountId, (request.body as { language: string }).language);
      return readMe(identity, accountId, second);
    },
  };
}
