// Starts the platform, fills it once, and says who can sign in and where to look.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCardRoom } from '../server/card/card-room.ts';
import type { Config } from '../server/config.ts';
import { createPasswords } from '../server/identity/passwords.ts';
import type { Running } from '../server/start.ts';
import { start } from '../server/start.ts';
import type { Sources } from '../server/stores.ts';
import { findAccountByLogin } from '../server/storage/accounts.ts';
import { demoClient, demoKeyFile, ensureDemoClient } from './clients.ts';
import { fillDemo } from './fill.ts';
import { fillGuardians } from './guardians.ts';
import { fillDoses } from './doses.ts';
import { fillLaboratory } from './laboratory.ts';
import { cardAddress, issueAndScan } from './looks.ts';
import { demoAccessCode, demoPassword, logins } from './logins.ts';
import { fillSharing } from './sharing.ts';
import { sessionsOf } from './signed-in.ts';
import { fillWork } from './work.ts';

/** What the data folder remembers: the day the demo was made for, so that filling can be taken up again. */
interface Made {
  day: string;
  done: boolean;
}

/** Throws what starting throws. A second run on the same folder adds nothing. */
export async function runDemo(
  config: Config,
  say: (line: string) => void,
  sources: Sources = {},
): Promise<Running> {
  const running = await start(config, sources);
  try {
    await fillOnce(running, say);
    await ensureDemoClient(running.deps);
    say(await guide(running));
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function fillOnce(
  { deps, app, sequencer, outbox }: Running,
  say: (line: string) => void,
): Promise<void> {
  const file = join(deps.config.dataDir, 'demo.json');
  const made = await readMade(file);
  if (made?.done) return;
  if (!made && (await findAccountByLogin(deps.db.pool, 'patient@demo'))) return;
  const day = made?.day ?? new Date(deps.now()).toISOString().slice(0, 10);
  await writeMade(file, { day, done: false });
  const startedMs = performance.now();
  say('Making the people of the demo. This happens once.');
  const people = await fillDemo(deps, createPasswords(deps.randomBytes), day);
  await fillGuardians(deps, people);
  await issueAndScan(await openCardRoom(deps), app, people);
  await fillWork(deps, app, day);
  const signedInAs = sessionsOf(app);
  await fillSharing(deps, signedInAs, people);
  await fillLaboratory(deps, signedInAs, people, day);
  await fillDoses(signedInAs);
  await outbox.flush();
  await sequencer.flush();
  await writeMade(file, { day, done: true });
  say(`${people.length} people are here, after ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
}

async function readMade(file: string): Promise<Made | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Made);
}

async function writeMade(file: string, made: Made): Promise<void> {
  // A crash leaves the old file or the new one, never half of one.
  await writeFile(`${file}.new`, JSON.stringify(made));
  await rename(`${file}.new`, file);
}

async function guide({ deps }: Running): Promise<string> {
  const { publicUrl } = deps.config;
  const asha = await findAccountByLogin(deps.db.pool, 'patient@demo');
  const card = asha && (await cardAddress(await openCardRoom(deps), asha.patientId));
  const width = Math.max(...logins.map(({ login }) => login.length));
  return [
    '',
    `Medallion's demo is at ${publicUrl}`,
    '',
    `Sign in with one of these and the password ${demoPassword}`,
    ...logins.map(({ login, words }) => `  ${login.padEnd(width)}  ${words}`),
    'Those who work with records also give a code, as their phones would show it',
    `  ${publicUrl}/demo/codes`,
    '',
    ...(card === undefined
      ? []
      : ["Asha's emergency page, as a stranger sees it after scanning her card", `  ${card}`]),
    `  The code ${demoAccessCode} opens more of it.`,
    '',
    'A program gets its token at /oauth/token (client_credentials)',
    `  ${demoClient.clientId} / ${demoClient.secret}   scope ${demoClient.scope}`,
    `  or signed with the key in ${demoKeyFile(deps.config.dataDir)}`,
    '',
    'Where to look',
    `  ${publicUrl}/home                 as patient@demo: the card and the record`,
    `  ${publicUrl}/who-looked           who opened her card or her record`,
    `  ${publicUrl}/orders               what was ordered for her, and where it goes`,
    `  ${publicUrl}/laboratory           as lab@demo or radiology@demo: an order in each state`,
    `  ${publicUrl}/clinic/results       as doctor@demo: a critical result that nobody acknowledged`,
    `  ${publicUrl}/log/checkpoint       the signed log that all of it is in`,
    `  ${publicUrl}/fhir/R4/metadata     the FHIR interface`,
    '',
    'Everybody here is invented. Nothing of it leaves this machine. Stop with Ctrl-C.',
  ].join('\n');
}
