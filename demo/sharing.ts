// Who may see what, in the demo: Asha has let her cardiologist in, another doctor asks her, and a record was opened in an emergency that waits for
// its review. Through the real routes, once.
import type { Deps } from '../server/http/deps.ts';
import { findAccountByLogin } from '../server/storage/accounts.ts';
import { listGiven } from '../server/storage/authorities.ts';
import type { FilledPerson } from './fill.ts';
import type { Ask } from './signed-in.ts';

export async function fillSharing(
  deps: Deps,
  signedInAs: (login: string) => Promise<Ask>,
  people: readonly FilledPerson[],
): Promise<void> {
  const asha = await findAccountByLogin(deps.db.pool, 'patient@demo');
  const meera = await findAccountByLogin(deps.db.pool, 'doctor@demo');
  // Was stopped and taken up again: what is there stays.
  if (!asha || !meera || (await listGiven(deps.db.pool, asha.patientId)).length > 0) return;
  const patient = await signedInAs('patient@demo');
  await patient('POST', '/api/grants', {
    to: meera.accountId,
    scope: { sealed: false, share: false, write: false },
    purpose: 'CAREMGT',
    duration: 'P180D',
  });
  const other = await signedInAs('doctor2@demo');
  await other('POST', '/api/access-requests', {
    patient: asha.patientId,
    scope: { categories: ['results', 'medicines'], sealed: false, share: false, write: true },
    purpose: 'COC',
    duration: 'P30D',
  });
  const guarded = people.find(({ person }) => person.name === 'Sudhakar Deshpande');
  if (!guarded) throw new Error('the demo lost a person');
  const doctor = await signedInAs('doctor@demo');
  await doctor('POST', '/api/break-glass', {
    patient: guarded.patientId,
    reason: 'Brought in unconscious, nobody with him can answer.',
  });
}
