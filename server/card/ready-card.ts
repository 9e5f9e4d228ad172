// Everything the page of one card needs, read and described once, and the pages made of it, kept while nothing changed.
import { createHash } from 'node:crypto';
import { vitalObservationCodes } from '../../core/access/joined-entries.ts';
import type { CardSettings } from '../../core/card/card-settings.ts';
import type { JoinedRecord } from '../../core/card/joined-facts.ts';
import type { EmergencySummary } from '../../core/card/emergency-summary.ts';
import { emergencySummaries } from '../../core/card/emergency-summary.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Fact, RecordFacts } from '../../core/record/facts.ts';
import { factObservationCodes, factTypes } from '../../core/record/fact-types.ts';
import { readFacts } from '../../core/record/read-facts.ts';
import type { JoinedToCard, ScannedCard } from '../storage/cards.ts';
import { findLoggedAt, listCardResources } from '../storage/cards.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { CardRoom } from './card-room.ts';
import { readPhoto } from './card-photo.ts';
import { dateAndTime, dayOf, timeOf } from './clock-words.ts';
import { describeSummary, givenNameOf, localName } from './page/describe.ts';
import { emergencyPage } from './page/emergency-page.ts';
import type { EmergencyView, LookWords, PageLanguage } from './page/emergency-view.ts';
import type { PageBody } from './page/page-body.ts';
import { pageBody } from './page/page-body.ts';
import { noteWords, readRecentNotes, stillStanding } from './page/recent-notes.ts';
import { pageWord } from './page/page-words.ts';
import { makePhotoTicket } from './photo-ticket.ts';
import type { Tier } from './scan-entries.ts';
import { storedSettings } from './settings.ts';

/** What of a joined record follows onto the card, and whom it names. */
const joinedTypes = [
  'Patient',
  'RelatedPerson',
  'AllergyIntolerance',
  'Condition',
  'MedicationStatement',
  'MedicationRequest',
  'Medication',
  'Device',
  'DeviceUseStatement',
  'Consent',
  'DocumentReference',
] as const;

const mostResources = 5000;

export interface PageRequest {
  language: PageLanguage;
  tier: Tier;
  token: string;
  card: Pick<ScannedCard, 'cardId' | 'hasAccessCode' | 'codeTriesLeft'>;
  nowMs: number;
  mode?: LookWords['mode'];
  codeProblem?: string;
}

export interface ReadyCard {
  /** Empty where the holder withholds it. */
  readonly name: string;
  readonly settings: CardSettings;
  readonly facts: RecordFacts;
  readonly first: EmergencySummary;
  readonly second: EmergencySummary;
  /** What a tier shows at that moment: of notes, those that still stand. */
  shownAt(tier: Tier, nowMs: number): { count: number; digest: string };
  /** E.164; empty unless the holder chose that contacts are told. */
  readonly phonesToTell: readonly string[];
  /** The holder wants no notice of their own scans. */
  readonly ownScansAreSilent: boolean;
  givenName(language: PageLanguage): string;
  /** JPEG bytes, unless there is none or the holder keeps it off the card. */
  photo(): Promise<Buffer | undefined>;
  body(request: PageRequest): Promise<PageBody>;
}

/** From memory while record, settings, card and day are the same; else read anew. */
export function readyCard(room: CardRoom, card: ScannedCard): Promise<ReadyCard> {
  const today = dayOf(room.deps.now());
  const joined = card.joined
    .map((one) => `${one.patientId} ${one.recordRevision} ${one.settingsRevision} ${one.joinedAtMs}`)
    .join(' ');
  const standing = `${card.cardId} ${card.recordRevision} ${card.settingsRevision} ${today} ${joined}`;
  return room.pages.get(card.patientId, standing, () => makeReady(room, card, today));
}

