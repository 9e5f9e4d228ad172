// Erasures that the register knows and the database does not: after a restored backup everything that was erased since goes again,
// and what a crash left half done is finished. Runs before the server listens.
import type { Deps } from '../http/deps.ts';
import {
  deletePerson,
  deleteVersionsAndFiles,
  emptyEntries,
  findPatientBySha256,
  isErased,
  listStandingEntries,
} from '../storage/erasure.ts';
import { dropFile } from '../storage/file-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { RegisteredErasure } from './erasure-register.ts';
import { appendToRegister, readRegister } from './erasure-register.ts';

/** Returns how many erasures were carried out again. */
export async function repeatErasures(deps: Pick<Deps, 'config' | 'db'>): Promise<number> {
  const { erasures, open } = await readRegister(deps.config.dataDir);
  let repeated = 0;
  for (const erasure of erasures) {
    const happened = await isErased(deps.db.pool, erasure.erasure);
    const isOpen = open.includes(erasure);
    if (isOpen && !happened) {
      // Announced, never committed, and nobody was told that it was done.
      await appendToRegister(deps.config.dataDir, { state: 'not-done', erasure: erasure.erasure });
      continue;
    }
    if (!happened || isOpen || (await comesBack(deps, erasure))) {
      if (await repeat(deps, erasure)) repeated += 1;
      for (const fileId of erasure.files) await dropFile(deps.config.storageUrl, fileId);
    }
    if (isOpen) await appendToRegister(deps.config.dataDir, { state: 'done', erasure: erasure.erasure });
  }
  return repeated;
}

async function comesBack({ db }: Pick<Deps, 'db'>, { entries, person }: RegisteredErasure): Promise<boolean> {
  if (person !== undefined)
    return (await findPatientBySha256(db.pool, Buffer.from(person, 'hex'))) !== undefined;
  return (await listStandingEntries(db.pool, entries)).length > 0;
}

async function repeat({ db }: Pick<Deps, 'db'>, erasure: RegisteredErasure): Promise<boolean> {
  return inTransaction(db.pool, async (client) => {
    if (erasure.person !== undefined) {
      const patientId = await findPatientBySha256(client, Buffer.from(erasure.person, 'hex'));
      if (patientId === undefined) return false;
      await deletePerson(client, patientId, erasure.erasure);
      return true;
    }
    const standing = await listStandingEntries(client, erasure.entries);
    for (const { patientId, entryId } of standing)
      await emptyEntries(client, patientId, [entryId], erasure.erasure);
    await deleteVersionsAndFiles(client, erasure.entries, erasure.files);
    return standing.length > 0;
  });
}
