// Reminders of medicines and ticks: each route walked once, with the entries that its answer acknowledges.
import type { Act, World } from './world.ts';
import { kept } from './world.ts';

// One day for all of them, and half a day away: neither midnight nor a reminder that is due comes in between.
const [today = '', now = ''] = new Date().toISOString().split('T');
const time = `${String((Number(now.slice(0, 2)) + 12) % 24).padStart(2, '0')}:00`;

async function stated(world: World): Promise<void> {
  const { id } = await world.asha.create({
    resourceType: 'MedicationStatement',
    status: 'active',
    subject: { reference: `Patient/${world.asha.patientId}` },
    medicationCodeableConcept: { text: 'Metformin' },
  });
  world.kept.set('medicine', `MedicationStatement/${id}`);
}
const set = (world: World) =>
  world.asha.call('PUT', `/api/doses/plans/${kept(world, 'medicine')}`, {
    body: { times: [time], days: [], begins: today, zone: 'UTC' },
  });
async function planned(world: World): Promise<void> {
  await stated(world);
  await set(world);
}

export const doseActs: readonly Act[] = [
  {
    route: 'PUT /api/doses/plans/:type/:id',
    prepare: stated,
    act: set,
    leaves: ['update', 'dose-plan'],
  },
  {
    route: 'DELETE /api/doses/plans/:type/:id',
    prepare: planned,
    act: (world) => world.asha.call('DELETE', `/api/doses/plans/${kept(world, 'medicine')}`),
    leaves: ['update', 'dose-plan-end'],
  },
  {
    route: 'PUT /api/doses/settings',
    act: ({ asha }) => asha.call('PUT', '/api/doses/settings', { body: { zone: 'UTC', byMail: false } }),
    leaves: ['dose-settings'],
  },
  {
    route: 'PUT /api/doses/ticks/:type/:id/:dose',
    prepare: planned,
    act: (world) =>
      world.asha.call('PUT', `/api/doses/ticks/${kept(world, 'medicine')}/${today}T${time}`, {
        body: { state: 'taken' },
      }),
    leaves: ['create'],
  },
  { route: 'GET /api/doses', act: ({ asha }) => asha.get('/api/doses'), leaves: ['search'] },
  { route: 'GET /api/doses/history', act: ({ asha }) => asha.get('/api/doses/history'), leaves: ['search'] },
];
