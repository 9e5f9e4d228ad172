// GET and POST /e/:token, and the photo on its page. A stranger without a login: everything is decided by the card alone.
// Order of each scan: find the card (one statement) -> page from memory or record -> entry and notices on disk -> answer.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { agentFamily } from '../http/agent-family.ts';
import type { ScannedCard } from '../storage/cards.ts';
import { findPatientsByPhone } from '../storage/cards.ts';
import { normalCode, tryCode } from './access-code.ts';
import type { CardRoom } from './card-room.ts';
import { isLinkPreview } from './link-preview.ts';
import { sendPage } from './page/page-body.ts';
import type { PageLanguage } from './page/emergency-view.ts';
import { pageWord } from './page/page-words.ts';
import { checkPhotoTicket } from './photo-ticket.ts';
import type { ReadyCard } from './ready-card.ts';
import { readyCard } from './ready-card.ts';
import type { Tier } from './scan-entries.ts';
import { recordDeadScan, recordScan } from './scan-entries.ts';
import { hashToken, readToken } from './token.ts';

type TokenRequest = FastifyRequest<{ Params: { token: string; ticket?: string } }>;

export const scanCard = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { token } = (request as TokenRequest).params;
  const language = pageLanguage(request);
  // To the form, which shows nothing: no look, whatever the token is.
  const plain = readToken(token);
  if ('handover' in (request.query as object) && plain !== undefined)
    return reply.header('cache-control', 'no-store').redirect(`/e/${plain}/handover?l=${language}`, 303);
  const found = await room.lookup.find(tokenHash(token));
  const agent = agentFamily(request.headers['user-agent']);
  if (isLinkPreview(request.headers['user-agent'])) {
    await recordDeadScan(room.deps, found.kind === 'card' ? found : undefined, {
      basis: 'link-preview',
      agent: 'a link preview',
    });
    return sendPage(request, reply, 404, room.noData.unfurl[language]);
  }
  if (found.kind !== 'card' || found.state !== 'active')
    return refuseDead(room, request, reply, found, language);
  const ready = await readyCard(room, found);
  await recordScan(
    room.deps,
    found,
    { event: 'scan', outcome: 'done', tier: 'first', shown: ready.shownAt('first', room.deps.now()), agent },
    await noticesOf(room, request, found, ready, 'first'),
  );
  return sendPage(
    request,
    reply,
    200,
    await ready.body({ language, tier: 'first', token, card: found, nowMs: room.deps.now() }),
  );
};

export const scanWithCode = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { token } = (request as TokenRequest).params;
  const language = pageLanguage(request);
  const found = await room.lookup.find(tokenHash(token));
  if (found.kind !== 'card' || found.state !== 'active')
    return refuseDead(room, request, reply, found, language);
  const agent = agentFamily(request.headers['user-agent']);
  const answer = room.codeTries.take(request.ip)
    ? await tryCode(room.deps.db.pool, found.patientId, givenCode(request.body))
    : ({ kind: 'wait' } as const);
  const ready = await readyCard(room, found);
  const page = { language, token, nowMs: room.deps.now() };
  if (answer.kind === 'right') {
    await recordScan(
      room.deps,
      found,
      {
        event: 'scan-code',
        outcome: 'done',
        tier: 'second',
        shown: ready.shownAt('second', room.deps.now()),
        agent,
      },
      await noticesOf(room, request, found, ready, 'second'),
    );
    return sendPage(request, reply, 200, await ready.body({ ...page, tier: 'second', card: found }));
  }
  const triesLeft =
    answer.kind === 'wrong' ? answer.triesLeft : answer.kind === 'closed' ? 0 : found.codeTriesLeft;
  // Whatever was posted is answered with the first tier, and so it is a look at it that the holder hears of.
  await recordScan(
    room.deps,
    found,
    {
      event: 'scan-code',
      outcome: 'refused',
      tier: 'first',
      shown: ready.shownAt('first', room.deps.now()),
      agent,
      problem: answer.kind,
    },
    answer.kind === 'wrong'
      ? [
          {
            patientId: found.patientId,
            kind: triesLeft === 0 ? 'card-code-locked' : 'card-code-wrong',
            detail: { card: found.number, triesLeft },
          },
        ]
      : await noticesOf(room, request, found, ready, 'first'),
  );
  const status = { wrong: 403, closed: 403, malformed: 422, wait: 429 }[answer.kind];
  const codeProblem = problemWords(
    language,
    answer.kind,
    triesLeft,
    ready.givenName(language),
    found.hasAccessCode,
  );
  if (answer.kind === 'wait') reply.header('retry-after', '600');
  return sendPage(
    request,
    reply,
    status,
    await ready.body({
      ...page,
      tier: 'first',
      card: { ...found, codeTriesLeft: triesLeft },
      ...(codeProblem ? { codeProblem } : {}),
    }),
  );
};

