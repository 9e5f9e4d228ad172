// GET and POST /e/:token/handover: a responder leaves words and vitals that the hospital sees before they arrive. By a clinician whose licence
// was checked, or with the card's access code and then marked as not verified. Nothing of the record is shown here.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { handoverResources, readHandover } from '../../core/record/handover.ts';
import { agentFamily } from '../http/agent-family.ts';
import { attemptKey, countAttempt } from '../storage/attempts.ts';
import { listGuardianPatients } from '../storage/authorities.ts';
import type { ScannedCard } from '../storage/cards.ts';
import type { Receiving } from '../storage/handovers.ts';
import { insertHandover, listReceiving } from '../storage/handovers.ts';
import { isVerifiedClinician, listMemberships } from '../storage/members.ts';
import { insertNotices } from '../storage/notices.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { normalCode, tryCode } from './access-code.ts';
import type { CardRoom } from './card-room.ts';
import { wordsPage } from './page/emergency-page.ts';
import type { PageLanguage } from './page/emergency-view.ts';
import { handoverPage, leftWords } from './page/handover-page.ts';
import { pageBody, sendPage } from './page/page-body.ts';
import { pageWord } from './page/page-words.ts';
import { pageLanguage, refuseDead } from './scan.ts';
import { hashToken, readToken } from './token.ts';

/** How long a note stands at the top; in the record it stays. Documented in docs/decisions/handover-notes.md: change both. */
export const handoverLastsMs = 24 * 3_600_000;
const hourMs = 3_600_000;
/** Of the hospitals of this server, by name. */
const mostHospitals = 200;

interface By {
  verified: boolean;
  who: StatementWho;
  rule: string;
  sender?: string;
}

/** The form, the same for every address: it asks nothing of the card and tells nothing. */
export const showHandover = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const language = pageLanguage(request);
  const asClinician = (await clinicianOf(room, request, '-')) !== undefined;
  const hospitals = await listReceiving(room.deps.db.pool, { limit: mostHospitals });
  return sendPage(request, reply, 200, pageBody(handoverPage(language, { asClinician, hospitals })));
};

export const leaveHandover = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const language = pageLanguage(request);
  const { token } = request.params as { token: string };
  const card = await room.lookup.find(hashToken(readToken(token) ?? token.slice(0, 64)));
  if (card.kind !== 'card' || card.state !== 'active')
    return refuseDead(room, request, reply, card, language);
  const form = (typeof request.body === 'object' && request.body !== null ? request.body : {}) as Record<
    string,
    unknown
  >;
  const clinician = await clinicianOf(room, request, card.patientId);
  const again = async (status: number, problem: string) => {
    const hospitals = await listReceiving(room.deps.db.pool, { limit: mostHospitals });
    const asClinician = clinician !== undefined;
    return sendPage(
      request,
      reply,
      status,
      pageBody(handoverPage(language, { asClinician, problem, hospitals, typed: form })),
    );
  };
  const given = readHandover(form);
  if ('wrong' in given)
    return again(422, pageWord(language, given.wrong === 'empty' ? 'handover.empty' : 'handover.wrong'));
  const to = await hospitalOf(room, form['to']);
  if (to === 'unknown') return again(422, pageWord(language, 'handover.wrong'));
  const wait = () => {
    reply.header('retry-after', '3600');
    return again(429, pageWord(language, 'handover.wait'));
  };
  const limit = {
    purpose: 'handover-to-person',
    key: attemptKey(card.patientId),
    limit: 10,
    windowMs: hourMs,
  };
  if (!room.codeTries.take(request.ip)) return wait();
  const by = clinician ?? (await byCode(room, request, card, form['code'], language));
  if ('problem' in by) return again(by.status, by.problem);
  if (!(await countAttempt(room.deps.db.pool, limit, room.deps.now())).allowed) return wait();
  await store(room, request, card, { given, to }, by);
  return sendPage(request, reply, 201, pageBody(wordsPage(language, leftWords(language))));
};

/** Undefined where none was chosen. */
async function hospitalOf(room: CardRoom, chosen: unknown): Promise<Receiving | 'unknown' | undefined> {
  if (typeof chosen !== 'string' || chosen === '') return undefined;
  const [found] = await listReceiving(room.deps.db.pool, { id: chosen.slice(0, 64), limit: 1 });
  return found ?? 'unknown';
}

