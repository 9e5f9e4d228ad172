// Cards, their settings and access codes, and the one statement behind every scan. Knows hashes and sealed tokens, never a token.
import { codeForm, keyOf, placeOf } from '../../core/fhir/search-keys.ts';
import { stands } from './merges.ts';
import type { Queryable } from './queryable.ts';
import type { StoredVersion } from './resource-store.ts';

export type CardState = 'active' | 'replaced' | 'revoked' | 'lost';

export interface CardRow {
  cardId: string;
  number: number;
  state: CardState;
  tokenHash: Buffer;
  sealedToken: Buffer;
  /** Of the pre-printed blank this card was. */
  serial: string | null;
  issuedAt: Date;
  endedAt: Date | null;
}

/** What one scan needs to know of a card before a page can be shown. */
export interface ScannedCard {
  kind: 'card';
  patientId: string;
  cardId: string;
  number: number;
  state: CardState;
  uhid: string;
  /** Grows with every change of the record. */
  recordRevision: number;
  /** Grows with every change of the settings or the code. */
  settingsRevision: number;
  /** JSON text; null: the holder never chose anything. */
  settings: string | null;
  hasAccessCode: boolean;
  codeTriesLeft: number;
  joined: readonly JoinedToCard[];
}

/** A record whose holder's scan this is too, because it was joined to theirs. */
export interface JoinedToCard {
  patientId: string;
  joinedAtMs: number;
  recordRevision: number;
  settingsRevision: number;
  settings: string | null;
}

export type Scanned = ScannedCard | { kind: 'blank' } | { kind: 'unknown' };

/** Records joined to that of `p`, oldest first. */
const joinedRecords = `(select coalesce(json_agg(json_build_object('patientId', j.merged_id, 'joinedAtMs', extract(epoch from j.merged_at)::float8 * 1000,
      'recordRevision', coalesce(jv.revision, 0), 'settingsRevision', coalesce(js.revision, 0), 'settings', js.settings) order by j.merged_at, j.merged_id), '[]')
    from record_merge j left join record_revision jv on jv.patient_id = j.merged_id left join card_setting js on js.patient_id = j.merged_id
   where j.survivor_id = p.patient_id and ${stands('j')}) as joined`;

/** Whatever stands behind each token, in their order: one statement, the same for every token. */
export async function findScannedAll(db: Queryable, tokenHashes: readonly Uint8Array[]): Promise<Scanned[]> {
  const { rows } = await db.query({
    name: 'find-scanned',
    // The card of a record that was merged into another leads to that one.
    text: `select p.patient_id as "patientId", c.card_id as "cardId", c.number, c.state, p.uhid,
                  coalesce(v.revision, 0) as "recordRevision", coalesce(s.revision, 0) as "settingsRevision", s.settings,
                  s.code_hash is not null as "hasAccessCode", coalesce(s.code_tries_left, 0) as "codeTriesLeft", b.state as blank,
                  ${joinedRecords}
             from unnest($1::bytea[]) with ordinality asked(token_hash, place)
             left join card c using (token_hash)
             left join record_merge g on g.merged_id = c.patient_id and ${stands('g')}
             left join person p on p.patient_id = coalesce(g.survivor_id, c.patient_id)
             left join card_setting s on s.patient_id = p.patient_id
             left join record_revision v on v.patient_id = p.patient_id
             left join blank_card b on b.token_hash = asked.token_hash and b.state = 'blank'
            order by asked.place`,
    values: [tokenHashes],
  });
  return (rows as (Omit<ScannedCard, 'kind'> & { blank: string | null })[]).map(({ blank, ...row }) => {
    if (row.patientId !== null) return { kind: 'card', ...row };
    return { kind: blank === null ? 'unknown' : 'blank' };
  });
}

export async function findScanned(db: Queryable, tokenHash: Uint8Array): Promise<Scanned> {
  const [found] = await findScannedAll(db, [tokenHash]);
  return found ?? { kind: 'unknown' };
}

