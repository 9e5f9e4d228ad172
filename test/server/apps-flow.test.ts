// Apps that people let in, from the first address to the last token: what AUTH-03 to AUTH-07 and SES-03 of the security plan ask.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { signUp } from '../harness/client.ts';
import type { Person } from '../harness/client.ts';
import type { AppTokens } from '../harness/app.ts';
import { approvedApp, letIn, pkce, redeem, tokensOf, withToken } from '../harness/app.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

describe('an app that a person lets in', () => {
  let server: TestServer;
  let asha: Person;
  before(async () => {
    server = await startServer();
    asha = await signUp(server.url);
  });
  after(() => server.stop());

  test('reads what it was let in to see', async () => {
    const app = await approvedApp(server);
    const code = pkce();
    const back = await letIn(server, asha, app, code, {
      scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
    });

    const answer = await redeem(server, app, back.searchParams.get('code') ?? '', code.verifier);

    const tokens = answer.json<AppTokens>();
    const read = await withToken(server, tokens.access_token, 'GET', `/fhir/R4/Patient/${asha.patientId}`);
  });
});
