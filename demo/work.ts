// What waits at Kaveri General Hospital: a doctor who was invited and said yes, whose licence nobody has looked at, and an invitation
// that nobody has answered. Through the real routes, once.
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../server/http/deps.ts';
import type { DemoOutbox } from '../server/messages/messenger.ts';
import { findAccountByLogin } from '../server/storage/accounts.ts';
import { listMemberships } from '../server/storage/members.ts';
import { idOf } from './random.ts';
import { signedIn } from './signed-in.ts';

export async function fillWork(deps: Deps, app: FastifyInstance, today: string): Promise<void> {
  const account = await findAccountByLogin(deps.db.pool, 'leela@demo');
  // Was stopped and taken up again: what is there stays.
  if (account && (await listMemberships(deps.db.pool, account.accountId)).length > 0) return;
  const leela = await signedIn(app, 'leela@demo');
  const administrator = await signedIn(app, 'kaveri@demo');
  const invites = `/api/admin/organizations/${idOf('Organization/kaveri')}/invites`;
  await administrator('POST', invites, { to: 'radiographer@kaveri.example', role: 'radiology' });
  await administrator('POST', invites, { to: 'leela@demo', role: 'doctor' });
  const sent = (deps.messenger as DemoOutbox).invitations.find(({ to }) => to === 'leela@demo');
  if (!sent) throw new Error('the demo lost an invitation');
  const token = sent.link.slice(sent.link.lastIndexOf('/') + 1);
  const { id } = (await leela('POST', `/api/places/invitations/${token}/accept`)) as { id: string };
  await leela('PUT', `/api/places/${id}/licence`, {
    number: 'DEMO-41187',
    authority: 'Karnataka Medical Council',
    until: `${Number(today.slice(0, 4)) + 3}-03-31`,
  });
}
