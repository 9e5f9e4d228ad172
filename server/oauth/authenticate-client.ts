// Which client a request to the token door comes from, by its secret or by a proof signed with its key (RFC 6749 section 2.3, RFC 7523).
// Exactly one way may be used. An unknown client costs the same work and gets the same answer as a wrong proof.
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { OauthError } from '../errors.ts';
import { limitedAddress } from '../http/client-address.ts';
import { hashToken } from '../http/session-cookie.ts';
import type { Client } from '../storage/clients.ts';
import { findClient } from '../storage/clients.ts';
import { assertedClientId, assertionProblem } from './client-assertion.ts';
import type { FormFields, Oauth } from './oauth.ts';
import { invalidClient, recordTokenEvent } from './oauth.ts';

export type AuthMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const clientIdPattern = /^[a-z0-9][a-z0-9.-]{0,63}$/;

type Proof =
  | { method: 'client_secret_basic' | 'client_secret_post'; clientId: string; secret: string }
  | { method: 'private_key_jwt'; clientId: string; assertion: string };

/** Throws OauthError 400 `invalid_request`, 401 `invalid_client`, or what the limits throw. */
export async function authenticateClient(
  oauth: Oauth,
  request: FastifyRequest,
  form: FormFields,
): Promise<{ client: Client; method: AuthMethod }> {
  const proof = readProof(request, form);
  const address = limitedAddress(request.ip);
  await oauth.attempts.take('token-address', address);
  const client = clientIdPattern.test(proof.clientId)
    ? await findClient(oauth.db.pool, proof.clientId)
    : undefined;
  const problem = await problemOf(oauth, client, proof);
  if (problem !== undefined || client === undefined) {
    await recordTokenEvent(
      oauth,
      request,
      'token-refused',
      client && { clientId: client.clientId, name: client.name },
      problem ?? 'client-unknown',
      { method: proof.method },
    );
    throw invalidClient(proof.method === 'client_secret_basic');
  }
  await oauth.attempts.forgive([{ purpose: 'token-address', parts: [address] }]);
  return { client, method: proof.method };
}

/**
 * As `authenticateClient`, also for a public app, which says its name and can prove nothing. An app that has a secret or a key of its
 * own is never let through without it. Throws 401 for what is no app, was not approved or was shut.
 */
export async function authenticateApp(
  oauth: Oauth,
  request: FastifyRequest,
  form: FormFields,
): Promise<Client> {
  const proves =
    request.headers.authorization !== undefined ||
    form.get('client_secret') !== undefined ||
    form.get('client_assertion') !== undefined;
  const client = proves
    ? (await authenticateClient(oauth, request, form)).client
    : await findPublicApp(oauth, request, form.get('client_id') ?? '');
  if (client?.kind === 'app' && client.approvedAt && !client.disabledAt) return client;
  if (proves && client?.kind === 'program')
    throw new OauthError(400, 'unauthorized_client', 'A program acts for itself and for no person.');
  await recordTokenEvent(
    oauth,
    request,
    'token-refused',
    client && { clientId: client.clientId, name: client.name },
    client ? 'not-an-approved-app' : 'client-unknown',
  );
  throw invalidClient(proves && request.headers.authorization !== undefined);
}

/** A program, or an app of either kind. */
export async function authenticateAny(
  oauth: Oauth,
  request: FastifyRequest,
  form: FormFields,
): Promise<Client> {
  const publicly =
    request.headers.authorization === undefined &&
    form.get('client_secret') === undefined &&
    form.get('client_assertion') === undefined &&
    form.get('client_id') !== undefined;
  if (publicly) return authenticateApp(oauth, request, form);
  const { client } = await authenticateClient(oauth, request, form);
  if (client.kind === 'app' && !client.approvedAt) throw invalidClient(false);
  return client;
}

async function findPublicApp(
  oauth: Oauth,
  request: FastifyRequest,
  clientId: string,
): Promise<Client | undefined> {
  const address = limitedAddress(request.ip);
  await oauth.attempts.take('token-address', address);
  const client = clientIdPattern.test(clientId) ? await findClient(oauth.db.pool, clientId) : undefined;
  if (client === undefined || client.secretHash !== null || client.jwks !== null) return undefined;
  await oauth.attempts.forgive([{ purpose: 'token-address', parts: [address] }]);
  return client;
}

function readProof(request: FastifyRequest, form: FormFields): Proof {
  const basic = readBasic(request.headers.authorization);
  const formId = form.get('client_id');
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  const given = [basic, secret, assertion].filter((one) => one !== undefined).length;
  if (given > 1)
    throw new OauthError(400, 'invalid_request', 'More than one way of client authentication was used.');
  if (basic) {
    if (formId !== undefined && formId !== basic.clientId)
      throw new OauthError(400, 'invalid_request', 'Two different clients are named.');
    return { method: 'client_secret_basic', ...basic };
  }
  if (assertion !== undefined) {
    if (form.get('client_assertion_type') !== assertionType)
      throw new OauthError(400, 'invalid_request', `client_assertion_type must be ${assertionType}.`);
    const clientId = assertedClientId(assertion);
    if (clientId === undefined || (formId !== undefined && formId !== clientId)) throw invalidClient(false);
    return { method: 'private_key_jwt', clientId, assertion };
  }
  if (secret !== undefined && formId !== undefined)
    return { method: 'client_secret_post', clientId: formId, secret };
  throw invalidClient(true);
}

/** `Basic base64(id:secret)`, both form-encoded first (RFC 6749, section 2.3.1). Undefined when there is no such header. */
function readBasic(header: string | undefined): { clientId: string; secret: string } | undefined {
  if (header === undefined) return undefined;
  const encoded = /^basic +([A-Za-z0-9+/]{1,2000}={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) throw invalidClient(true);
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw invalidClient(true);
  const [clientId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecoded);
  if (clientId === undefined || secret === undefined) throw invalidClient(true);
  return { clientId, secret };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const decoyHash = hashToken('');

async function problemOf(
  oauth: Oauth,
  client: Client | undefined,
  proof: Proof,
): Promise<string | undefined> {
  if (proof.method === 'private_key_jwt') {
    const problem = client?.jwks ? await assertionProblem(oauth, client, proof.assertion) : 'no-key';
    return client?.disabledAt ? 'client-disabled' : problem;
  }
  // Compared even where there is nothing to compare with; the hash makes both sides of one length.
  const right = timingSafeEqual(hashToken(proof.secret), client?.secretHash ?? decoyHash);
  if (!right || !client?.secretHash) return 'secret-wrong';
  return client.disabledAt ? 'client-disabled' : undefined;
}