/** As `findScanned`, for the person's own card that stands now; undefined when they have none. */
export async function findOwnScanned(db: Queryable, patientId: string): Promise<ScannedCard | undefined> {
  const { rows } = await db.query({
    name: 'find-own-scanned',
    text: `select c.patient_id as "patientId", c.card_id as "cardId", c.number, c.state, p.uhid,
                  coalesce(v.revision, 0) as "recordRevision", coalesce(s.revision, 0) as "settingsRevision", s.settings,
                  s.code_hash is not null as "hasAccessCode", coalesce(s.code_tries_left, 0) as "codeTriesLeft",
                  ${joinedRecords}
             from card c join person p using (patient_id)
             left join card_setting s using (patient_id)
             left join record_revision v using (patient_id)
            where c.patient_id = $1 and c.state = 'active'`,
    values: [patientId],
  });
  const row = rows[0] as Omit<ScannedCard, 'kind'> | undefined;
  return row && { kind: 'card', ...row };
}

const codeOfObservation = placeOf('Observation', 'code:CodeableConcept', 'token');

/** The current resources of these types, and of Observations only those with one of these codes. */
export async function listCardResources(
  db: Queryable,
  patientId: string,
  types: readonly string[],
  observationCodes: readonly string[],
  limit: number,
): Promise<
  Pick<StoredVersion, 'resourceType' | 'resourceId' | 'version' | 'lastUpdated' | 'entryId' | 'content'>[]
> {
  const { rows } = await db.query({
    name: 'list-card-resources',
    text: `select resource_type as "resourceType", resource_id as "resourceId", version, last_updated as "lastUpdated",
                  entry_id as "entryId", content
             from resource
            where patient_id = $1 and not deleted and resource_type = any($2)
           union all
           select r.resource_type, r.resource_id, r.version, r.last_updated, r.entry_id, r.content
             from resource r
            where r.patient_id = $1 and not r.deleted and r.resource_type = 'Observation'
              and (r.search_keys || '{}'::bigint[]) && $3::bigint[]
           limit $4`,
    values: [
      patientId,
      types,
      observationCodes.map((code) => String(keyOf(codeForm(code), codeOfObservation))),
      limit,
    ],
  });
  return rows as StoredVersion[];
}

/** When the entry became provable: the first signed checkpoint that covers its leaf. Undefined while it waits. */
export async function findLoggedAt(db: Queryable, entryId: string): Promise<Date | undefined> {
  const { rows } = await db.query({
    name: 'find-logged-at',
    text: `select c.signed_at as "signedAt" from log_leaf l join log_checkpoint c on c.size > l.leaf_index
            where l.entry_id = $1::uuid order by c.size limit 1`,
    values: [entryId],
  });
  return (rows[0] as { signedAt: Date } | undefined)?.signedAt;
}

const columns = `card_id as "cardId", number, state, token_hash as "tokenHash", sealed_token as "sealedToken", serial, issued_at as "issuedAt", ended_at as "endedAt"`;

/** The person's newest card, whatever its state. */
export async function findNewestCard(db: Queryable, patientId: string): Promise<CardRow | undefined> {
  const { rows } = await db.query({
    name: 'find-newest-card',
    text: `select ${columns} from card where patient_id = $1 order by number desc limit 1`,
    values: [patientId],
  });
  return rows[0] as CardRow | undefined;
}

/** Holds the person's row until the transaction ends: their cards change one act at a time. False when there is no such person. */
export async function lockPerson(db: Queryable, patientId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'lock-person',
    text: `select 1 from person where patient_id = $1 for no key update`,
    values: [patientId],
  });
  return rowCount === 1;
}

/** Ends the active card. Undefined when there is none. */
export async function endActiveCard(
  db: Queryable,
  patientId: string,
  state: Exclude<CardState, 'active'>,
  nowMs: number,
): Promise<{ cardId: string; number: number } | undefined> {
  const { rows } = await db.query({
    name: 'end-active-card',
    text: `update card set state = $2, ended_at = to_timestamp($3::float8 / 1000)
            where patient_id = $1 and state = 'active' returning card_id as "cardId", number`,
    values: [patientId, state, nowMs],
  });
  return rows[0] as { cardId: string; number: number } | undefined;
}

