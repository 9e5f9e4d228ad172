// Where programs find out what this server's token door can do: SMART discovery and RFC 8414. Says only what works.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../http/deps.ts';
import { assertionAlgorithms } from './client-assertion.ts';
import { tokenEndpoint } from './oauth.ts';

const shared = (deps: Deps) => ({
  token_endpoint: tokenEndpoint(deps),
  revocation_endpoint: `${deps.config.publicUrl}/oauth/revoke`,
  grant_types_supported: ['client_credentials'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  scopes_supported: ['system/*.cruds', 'system/*.rs', 'system/*.read', 'system/*.write'],
  // SMART asks for this list even where no grant uses it; `plain` would never be taken.
  code_challenge_methods_supported: ['S256'],
});

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

/** JSON whatever `Accept` says. */
export const smartConfiguration =
  (deps: Deps) =>
  async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendOpen(reply, {
      ...shared(deps),
      capabilities: [
        'client-confidential-symmetric',
        'client-confidential-asymmetric',
        'permission-v1',
        'permission-v2',
      ],
    });

/** RFC 8414. */
export const authorizationServer =
  (deps: Deps) =>
  async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendOpen(reply, { issuer: deps.config.publicUrl, ...shared(deps), response_types_supported: [] });
