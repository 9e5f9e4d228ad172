// POST /api/sign-up/claim: a sign-in for a record that was begun at a desk. Whoever has the printed code makes it their own.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Claims } from '../http/claims.ts';
import { readLogin } from '../http/login.ts';
import { uuidV4 } from '../http/random-id.ts';
import { whoOfPerson } from '../http/require-person.ts';
import { setSessionCookie } from '../http/session-cookie.ts';
import { findAccountByLogin, insertAccount } from '../storage/accounts.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { loginTaken } from './create-account.ts';
import type { Identity } from './identity.ts';
import { readMe } from './me.ts';
import { requireGoodPassword } from './password-rules.ts';
import { bodySchema, identityBodyLimit, languages, loginSchema, newPasswordSchema } from './schemas.ts';
import { startSession } from './start-session.ts';

interface ClaimBody {
  uhid: string;
  code: string;
  login: string;
  password: string;
  language?: string;
}

export function claimSignUp(identity: Identity, claims: Claims<Queryable>): RouteShorthandOptionsWithHandler {
  const { config, db, passwords } = identity;
  return {
    bodyLimit: identityBodyLimit,
    schema: bodySchema(
      {
        uhid: { type: 'string', maxLength: 40 },
        code: { type: 'string', maxLength: 64 },
        login: loginSchema,
        password: newPasswordSchema,
        language: { type: 'string', enum: [...languages] },
      },
      ['language'],
    ),
    async handler(request, reply) {
      const body = request.body as ClaimBody;
      const login = readLogin(body.login, { bareHosts: config.demo });
      const claim = await claims.open(request, body);
      const { patientId } = claim;
      const patient = await findResource(db.pool, 'Patient', patientId);
      const stands = patient && !patient.deleted ? (parseJson(patient.content) as Resource) : undefined;
      const name = displayName(stands?.['name']) ?? '';
      requireGoodPassword(body.password, [login.shown, name]);
      // A shared phone signs in one person. The code is not used up: they choose another login, or look after the record as guardian.
      if (await findAccountByLogin(db.pool, login.key)) throw loginTaken();
      const passwordHash = await passwords.hash(body.password);
      const accountId = uuidV4(identity.randomBytes);
      const who = whoOfPerson({ accountId, patientId, name });
      const { entryId, session } = await inTransaction(db.pool, async (client) => {
        // First: of two who claim at once the second waits here, and finds the code used up.
        const claimed = await claims.finish(client, request, claim, { who, as: 'self' });
        const stored = await insertAccount(client, {
          accountId,
          patientId,
          login: login.shown,
          loginKey: login.key,
          passwordHash,
          language: body.language ?? 'en',
          roles: [],
          createdAtMs: identity.now(),
        });
        if (!stored) throw loginTaken();
        const agent = agentFamily(request.headers['user-agent']);
        const entry = sealEntry(
          patientId,
          { event: 'sign-up', outcome: 'done', who, basis: 'claim-code', agent },
          identity,
        );
        await writeBatch(client, { versions: [], entries: [entry] });
        return {
          entryId: claimed,
          session: await startSession(client, identity, request, { accountId, passwordHash }, null),
        };
      });
      if (session) setSessionCookie(reply, session.token);
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send(await readMe(identity, accountId, null));
    },
  };
}
