// Where programs and apps find out what this server's doors can do: SMART discovery, RFC 8414, OpenID. Says only what works.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { plainScopes } from './app-scopes.ts';
import { assertionAlgorithms } from './client-assertion.ts';
import { fhirBaseOf, tokenEndpoint } from './oauth.ts';

const proofs = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];

const shared = (deps: Pick<Deps, 'config'>) => {
  const { publicUrl } = deps.config;
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}/oauth/authorize`,
    token_endpoint: tokenEndpoint(deps),
    revocation_endpoint: `${publicUrl}/oauth/revoke`,
    introspection_endpoint: `${publicUrl}/oauth/introspect`,
    registration_endpoint: `${publicUrl}/oauth/register`,
    // Where a person sees whom they let in, and shuts them out.
    management_endpoint: `${publicUrl}/apps`,
    jwks_uri: `${publicUrl}/oauth/jwks`,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    token_endpoint_auth_methods_supported: [...proofs, 'none'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_methods_supported: [...proofs, 'none'],
    introspection_endpoint_auth_methods_supported: [...proofs, 'none'],
    scopes_supported: [
      ...plainScopes,
      'patient/*.cruds',
      'patient/*.rs',
      'user/*.cruds',
      'user/*.rs',
      'system/*.cruds',
      'system/*.rs',
    ],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
};

export const smartCapabilities = [
  'launch-ehr',
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'client-confidential-asymmetric',
  'sso-openid-connect',
  'context-banner',
  'context-ehr-patient',
  'context-standalone-patient',
  'permission-offline',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
];

/** May be read by pages of any origin: it names nobody. */
function sendOpen(reply: FastifyReply, body: object): FastifyReply {
  return reply
    .headers({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
    })
    .type('application/json; charset=utf-8')
    .send(body);
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** JSON whatever `Accept` says. */
export const smartConfiguration =
  (deps: Pick<Deps, 'config'>): Answer =>
  async (_request, reply) =>
    sendOpen(reply, {
      ...shared(deps),
      capabilities: smartCapabilities,
      associated_endpoints: [{ url: fhirBaseOf(deps), capabilities: ['launch-standalone', 'launch-ehr'] }],
    });

/** RFC 8414. */
export const authorizationServer =
  (deps: Pick<Deps, 'config'>): Answer =>
  async (_request, reply) =>
    sendOpen(reply, shared(deps));

/** OpenID Connect Discovery 1.0. */
export const openidConfiguration =
  (deps: Pick<Deps, 'config'>): Answer =>
  async (_request, reply) =>
    sendOpen(reply, {
      ...shared(deps),
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'fhirUser'],
      claim_types_supported: ['normal'],
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    });