/** Undefined for everybody whose licence nobody has looked at, and for the person themself. */
async function clinicianOf(
  room: CardRoom,
  request: FastifyRequest,
  patientId: string,
): Promise<By | undefined> {
  const { actor } = request;
  if (actor.kind !== 'person' || actor.patientId === patientId) return undefined;
  const member = isVerifiedClinician(
    await listMemberships(room.deps.db.pool, actor.accountId),
    room.deps.now(),
  );
  if (!member) return undefined;
  const asker = { kind: 'person', patientId: actor.patientId, bringsFiles: true } as const;
  const { allowed, rule } = decide(asker, 'deposit', { patientId, resourceType: 'Communication' });
  if (!allowed) return undefined;
  const { practitionerId, organizationId } = member;
  const reference =
    practitionerId === null ? `Organization/${organizationId}` : `Practitioner/${practitionerId}`;
  return {
    verified: true,
    rule,
    sender: reference,
    who: {
      role: 'professional',
      account: actor.accountId,
      reference,
      ...(actor.name ? { name: actor.name } : {}),
    },
  };
}

/** A wrong code costs one of the tries that the holder gave it, here as on the page itself, and the holder is told. */
async function byCode(
  room: CardRoom,
  request: FastifyRequest,
  card: ScannedCard,
  typed: unknown,
  language: PageLanguage,
): Promise<By | { problem: string; status: number }> {
  const { patientId } = card;
  const answer = await tryCode(
    room.deps.db.pool,
    patientId,
    normalCode(typeof typed === 'string' ? typed : ''),
  );
  const asker = { kind: 'card', patientId, tier: 'second' } as const;
  const { allowed, rule } = decide(asker, 'deposit', { patientId, resourceType: 'Communication' });
  if (answer.kind === 'right' && allowed) return { verified: false, rule, who: { role: 'card-reader' } };
  if (answer.kind === 'malformed') return { problem: pageWord(language, 'codeMalformed'), status: 422 };
  const left = answer.kind === 'wrong' ? answer.triesLeft : 0;
  const entry = sealEntry(
    patientId,
    {
      event: 'handover',
      outcome: 'refused',
      who: { role: 'card-reader' },
      basis: 'card-first-tier',
      agent: agentFamily(request.headers['user-agent']),
      detail: { card: card.number, problem: answer.kind },
    },
    room.deps,
  );
  const nowMs = room.deps.now();
  await room.deps.entries.store(entry, [
    {
      patientId,
      noticeId: uuidV7(nowMs, room.deps.randomBytes),
      kind: left === 0 ? 'card-code-locked' : 'card-code-wrong',
      entryId: entry.entryId,
      detail: { card: card.number, triesLeft: left },
      createdAtMs: nowMs,
    },
  ]);
  return { problem: pageWord(language, 'handover.codeWrong'), status: 403 };
}

async function store(
  room: CardRoom,
  request: FastifyRequest,
  card: ScannedCard,
  { given, to }: { given: Parameters<typeof handoverResources>[0]; to: Receiving | undefined },
  { verified, who, rule, sender }: By,
): Promise<void> {
  const { deps } = room;
  const { patientId } = card;
  const nowMs = deps.now();
  const handoverId = uuidV7(nowMs, deps.randomBytes);
  const agent = agentFamily(request.headers['user-agent']);
  const resources = handoverResources(given, {
    patientId,
    at: new Date(nowMs).toISOString(),
    verified,
    ...(sender === undefined ? {} : { sender }),
  });
  const by = { who, basis: rule, purpose: 'ETREAT', agent } as const;
  const versions = resources.map((resource) =>
    prepareVersion(
      {
        ...by,
        patientId,
        resourceType: resource.resourceType,
        resourceId: uuidV7(nowMs, deps.randomBytes),
        version: 1,
        resource,
        author: verified ? 'professional' : 'import',
        ownBase: `${deps.config.publicUrl}/fhir/R4`,
        detail: { handover: handoverId, verified },
      },
      deps,
    ),
  );
  const entry = sealEntry(
    patientId,
    { ...by, event: 'handover', outcome: 'done', detail: { card: card.number, verified } },
    deps,
  );
  await inTransaction(deps.db.pool, async (client) => {
    await writeBatch(client, { versions, entries: [entry] });
    await insertHandover(client, {
      patientId,
      handoverId,
      communicationId: versions[0]?.resourceId ?? '',
      verified,
      leftAtMs: nowMs,
      untilMs: nowMs + handoverLastsMs,
      ...(to === undefined ? {} : { organizationId: to.id }),
    });
    const told = [patientId, ...(await listGuardianPatients(client, patientId, nowMs))];
    await insertNotices(
      client,
      told.map((to) => ({
        patientId: to,
        noticeId: uuidV7(nowMs, deps.randomBytes),
        kind: 'handover-left',
        entryId: entry.entryId,
        detail: {},
        createdAtMs: nowMs,
      })),
    );
  });
}