async function makeReady(room: CardRoom, card: ScannedCard, today: string): Promise<ReadyCard> {
  const { pool } = room.deps.db;
  const stored = await listCardResources(
    pool,
    card.patientId,
    factTypes,
    factObservationCodes,
    mostResources,
  );
  const facts = readFacts(
    stored.map((one) => parseJson(one.content)),
    today,
  );
  const settings = storedSettings(card.settings);
  const joined: JoinedRecord[] = [];
  for (const one of card.joined) joined.push(await readJoined(pool, one, today));
  const { first, second } = emergencySummaries(facts, settings, today, joined);
  const left = await readRecentNotes(pool, card.patientId, settings, room.deps.now());
  const newest = stored.reduce<(typeof stored)[number] | undefined>(
    (latest, one) => (latest === undefined || one.lastUpdated > latest.lastUpdated ? one : latest),
    undefined,
  );
  const name = first.who?.name ?? '';
  const views = new Map<string, EmergencyView>();
  const bodies = new Map<string, PageBody>();
  const photo = first.who?.photo;
  let photoRead: Promise<Buffer | undefined> | undefined;
  let loggedAt: Date | undefined;

  const viewOf = (language: PageLanguage, tier: Tier): EmergencyView => {
    const key = `${language} ${tier}`;
    const made =
      views.get(key) ?? describeSummary(tier === 'first' ? first : second, language, card.hasAccessCode);
    views.set(key, made);
    return made;
  };
  const givenName = (language: PageLanguage) =>
    name === '' ? pageWord(language, 'theHolder') : givenNameOf(localName(first, language) ?? name);

  return {
    name,
    settings,
    facts,
    first,
    second,
    shownAt: (tier, nowMs) =>
      tier === 'first' ? shownOf(first) : shownOf(second, stillStanding(left, nowMs)),
    phonesToTell: settings.tellContacts ? contactPhones(facts) : [],
    ownScansAreSilent: settings.silentOwnScans,
    givenName,
    photo: () => {
      if (!photo) return Promise.resolve(undefined);
      photoRead ??= readPhoto(room.deps, card.patientId, photo);
      return photoRead;
    },
    async body({ language, tier, token, card: asked, nowMs, mode = 'scan', codeProblem }) {
      if (newest) loggedAt ??= await findLoggedAt(pool, newest.entryId);
      const time = timeOf(nowMs);
      const code =
        asked.hasAccessCode && first.moreWithCode ? (asked.codeTriesLeft > 0 ? 'open' : 'locked') : 'none';
      const notes = mode === 'scan' ? noteWords(left, language, nowMs, tier === 'second') : [];
      const ages = notes.map((one) => one.left).join(' ');
      const key = [language, tier, mode, code, time, loggedAt?.getTime(), codeProblem, ages].join('|');
      const kept = bodies.get(key);
      if (kept) return kept;
      const made = pageBody(
        emergencyPage(viewOf(language, tier), {
          mode,
          tier,
          ...(mode === 'preview'
            ? { switchQuery: `?tier=${tier}&language=` }
            : tier === 'first'
              ? { switchQuery: '?l=' }
              : {}),
          ...(photo
            ? { photoUrl: `/e/${token}/photo/${makePhotoTicket(room.key, asked.cardId, nowMs)}` }
            : {}),
          ...(mode === 'scan' ? { offersHandover: true as const } : {}),
          notes,
          host: new URL(room.deps.config.publicUrl).host,
          time,
          loggedAt: loggedAt && dateAndTime(language, loggedAt),
          givenName: givenName(language),
          contactsTold: settings.tellContacts,
          code,
          ...(codeProblem === undefined ? {} : { codeProblem }),
        }),
      );
      // Pages of former minutes are never asked for again.
      if (bodies.size >= 6) bodies.clear();
      if (codeProblem === undefined) bodies.set(key, made);
      return made;
    },
  };
}

async function readJoined(db: Queryable, one: JoinedToCard, today: string): Promise<JoinedRecord> {
  const stored = await listCardResources(
    db,
    one.patientId,
    joinedTypes,
    vitalObservationCodes,
    mostResources,
  );
  return {
    on: dayOf(one.joinedAtMs),
    facts: readFacts(
      stored.map(({ content }) => parseJson(content)),
      today,
    ),
    settings: storedSettings(one.settings),
  };
}

/** Count and base64 SHA-256 over the sorted lines `Type/id/_history/n` of the resources whose facts a tier shows. */
function shownOf(
  summary: EmergencySummary,
  notes: readonly Pick<Fact<unknown>, 'resource'>[] = [],
): { count: number; digest: string } {
  const sections = [
    summary.allergies,
    summary.conditions,
    summary.medicines,
    summary.implants,
    summary.bloodGroup,
    summary.contacts,
    summary.directives,
    summary.disabilities,
    summary.careTeam,
    summary.vaccinations,
    ...(summary.tier === 'second' ? [summary.documents, summary.address] : []),
  ];
  const lines = new Set(notes.map(({ resource }) => lineOf(resource)));
  for (const section of sections) {
    if (section.state === 'none-known') lines.add(lineOf(section.resource));
    if (section.state === 'recorded')
      for (const fact of section.facts as readonly Fact<unknown>[]) lines.add(lineOf(fact.resource));
  }
  for (const line of summary.dangers.lines)
    for (const resource of line.resources) lines.add(lineOf(resource));
  const sorted = [...lines].sort();
  return { count: sorted.length, digest: createHash('sha256').update(sorted.join('')).digest('base64') };
}

function lineOf({ type, id, version }: Fact<unknown>['resource']): string {
  return `${type}/${id}/_history/${version}\n`;
}

function contactPhones(facts: RecordFacts): string[] {
  if (facts.contacts.state !== 'recorded') return [];
  const phones = facts.contacts.facts.map(({ value }) =>
    (value.phone ?? '').normalize('NFKC').replace(/[^\d+]/g, ''),
  );
  return [...new Set(phones.filter((phone) => /^\+[1-9]\d{7,14}$/.test(phone)))];
}
