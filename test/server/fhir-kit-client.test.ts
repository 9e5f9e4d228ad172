// A foreign client that knows nothing of this server but its address and its own secret: fhir-kit-client.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'fhir-kit-client';
import { registerClient } from '../../server/oauth/register-client.ts';
import { basicOf } from '../harness/program.ts';
import { conditionOf, postEntry, transactionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

/** What comes back, as far as this file looks at it. */
interface Came {
  resourceType: string;
  id: string;
  gender?: string;
  total?: number;
  type?: string;
  entry?: { response?: { status: string; location?: string }; resource?: Came }[];
  code?: { text: string };
}

describe('fhir-kit-client', () => {
  let server: TestServer;
  let client: Client;
  let patientId: string;
  const came = async (promise: Promise<unknown>): Promise<Came> => (await promise) as Came;

  before(async () => {
    server = await startServer();
    const { clientId, secret = '' } = await registerClient(
      server.deps,
      { role: 'operator', name: 'test' },
      { name: 'Partner', scope: 'system/*.cruds' },
    );
    client = new Client({ baseUrl: `${server.url}/fhir/R4` });
    const { tokenUrl } = await client.smartAuthMetadata();
    const answer = await fetch(String(tokenUrl), {
      method: 'POST',
      headers: {
        authorization: basicOf(clientId, secret),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.cruds' }).toString(),
    });
    client.bearerToken = ((await answer.json()) as { access_token: string }).access_token;
  });
  after(() => server.stop());

  test('finds out what the server is', async () => {
    const statement = await came(client.capabilityStatement());
    assert.equal(statement.resourceType, 'CapabilityStatement');
  });

  test('creates, reads, changes and patches a person', async () => {
    const made = await came(
      client.create({
        resourceType: 'Patient',
        body: { resourceType: 'Patient', name: [{ family: 'Okafor' }] },
      }),
    );
    patientId = made.id;
    assert.equal((await came(client.read({ resourceType: 'Patient', id: patientId }))).id, patientId);
    const changed = await came(
      client.update({
        resourceType: 'Patient',
        id: patientId,
        body: { resourceType: 'Patient', id: patientId, gender: 'female', name: [{ family: 'Okafor' }] },
      }),
    );
    assert.equal(changed.gender, 'female');
    const patched = await came(
      client.patch({
        resourceType: 'Patient',
        id: patientId,
        jsonPatch: [{ op: 'replace', path: '/gender', value: 'male' }],
      }),
    );
    assert.equal(patched.gender, 'male');
  });

  test('sends a transaction, searches, deletes, and reads histories', async () => {
    const answer = await came(
      client.transaction({
        body: transactionOf(
          postEntry(conditionOf(patientId, 'one')),
          postEntry(conditionOf(patientId, 'two')),
        ) as { resourceType: string },
      }),
    );
    assert.deepEqual(
      answer.entry?.map(({ response }) => response?.status),
      ['201 Created', '201 Created'],
    );
    const found = await came(
      client.search({ resourceType: 'Condition', searchParams: { subject: `Patient/${patientId}` } }),
    );
    assert.equal(found.total, 2);
    const id = found.entry?.[0]?.resource?.id ?? '';
    await client.delete({ resourceType: 'Condition', id });
    await assert.rejects(client.read({ resourceType: 'Condition', id }), /410|Gone/);
    const history = await came(client.history({ resourceType: 'Condition', id }));
    assert.equal(history.total, 2);
    assert.equal((await came(client.history({ resourceType: 'Patient' }))).type, 'history');
  });

  test('carries out an operation', async () => {
    const everything = await came(
      client.operation({ name: '$everything', resourceType: 'Patient', id: patientId, method: 'GET' }),
    );
    assert.deepEqual(everything.entry?.map(({ resource }) => resource?.resourceType).toSorted(), [
      'Condition',
      'Patient',
    ]);
  });

  test('is told plainly what went wrong', async () => {
    await assert.rejects(
      client.create({ resourceType: 'Condition', body: { resourceType: 'Condition' } }),
      (error: { response?: { status: number; data: Came } }) =>
        error.response?.status === 422 && error.response.data.resourceType === 'OperationOutcome',
    );
  });
});
