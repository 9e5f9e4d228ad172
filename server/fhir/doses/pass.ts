// Every half minute: whoever has a dose to take is told that there is something new, once, and of what is long over not at all. Nothing
// depends on it having run: which doses are due and which are late, the page computes from the plans.
import { atLeast } from '../../../core/access/authority.ts';
import { dayAfter, dayOf } from '../../../core/doses/local-time.ts';
import { dueReminders, nextReminder, stillHelps } from '../../../core/doses/plan.ts';
import { readTick, tickId } from '../../../core/doses/tick.ts';
import { parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import type { Deps } from '../../http/deps.ts';
import { startPass } from '../../http/passes.ts';
import { findReach } from '../../storage/accounts.ts';
import { listAuthorities } from '../../storage/authorities.ts';
import type { StoredClock, StoredPlan } from '../../storage/dose-plans.ts';
import {
  dropDoseNotices,
  endDosePlan,
  listDosePlans,
  lockDueClocks,
  settleClock,
} from '../../storage/dose-plans.ts';
import { findNoticePlace } from '../../storage/lab-results.ts';
import { insertNotices } from '../../storage/notices.ts';
import type { Queryable } from '../../storage/queryable.ts';
import { findResources } from '../../storage/resource-store.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { clockOf, standsToday } from './open-doses.ts';

const everyMs = 30_000;
const atOnce = 100;

interface ToMail {
  /** In whose account the address stands. */
  readonly patientId: string;
}

/** Gives back how many people were told. */
export async function passDoses(deps: Deps): Promise<number> {
  let told = 0;
  for (;;) {
    const { settled, mails, people } = await inTransaction(deps.db.pool, (client) => remind(deps, client));
    told += people;
    // After the commit: a mail that is lost in a crash is not sent twice, and the notice is there.
    for (const { patientId } of mails) await mail(deps, patientId);
    if (settled < atOnce) return told;
  }
}

async function mail(deps: Deps, patientId: string): Promise<void> {
  const reach = await findReach(deps.db.pool, patientId);
  if (reach === undefined) return;
  await deps.messenger.sendReminder?.(
    { address: reach.login, language: reach.language },
    deps.config.publicUrl,
  );
}

async function remind(
  deps: Deps,
  client: Queryable,
): Promise<{ settled: number; people: number; mails: ToMail[] }> {
  const clocks = await lockDueClocks(client, deps.now(), atOnce);
  const mails: ToMail[] = [];
  let people = 0;
  for (const stored of clocks) {
    if (!(await settle(deps, client, stored))) continue;
    people += 1;
    mails.push(...(await tell(deps, client, stored)));
  }
  return { settled: clocks.length, people, mails };
}

/** Moves the clock on. True when a dose is due that still can be reminded of and nobody has ticked. */
async function settle(deps: Deps, client: Queryable, stored: StoredClock): Promise<boolean> {
  const nowMs = deps.now();
  const { patientId } = stored;
  const clock = clockOf(stored);
  const plans = await listDosePlans(client, patientId);
  const { due, settled } = dueReminders(plans, clock, stored.settled, nowMs);
  const asked = [...new Set(due.map(([plan]) => plan))];
  const medicines = await findResources(
    client,
    asked.map(({ medicineType, medicineId }) => ({ resourceType: medicineType, resourceId: medicineId })),
  );
  const over = new Set(
    asked.filter((_, i) => {
      const medicine = medicines[i];
      if (medicine === undefined || medicine.deleted || medicine.patientId !== patientId) return true;
      return !standsToday(parseJson(medicine.content) as Resource, clock.zone, nowMs);
    }),
  );
  // What was stopped is not planned any more, from its first dose on that nobody was to take.
  for (const plan of over) {
    const [, first = settled] = due.find(([one]) => one === plan) ?? [];
    await endDosePlan(client, plan, first, dayAfter(dayOf(first), -120));
  }
  const standing = plans.filter((plan) => !over.has(plan));
  await settleClock(client, patientId, settled, nextReminder(standing, clock, settled));
  const open = due.filter(([plan, dose]) => !over.has(plan) && stillHelps(dose, clock, nowMs));
  return open.length > 0 && (await someUnticked(client, patientId, open));
}

async function someUnticked(
  client: Queryable,
  patientId: string,
  doses: readonly (readonly [StoredPlan, string])[],
): Promise<boolean> {
  const rows = await findResources(
    client,
    doses.map(([{ medicineType, medicineId }, dose]) => ({
      resourceType: 'MedicationAdministration',
      resourceId: tickId(patientId, `${medicineType}/${medicineId}`, dose),
    })),
  );
  return rows.some(
    (row) =>
      row === undefined || row.deleted || readTick(parseJson(row.content) as Resource)?.state === undefined,
  );
}

/** The person, and a guardian who set the reminders and may still act for them. One notice waits at most. */
async function tell(
  deps: Deps,
  client: Queryable,
  { patientId, setBy, entryId, byMail }: StoredClock,
): Promise<ToMail[]> {
  const nowMs = deps.now();
  const setter = await findNoticePlace(client, setBy);
  const guards =
    setter !== undefined &&
    setter !== patientId &&
    (await listAuthorities(client, setBy, nowMs, [patientId])).some(
      (one) => one.basis === 'guardian' && atLeast(one.level, 'act'),
    );
  const notices = [{ to: patientId, kind: 'dose' }, ...(guards ? [{ to: setter, kind: 'dose-for' }] : [])];
  for (const { to } of notices) await dropDoseNotices(client, to, patientId);
  await insertNotices(
    client,
    notices.map(({ to, kind }) => ({
      patientId: to,
      noticeId: uuidV7(nowMs, deps.randomBytes),
      kind,
      entryId,
      detail: { about: patientId },
      createdAtMs: nowMs,
    })),
  );
  const mailed = guards ? setter : setter === patientId ? patientId : undefined;
  return byMail && mailed !== undefined ? [{ patientId: mailed }] : [];
}

export const startDosesPass = (deps: Deps): { stop(): Promise<void> } =>
  startPass(deps, { everyMs, failed: 'reminders could not be looked through; trying again' }, () =>
    passDoses(deps),
  );