/** Answers only to the page of a recorded scan; everything else is nothing, in the same words. */
export const scanPhoto = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { token, ticket = '' } = (request as TokenRequest).params;
  reply.headers({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow, noarchive',
  });
  const found = await room.lookup.find(tokenHash(token));
  const open =
    found.kind === 'card' &&
    found.state === 'active' &&
    checkPhotoTicket(room.key, found.cardId, ticket, room.deps.now());
  const photo = open ? await (await readyCard(room, found)).photo() : undefined;
  if (!photo) return reply.code(404).type('text/plain; charset=utf-8').send('');
  return reply.code(200).type('image/jpeg').send(photo);
};

export async function refuseDead(
  room: CardRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  found: ScannedCard | { kind: 'blank' | 'unknown' },
  language: PageLanguage,
) {
  if (!room.deadScans.take(request.ip)) {
    reply.header('retry-after', '600');
    return sendPage(request, reply, 429, room.noData['too-many'][language]);
  }
  const basis = ({ card: 'card-not-valid', blank: 'card-without-owner', unknown: 'no-such-card' } as const)[
    found.kind
  ];
  await recordDeadScan(room.deps, found.kind === 'card' ? found : undefined, {
    basis,
    agent: agentFamily(request.headers['user-agent']),
  });
  return sendPage(request, reply, 404, room.noData[found.kind === 'blank' ? 'no-owner' : 'dead'][language]);
}

/**
 * The holder is told of every scan, but of their own where they chose so: signed in on the device that scans. The entry is there all the
 * same. The people on the card are told only where the holder chose so and they have an account.
 */
async function noticesOf(
  room: CardRoom,
  { actor }: FastifyRequest,
  card: ScannedCard,
  ready: ReadyCard,
  tier: Tier,
) {
  if (ready.ownScansAreSilent && actor.kind === 'person' && actor.patientId === card.patientId) return [];
  const own = { patientId: card.patientId, kind: 'card-scan', detail: { card: card.number, tier } };
  if (ready.phonesToTell.length === 0) return [own];
  const told = await findPatientsByPhone(room.deps.db.pool, ready.phonesToTell);
  return [
    own,
    ...told
      .filter((patientId) => patientId !== card.patientId)
      .map((patientId) => ({ patientId, kind: 'contact-scan', detail: { name: ready.name } })),
  ];
}

function problemWords(
  language: PageLanguage,
  kind: 'wrong' | 'closed' | 'malformed' | 'wait',
  triesLeft: number,
  name: string,
  hasAccessCode: boolean,
): string | undefined {
  if (kind === 'wait') return pageWord(language, 'codeWait');
  if (!hasAccessCode) return undefined;
  if (kind === 'malformed') return pageWord(language, 'codeMalformed');
  if (triesLeft === 0) return pageWord(language, 'codeLocked', { name });
  return triesLeft === 1
    ? pageWord(language, 'codeWrongLast')
    : pageWord(language, 'codeWrong', { n: triesLeft });
}

/** From a form or from JSON, never from the address. */
function givenCode(body: unknown): string {
  const { code, pin } = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown;
    pin?: unknown;
  };
  const given = code ?? pin;
  return typeof given === 'string' ? normalCode(given) : '';
}

/** Anything that is not a token is looked for like one. */
function tokenHash(text: string): Buffer {
  return hashToken(readToken(text) ?? text.slice(0, 64));
}

/** The language asked for, else the first one of the browser that the page can speak. */
export function pageLanguage(request: FastifyRequest): PageLanguage {
  const { l } = request.query as { l?: unknown };
  if (l === 'hi' || l === 'en') return l;
  const wished = (request.headers['accept-language'] ?? '').slice(0, 200).toLowerCase();
  const first = /(?:^|[\s,])(en|hi)\b/.exec(wished)?.[1];
  return first === 'hi' ? 'hi' : 'en';
}

/** `application/x-www-form-urlencoded`, as a form without script sends it. */
export function readFormBody(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
