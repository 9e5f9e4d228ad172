// Deny by default: under /api, /fhir and at /ws only the routes named here answer to nobody in particular. Refused before a body is read.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { challenge } from './require-person.ts';

const forAnybody = new Set([
  'POST /api/sign-up',
  'POST /api/setup',
  'POST /api/sessions',
  'POST /api/sessions/passkey/options',
  'POST /api/sessions/passkey',
  'GET /fhir/R4/metadata',
  'HEAD /fhir/R4/metadata',
  'GET /fhir/R4/.well-known/smart-configuration',
  'HEAD /fhir/R4/.well-known/smart-configuration',
]);

/** An onRequest hook, after the actor is known. Throws 401 `not-signed-in`. */
export async function requireSignIn(request: FastifyRequest): Promise<void> {
  const { url } = request.routeOptions;
  if (url === undefined || !/^\/((api|fhir)\/|ws$)/.test(url)) return;
  if (request.actor.kind !== 'anonymous' || forAnybody.has(`${request.method} ${url}`)) return;
  throw new ApiError(401, 'not-signed-in', 'Sign in first.', { headers: challenge });
}