/** Stores a new active card under the person's next number. The former must have ended in the same transaction. */
export async function insertCard(
  db: Queryable,
  card: {
    patientId: string;
    cardId: string;
    tokenHash: Uint8Array;
    sealedToken: Uint8Array;
    serial?: string;
    issuedAtMs: number;
  },
): Promise<number> {
  const { rows } = await db.query({
    name: 'insert-card',
    text: `insert into card (patient_id, card_id, number, state, token_hash, sealed_token, serial, issued_at)
           select $1, $2, coalesce(max(number), 0) + 1, 'active', $3, $4, $5, to_timestamp($6::float8 / 1000)
             from card where patient_id = $1
           returning number`,
    values: [
      card.patientId,
      card.cardId,
      card.tokenHash,
      card.sealedToken,
      card.serial ?? null,
      card.issuedAtMs,
    ],
  });
  return (rows[0] as { number: number }).number;
}

export interface CardSettingRow {
  settings: string | null;
  hasAccessCode: boolean;
  codeTriesLeft: number;
}

export async function findCardSetting(db: Queryable, patientId: string): Promise<CardSettingRow> {
  const { rows } = await db.query({
    name: 'find-card-setting',
    text: `select settings, code_hash is not null as "hasAccessCode", code_tries_left as "codeTriesLeft"
             from card_setting where patient_id = $1`,
    values: [patientId],
  });
  return (
    (rows[0] as CardSettingRow | undefined) ?? { settings: null, hasAccessCode: false, codeTriesLeft: 0 }
  );
}

/** `settings` is JSON text that has been checked. */
export async function saveCardSettings(db: Queryable, patientId: string, settings: string): Promise<void> {
  await db.query({
    name: 'save-card-settings',
    text: `insert into card_setting as s (patient_id, settings, revision) values ($1, $2, 1)
           on conflict (patient_id) do update set settings = excluded.settings, revision = s.revision + 1`,
    values: [patientId, settings],
  });
}

/** Sets a new code with all its tries, or takes the code away. */
export async function saveAccessCode(
  db: Queryable,
  patientId: string,
  code: { hash: string; tries: number } | undefined,
): Promise<void> {
  await db.query({
    name: 'save-access-code',
    text: `insert into card_setting as s (patient_id, revision, code_hash, code_tries_left, code_number)
           values ($1, 1, $2, $3, 1)
           on conflict (patient_id) do update
             set code_hash = excluded.code_hash, code_tries_left = excluded.code_tries_left,
                 code_number = s.code_number + 1, revision = s.revision + 1`,
    values: [patientId, code?.hash ?? null, code?.tries ?? 0],
  });
}

export interface CodeTry {
  hash: string;
  /** Which code was tried: a try is given back to that one only. */
  codeNumber: number;
  triesLeft: number;
}

/** Takes one try before the code is looked at, in a commit of its own. Undefined: no code, or no try left. */
export async function takeCodeTry(db: Queryable, patientId: string): Promise<CodeTry | undefined> {
  const { rows } = await db.query({
    name: 'take-code-try',
    text: `update card_setting set code_tries_left = code_tries_left - 1
            where patient_id = $1 and code_hash is not null and code_tries_left > 0
           returning code_hash as hash, code_number as "codeNumber", code_tries_left as "triesLeft"`,
    values: [patientId],
  });
  return rows[0] as CodeTry | undefined;
}

/** The code was right: its try did not count. */
export async function giveBackCodeTry(db: Queryable, patientId: string, codeNumber: number): Promise<void> {
  await db.query({
    name: 'give-back-code-try',
    text: `update card_setting set code_tries_left = code_tries_left + 1 where patient_id = $1 and code_number = $2`,
    values: [patientId, codeNumber],
  });
}

/** The people whose account has one of these phone numbers (E.164) as its login. */
export async function findPatientsByPhone(db: Queryable, phones: readonly string[]): Promise<string[]> {
  if (phones.length === 0) return [];
  const { rows } = await db.query({
    name: 'find-patients-by-phone',
    text: `select patient_id as "patientId" from account where login_key = any($1) and disabled_at is null`,
    values: [phones],
  });
  return (rows as { patientId: string }[]).map((row) => row.patientId);
}
