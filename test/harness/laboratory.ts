// A laboratory for tests: its Organization, somebody who works there, an order addressed to it, and its steps as requests.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { insertMember } from '../../server/storage/members.ts';
import type { MemberRole } from '../../server/storage/members.ts';
import type { Answer, Client, Person } from './client.ts';
import { signUp } from './client.ts';
import { importDirectory } from './directory.ts';
import type { TestServer } from './server.ts';
import { provedTwice } from './staff.ts';

export interface Laboratory {
  readonly id: string;
  readonly person: Person;
}

export async function employ(
  server: TestServer,
  role: MemberRole,
  organizationId: string,
  name = 'Kavya Nair',
): Promise<Person> {
  const person = await signUp(server.url, { name });
  await insertMember(
    server.pool,
    {
      memberId: randomUUID(),
      accountId: person.accountId,
      organizationId,
      role,
      practitionerId: null,
      licence: null,
      licenceUntil: null,
    },
    Date.now(),
  );
  await provedTwice(server.pool, person.accountId);
  return person;
}

export async function openLaboratory(
  server: TestServer,
  role: MemberRole = 'laboratory',
  name = 'Kaveri Diagnostics',
): Promise<Laboratory> {
  const id = randomUUID();
  await importDirectory(server.deps, [{ resourceType: 'Organization', id, name }]);
  return { id, person: await employ(server, role, id) };
}

export const orderOf = (patientId: string, laboratory: string, more: object = {}) => ({
  resourceType: 'ServiceRequest',
  status: 'active',
  intent: 'order',
  code: { text: 'Salts and kidneys' },
  subject: { reference: `Patient/${patientId}` },
  authoredOn: '2026-11-29',
  performer: [{ reference: `Organization/${laboratory}` }],
  ...more,
});

export async function order(
  by: Client,
  patientId: string,
  laboratory: string,
  more: object = {},
): Promise<string> {
  const answer = await by.call('POST', '/fhir/R4/ServiceRequest', {
    body: orderOf(patientId, laboratory, more),
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<{ id: string }>().id;
}

export const atOrder = (id: string, step = ''): string => `/api/laboratory/orders/${id}${step}`;

export const salts = (given: Readonly<Record<string, number>>, more: object = {}) => ({
  form: 'electrolytes',
  response: {
    resourceType: 'QuestionnaireResponse',
    questionnaire: 'urn:medallion:form:electrolytes|1',
    status: 'completed',
    item: [
      {
        linkId: 'electrolytes',
        item: Object.entries(given).map(([linkId, value]) => ({ linkId, answer: [{ valueDecimal: value }] })),
      },
    ],
  },
  ...more,
});

export async function accept(lab: Laboratory, id: string): Promise<void> {
  const taken = await lab.person.call('POST', atOrder(id, '/accept'));
  assert.equal(taken.status, 204, taken.text);
}

export const enter = (lab: Laboratory, id: string, body: object): Promise<Answer> =>
  lab.person.call('PUT', atOrder(id, '/results'), { body });

export interface Signed {
  readonly result: string;
  readonly report: string;
  readonly critical: boolean;
  readonly kept: boolean;
}

export async function sign(
  lab: Laboratory,
  id: string,
  given: Readonly<Record<string, number>>,
): Promise<Signed> {
  const entered = await enter(lab, id, salts(given));
  assert.equal(entered.status, 200, entered.text);
  const signed = await lab.person.call('POST', atOrder(id, '/sign'));
  assert.equal(signed.status, 201, signed.text);
  return signed.json<Signed>();
}
