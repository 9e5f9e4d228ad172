// Who is let in: each route walked once, with the entries that its answer acknowledges.
import assert from 'node:assert/strict';
import { newAuthenticator } from '../harness/authenticator.ts';
import type { Answer } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { Act, World } from './world.ts';
import { keep, kept, ownDealings } from './world.ts';

const whole = { scope: 'whole', purpose: 'TREAT', duration: 'P7D' };
const directory = 'finds those who work here by name; nobody’s record is asked';

const ask = (world: World, terms: object = whole): Promise<Answer> =>
  keep(
    world,
    'request',
    world.doctor.call('POST', '/api/access-requests', { body: { patient: world.asha.uhid, ...terms } }),
  );
const request = (world: World, act = '') => `/api/access-requests/${kept(world, 'request')}${act}`;

async function openSince(world: World): Promise<Answer> {
  await ask(world, { ...whole, scope: { write: true } });
  return keep(
    world,
    'grant',
    world.doctor.call('POST', request(world, '/confirm'), { body: { code: world.code() } }),
    'grant',
  );
}
async function amend(world: World): Promise<Answer> {
  return keep(
    world,
    'amendment',
    world.doctor.call('POST', '/api/amendments', {
      body: {
        patient: world.asha.patientId,
        resource: conditionOf(world.asha.patientId),
        reason: 'Forgotten in the rush of the day',
      },
    }),
  );
}
/** By the pen of the acts before, where it still holds: requests to one person are few in an hour. */
export async function writeVisit(world: World): Promise<Answer> {
  const write = () =>
    world.doctor.call('POST', '/fhir/R4/Encounter', {
      body: {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${world.asha.patientId}` },
      },
    });
  const first = await write();
  if (first.status !== 201) await openSince(world);
  return keep(world, 'visit', first.status === 201 ? Promise.resolve(first) : write());
}
const breakGlass = (world: World) =>
  keep(
    world,
    'glass',
    world.doctor.call('POST', '/api/break-glass', {
      body: { patient: world.asha.uhid, reason: 'Found unconscious at the bus stand' },
    }),
  );

async function doctorsLook(world: World): Promise<void> {
  await openSince(world);
  const read = await world.doctor.get(`/fhir/R4/Patient/${world.asha.patientId}`);
  assert.equal(read.status, 200, read.text);
  const { rows } = await world.server.pool.query<{ id: string }>(
    `select entry_id as id from entry where patient_id = $1 and statement::jsonb ->> 'event' = 'read'
        and statement::jsonb -> 'who' ->> 'account' = $2 order by entry_id desc limit 1`,
    [world.asha.patientId, world.doctor.accountId],
  );
  world.kept.set('look', rows[0]?.id ?? 'none');
}

export const consentActs: readonly Act[] = [
  // Asked for
  {
    route: 'POST /api/access-requests',
    act: (world) => ask(world),
    leaves: ['access-request', 'access-code'],
  },
  {
    route: 'GET /api/access-requests',
    act: ({ asha }) => asha.get('/api/access-requests'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'GET /api/access-requests/:id',
    act: (world) => world.asha.get(request(world)),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/access-requests/:id/resend',
    act: (world) => world.doctor.call('POST', request(world, '/resend')),
    leaves: ['access-code'],
  },
  {
    route: 'POST /api/access-requests/:id/code',
    act: (world) => world.asha.call('POST', request(world, '/code')),
    leaves: ['access-code'],
  },
  {
    route: 'POST /api/access-requests/:id/confirm',
    prepare: (world) => ask(world, { ...whole, scope: { write: true } }),
    act: (world) =>
      keep(
        world,
        'grant',
        world.doctor.call('POST', request(world, '/confirm'), { body: { code: world.code() } }),
        'grant',
      ),
    leaves: ['access-approve', 'create'],
  },
  {
    route: 'POST /api/access-requests/:id/approve',
    prepare: (world) => ask(world),
    act: (world) => world.asha.call('POST', request(world, '/approve'), { body: {} }),
    leaves: ['access-approve', 'create'],
  },
  {
    route: 'POST /api/access-requests/:id/decline',
    prepare: (world) => ask(world),
    act: (world) => world.asha.call('POST', request(world, '/decline')),
    leaves: ['access-refuse'],
  },
  {
    route: 'POST /api/access-requests/:id/withdraw',
    prepare: (world) => ask(world),
    act: (world) => world.doctor.call('POST', request(world, '/withdraw')),
    leaves: ['access-withdraw'],
  },
  {
    route: 'POST /api/access-requests/:id/block',
    prepare: (world) => ask(world),
    act: (world) => world.asha.call('POST', request(world, '/block')),
    leaves: ['access-block'],
  },
  {
    route: 'DELETE /api/access-requests/:id/block',
    act: (world) => world.asha.call('DELETE', request(world, '/block')),
    leaves: ['access-unblock'],
  },
  {
    route: 'POST /api/access-requests/:id/passkey/options',
    prepare: (world) => ask(world),
    act: (world) => world.doctor.call('POST', request(world, '/passkey/options')),
    leaves: [],
    why: 'a question to a device; what is answered to it has its entry',
  },
  {
    route: 'POST /api/access-requests/:id/passkey',
    prepare: async (world) => {
      const device = newAuthenticator(world.server.deps.config.publicUrl);
      const options = (await world.asha.call('POST', '/api/passkeys/options')).json<never>();
      const body = { label: 'My phone', credential: device.register(options) };
      assert.equal((await world.asha.call('POST', '/api/passkeys', { body })).status, 201);
      await ask(world);
      const asked = await world.doctor.call('POST', request(world, '/passkey/options'));
      world.kept.set('presence', JSON.stringify(device.answer(asked.json<never>())));
    },
    act: (world) =>
      world.doctor.call('POST', request(world, '/passkey'), {
        body: { credential: JSON.parse(kept(world, 'presence')) as object },
      }),
    leaves: ['access-approve', 'create'],
  },
  {
    route: 'POST /api/grants/:id/extend',
    prepare: async (world) => {
      await openSince(world);
      const held = (await world.doctor.get('/api/grants?held=true')).json<
        { id: string; basis: string; state: string }[]
      >();
      world.kept.set(
        'pen',
        held.find(({ basis, state }) => basis === 'edit' && state === 'active')?.id ?? 'none',
      );
    },
    act: (world) => world.doctor.call('POST', `/api/grants/${kept(world, 'pen')}/extend`),
    leaves: ['access-request', 'access-code'],
  },
  // Late entries
  { route: 'POST /api/amendments', act: amend, leaves: ['amendment'] },
  {
    route: 'GET /api/amendments',
    act: ({ asha }) => asha.get('/api/amendments'),
    leaves: [],
    why: 'shows what waits to be taken in: it is no part of the record yet, and its sending has its entry',
  },
  {
    route: 'POST /api/amendments/:id/accept',
    act: (world) => world.asha.call('POST', `/api/amendments/${kept(world, 'amendment')}/accept`),
    leaves: ['amendment-answer', 'create'],
  },
  {
    route: 'POST /api/amendments/:id/reject',
    prepare: amend,
    act: (world) => world.asha.call('POST', `/api/amendments/${kept(world, 'amendment')}/reject`),
    leaves: ['amendment-answer'],
  },
  // Written
  {
    route: 'POST /api/visits/:id/tell',
    prepare: writeVisit,
    act: (world) => world.doctor.call('POST', `/api/visits/${kept(world, 'visit')}/tell`),
    leaves: ['visit-told'],
  },
  // Given
  {
    route: 'POST /api/grants',
    act: ({ asha, doctor }) => asha.call('POST', '/api/grants', { body: { to: doctor.accountId, ...whole } }),
    leaves: ['access-share', 'create'],
  },
  { route: 'GET /api/grants', act: ({ asha }) => asha.get('/api/grants'), leaves: [], why: ownDealings },
  {
    route: 'POST /api/grants/:id/revoke',
    act: (world) => world.asha.call('POST', `/api/grants/${kept(world, 'grant')}/revoke`),
    leaves: ['access-revoke', 'update'],
  },
  {
    route: 'POST /api/access-rules',
    act: (world) =>
      keep(
        world,
        'rule',
        world.asha.call('POST', '/api/access-rules', { body: { to: world.doctor.accountId, ...whole } }),
      ),
    leaves: ['access-rule'],
  },
  {
    route: 'GET /api/access-rules',
    act: ({ asha }) => asha.get('/api/access-rules'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'DELETE /api/access-rules/:id',
    act: (world) => world.asha.call('DELETE', `/api/access-rules/${kept(world, 'rule')}`),
    leaves: ['access-rule-end'],
  },
  // Emergencies
  { route: 'POST /api/break-glass', act: breakGlass, leaves: ['break-glass'] },
  {
    route: 'GET /api/glass-reviews',
    act: ({ asha }) => asha.get('/api/glass-reviews'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'POST /api/glass-reviews/:id/answer',
    act: (world) =>
      world.asha.call('POST', `/api/glass-reviews/${kept(world, 'glass')}/answer`, {
        body: { answer: 'right' },
      }),
    leaves: ['glass-answer'],
  },
  {
    route: 'POST /api/glass-reviews/:id',
    act: (world) =>
      world.officer.call('POST', `/api/glass-reviews/${kept(world, 'glass')}`, {
        body: { finding: 'justified', words: 'She was brought in unconscious.' },
      }),
    leaves: ['glass-review'],
  },
  {
    route: 'DELETE /api/break-glass/:id',
    act: (world) => world.doctor.call('DELETE', `/api/break-glass/${kept(world, 'glass')}`),
    leaves: ['break-glass-end'],
  },
  {
    route: 'GET /api/break-glass/counts',
    act: ({ auditor }) => auditor.get('/api/break-glass/counts'),
    leaves: [],
    why: 'counts by organisation, without a person in it',
  },
  // Questions
  {
    route: 'POST /api/disputes',
    prepare: doctorsLook,
    act: (world) =>
      keep(
        world,
        'dispute',
        world.asha.call('POST', '/api/disputes', {
          body: { entry: kept(world, 'look'), words: 'I was not in the hospital on that day.' },
        }),
      ),
    leaves: ['dispute'],
  },
  { route: 'GET /api/disputes', act: ({ asha }) => asha.get('/api/disputes'), leaves: [], why: ownDealings },
  {
    route: 'POST /api/disputes/:id/answer',
    act: (world) =>
      world.officer.call('POST', `/api/disputes/${kept(world, 'dispute')}/answer`, {
        body: { finding: 'wrong', words: 'It was the wrong record; she was told.' },
      }),
    leaves: ['dispute-answer'],
  },
  {
    route: 'POST /api/disputes/:id/escalate',
    act: (world) =>
      world.asha.call('POST', `/api/disputes/${kept(world, 'dispute')}/escalate`, {
        body: { words: 'This does not say why it happened.' },
      }),
    leaves: ['dispute-escalate'],
  },
  {
    route: 'POST /api/disputes/:id/close',
    act: (world) => world.asha.call('POST', `/api/disputes/${kept(world, 'dispute')}/close`),
    leaves: ['dispute-close'],
  },
  {
    route: 'GET /api/origins',
    act: ({ asha }) => asha.get(`/api/origins?entry=Patient/${asha.patientId}`),
    leaves: ['history'],
  },
  {
    route: 'GET /api/who-sees',
    act: ({ asha }) => asha.get(`/api/who-sees?entry=Patient/${asha.patientId}`),
    leaves: ['read'],
  },
  {
    route: 'GET /api/entries/:id/why',
    act: (world) => world.asha.get(`/api/entries/${kept(world, 'look')}/why`),
    leaves: [],
    why: 'explains one entry of the list whose showing has its entry',
  },
  {
    route: 'GET /api/record-parts',
    act: ({ asha }) => asha.get('/api/record-parts'),
    leaves: ['search'],
  },
  {
    route: 'GET /api/record-parts/entries',
    act: ({ asha }) => asha.get('/api/record-parts/entries?parts=conditions'),
    leaves: ['search'],
  },
  {
    route: 'GET /api/sealed-entries',
    act: ({ asha, doctor }) => doctor.get(`/api/sealed-entries?patient=${asha.patientId}`),
    leaves: ['search'],
  },
  {
    route: 'GET /api/me/work',
    act: ({ doctor }) => doctor.get('/api/me/work'),
    leaves: [],
    why: 'says where one works oneself',
  },
  {
    route: 'POST /api/clinicians/search',
    act: ({ asha }) => asha.call('POST', '/api/clinicians/search', { body: { name: 'Meera' } }),
    leaves: [],
    why: directory,
  },
];
