// The routes that answer without a sign-in. A route that is not here must ask for one: a test reads the server's own list.

export const publicRoutes: readonly string[] = [
  // Pages of the web app, and whether the server is well
  'GET /',
  'HEAD /',
  'GET /healthz',
  'HEAD /healthz',
  'GET /readyz',
  'HEAD /readyz',
  // Ways in
  'POST /api/sign-up',
  'POST /api/setup',
  'POST /api/sessions',
  'POST /api/sessions/passkey/options',
  'POST /api/sessions/passkey',
  // What this server is able to do
  'GET /fhir/R4/metadata',
  'HEAD /fhir/R4/metadata',
  'GET /fhir/R4/.well-known/smart-configuration',
  'HEAD /fhir/R4/.well-known/smart-configuration',
  'GET /.well-known/oauth-authorization-server',
  'HEAD /.well-known/oauth-authorization-server',
  // Programs prove who they are in the body or in their own header
  'POST /oauth/token',
  'POST /oauth/revoke',
  'POST /oauth/introspect',
  // An app is sent here by the browser of a person, who signs in before anything is answered; a registration waits for an administrator
  'GET /oauth/authorize',
  'POST /oauth/authorize',
  'GET /oauth/authorize/:uid',
  'GET /oauth/jwks',
  'POST /oauth/register',
  'GET /.well-known/openid-configuration',
  'HEAD /.well-known/openid-configuration',
  // The verifier, to take away
  'GET /verify.html',
  'HEAD /verify.html',
  // The log names nobody
  'GET /log/checkpoint',
  'HEAD /log/checkpoint',
  'GET /log/checkpoint/witnessed',
  'HEAD /log/checkpoint/witnessed',
  'GET /log/witnesses',
  'HEAD /log/witnesses',
  'GET /log/keys',
  'HEAD /log/keys',
  'GET /log/vkey',
  'HEAD /log/vkey',
  'GET /log/tile/*',
  'HEAD /log/tile/*',
  'GET /log/leaf/:index',
  'HEAD /log/leaf/:index',
  'GET /log/proof/inclusion',
  'HEAD /log/proof/inclusion',
  'GET /log/proof/consistency',
  'HEAD /log/proof/consistency',
  'GET /log/anchors',
  'HEAD /log/anchors',
  // The card: whoever holds it
  'GET /e/:token',
  'POST /e/:token',
  'GET /e/:token/photo/:ticket',
];
