// Deny by default: below the guarded addresses only the routes named here answer to nobody in particular, and to staff who gave no second
// factor only those by which they add one. Refused before a body is read.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { isGuarded } from './guarded-paths.ts';
import { challenge } from './require-person.ts';

const forAnybody = new Set([
  'POST /api/sign-up',
  'POST /api/sign-up/claim',
  'POST /api/setup',
  'POST /api/sessions',
  'POST /api/sessions/passkey/options',
  'POST /api/sessions/passkey',
  'POST /api/sessions/second',
  'POST /api/sessions/second/mail',
  'POST /api/recoveries',
  'POST /api/recoveries/state',
  'POST /api/recoveries/finish',
  'POST /api/recoveries/stop',
  'GET /fhir/R4/metadata',
  'HEAD /fhir/R4/metadata',
  'GET /fhir/R4/.well-known/smart-configuration',
  'HEAD /fhir/R4/.well-known/smart-configuration',
]);

/** What staff without a second factor may do: sign out, prove themselves, add one. */
const withoutFactor = new Set([
  'GET /api/me',
  'PUT /api/me/language',
  'GET /api/sessions',
  'DELETE /api/sessions/:id',
  'POST /api/reauthenticate',
  'POST /api/reauthenticate/second',
  'POST /api/reauthenticate/passkey/options',
  'POST /api/reauthenticate/passkey',
  'GET /api/factors',
  'GET /api/recoveries',
  'DELETE /api/recoveries',
  'POST /api/totp',
  'POST /api/totp/confirm',
  'GET /api/passkeys',
  'POST /api/passkeys/options',
  'POST /api/passkeys',
]);

/** An onRequest hook, after the actor is known. Throws 401 `not-signed-in`, 403 `second-factor-required`. */
export async function requireSignIn(request: FastifyRequest): Promise<void> {
  const { url } = request.routeOptions;
  if (url === undefined || !isGuarded(url)) return;
  const route = `${request.method} ${url}`;
  if (forAnybody.has(route)) return;
  const { actor } = request;
  if ('lacksFactor' in actor && actor.lacksFactor && !withoutFactor.has(route))
    throw new ApiError(
      403,
      'second-factor-required',
      'Your work needs a second factor. Add a passkey or an authenticator app, or sign in with the one you have.',
    );
  if (actor.kind !== 'anonymous') return;
  throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
}
