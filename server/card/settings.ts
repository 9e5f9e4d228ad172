// PUT /api/emergency-card: what each tier shows. Strict, because a setting that is misread could show what should be hidden.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CardSettings } from '../../core/card/card-settings.ts';
import { defaultCardSettings, readCardSettings } from '../../core/card/card-settings.ts';
import { sectionIds } from '../../core/record/facts.ts';
import { ApiError } from '../errors.ts';
import { findCardSetting, lockPerson, saveCardSettings } from '../storage/cards.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { CardRoom } from './card-room.ts';
import { noCard } from './change-card.ts';
import { holderOf } from './manage-card.ts';

/** Settings as stored; null and anything unreadable are the defaults. */
export function storedSettings(text: string | null): CardSettings {
  try {
    return readCardSettings(text === null ? undefined : JSON.parse(text));
  } catch {
    return defaultCardSettings;
  }
}

/** What is not sent stays as it is. Nothing is stored when any part is wrong. */
export const putSettings = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const holder = await holderOf(room, request);
  const body = request.body as { settings?: unknown } | undefined;
  const { settings, entryId } = await inTransaction(room.deps.db.pool, async (client) => {
    if (!(await lockPerson(client, holder.patientId))) throw noCard();
    const current = storedSettings((await findCardSetting(client, holder.patientId)).settings);
    const next = requireSettings(body?.settings ?? body, current);
    await saveCardSettings(client, holder.patientId, JSON.stringify(next));
    const entry = sealEntry(
      holder.patientId,
      {
        event: 'card-settings',
        outcome: 'done',
        who: holder.who,
        basis: holder.basis ?? 'self',
        agent: holder.agent,
      },
      room.deps,
    );
    await writeBatch(client, { versions: [], entries: [entry] });
    return { settings: next, entryId: entry.entryId };
  });
  return reply.header('ledger-entry', entryId).send({ settings });
};

/** Throws 422 `invalid` that names each part that is wrong. */
export function requireSettings(sent: unknown, current: CardSettings): CardSettings {
  const wrong: { field: string; code: string }[] = [];
  if (!isRecord(sent)) throw invalid([{ field: 'settings', code: 'type' }]);
  for (const [key, value] of Object.entries(sent)) {
    if (key === 'tiers') wrong.push(...wrongTiers(value));
    else if (key === 'hidden' || key === 'includeSensitive') {
      if (!isIdList(value)) wrong.push({ field: key, code: 'ids' });
    } else if (!Object.hasOwn(defaultCardSettings, key)) wrong.push({ field: key, code: 'unknown' });
    else if (typeof value !== 'boolean') wrong.push({ field: key, code: 'boolean' });
  }
  if (wrong.length > 0) throw invalid(wrong.slice(0, 20));
  const tiers = isRecord(sent['tiers']) ? sent['tiers'] : {};
  return readCardSettings({ ...current, ...sent, tiers: { ...current.tiers, ...tiers } });
}

function wrongTiers(tiers: unknown): { field: string; code: string }[] {
  if (!isRecord(tiers)) return [{ field: 'tiers', code: 'type' }];
  return Object.entries(tiers).flatMap(([section, placement]) => {
    if (!(sectionIds as readonly string[]).includes(section))
      return [{ field: `tiers.${section.slice(0, 40)}`, code: 'unknown' }];
    return placement === 'first' || placement === 'second' || placement === 'none'
      ? []
      : [{ field: `tiers.${section}`, code: 'placement' }];
  });
}

function isIdList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= 500 &&
    value.every((id) => typeof id === 'string' && /^[A-Za-z0-9.-]{1,64}$/.test(id))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(fields: readonly { field: string; code: string }[]): ApiError {
  return new ApiError(422, 'invalid', 'Some settings were not understood. Nothing was changed.', { fields });
}
