// When Asha takes what: through the real routes, by herself, so that her day has something to tick.
import type { Ask } from './signed-in.ts';

const zone = 'Asia/Kolkata';

/** By the name of the medicine as her record has it. */
const timesOf: Readonly<Record<string, readonly string[]>> = {
  Warfarin: ['20:00'],
  'Insulin glargine': ['22:00'],
  'Insulin lispro': ['08:00', '13:00', '19:30'],
};

interface Doses {
  readonly today: string;
  readonly medicines: readonly { readonly ref: string; readonly name: string; readonly plan?: object }[];
}

/** Adds what is not there: what she changed stays. */
export async function fillDoses(signedInAs: (login: string) => Promise<Ask>): Promise<void> {
  const patient = await signedInAs('patient@demo');
  const { today, medicines } = (await patient('GET', `/api/doses?zone=${encodeURIComponent(zone)}`)) as Doses;
  for (const { ref, name, plan } of medicines) {
    const times = Object.entries(timesOf).find(([medicine]) => name.startsWith(medicine))?.[1];
    if (times === undefined || plan !== undefined) continue;
    await patient('PUT', `/api/doses/plans/${ref}`, { times, days: [], begins: today, zone });
  }
}
