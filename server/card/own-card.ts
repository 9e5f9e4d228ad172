// The holder's own view of their card: what it is, what it prints, what a responder would see, and its printable forms.
// Every answer with facts in it is a look of the holder at their own record and leaves an entry.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DrawingError } from '../../core/card/drawing/drawing.ts';
import type { CardFace, CardSide } from '../../core/card/drawing/card-face.ts';
import type { CardLanguage } from '../../core/card/drawing/labels.ts';
import { LOCK_SCREEN_SIZES } from '../../core/card/drawing/lock-screen.ts';
import type { StatementEvent } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { CardRow, ScannedCard } from '../storage/cards.ts';
import { findCardSetting, findNewestCard, findOwnScanned } from '../storage/cards.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { CardRoom } from './card-room.ts';
import type { CardHolder } from './change-card.ts';
import { issueCard, noCard } from './change-card.ts';
import { dateAndTime } from './clock-words.ts';
import {
  renderCardPdf,
  renderCardPng,
  renderCardSheetPdf,
  renderCardSvg,
  renderFridgeSheetPdf,
  renderLockScreenPng,
  renderQrPng,
  renderQrSvg,
  renderWristbandPdf,
} from './drawing/render.ts';
import { faceOf, fridgeListsOf } from './face.ts';
import { holderOf } from './manage-card.ts';
import { sendPage } from './page/page-body.ts';
import { placeOfPrint } from './print-place.ts';
import type { ReadyCard } from './ready-card.ts';
import { readyCard } from './ready-card.ts';
import type { Tier } from './scan-entries.ts';
import { storedSettings } from './settings.ts';
import { cardUrl } from './token.ts';

/** The first look issues the first card; one that was revoked or lost is issued anew only when asked for. */
export const getCard = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const holder = await holderOf(room, request);
  const { pool } = room.deps.db;
  if (!(await findNewestCard(pool, holder.patientId))) await issueCard(room, holder, true);
  const [newest, scanned, setting] = await Promise.all([
    findNewestCard(pool, holder.patientId),
    findOwnScanned(pool, holder.patientId),
    findCardSetting(pool, holder.patientId),
  ]);
  if (!newest) throw noCard();
  const settings = storedSettings(setting.settings);
  const common = {
    number: newest.number,
    state: newest.state,
    issued: newest.issuedAt.toISOString(),
    ended: newest.endedAt?.toISOString() ?? null,
    tiers: settings.tiers,
    settings,
    hasAccessCode: setting.hasAccessCode,
    codeTriesLeft: setting.codeTriesLeft,
  };
  if (!scanned) return reply.send({ url: null, qrUrl: null, face: null, ...common });
  const language = languageOf(request);
  const { face, ready } = await ownFace(room, scanned, newest, language, false);
  await recordOwn(room, holder, 'read', ready, 'first');
  return reply.send({
    url: face.url,
    qrUrl: `/api/emergency-card/qr.svg${forWhom(request, holder)}`,
    ...common,
    face: {
      ...face,
      labels: undefined,
      dangers: face.dangers.slice(0, 4),
      moreDangers: Math.max(0, face.dangers.length - 4),
      photoUrl: ready.first.who?.photo ? `/api/photo${forWhom(request, holder)}` : null,
      asOf: ready.first.factsChanged ?? null,
    },
  });
};

/** The page as a responder sees it, marked as a preview. */
export const previewCard = (room: CardRoom) => async (request: FastifyRequest, reply: FastifyReply) => {
  const holder = await holderOf(room, request);
  const { tier = 'first' } = request.query as { tier?: string };
  if (tier !== 'first' && tier !== 'second') {
    throw new ApiError(400, 'invalid', 'tier is first or second.', {
      fields: [{ field: 'tier', code: 'unknown' }],
    });
  }
  const { scanned, row } = await requireOwn(room, holder);
  const ready = await readyCard(room, scanned);
  await recordOwn(room, holder, 'card-preview', ready, tier);
  const token = room.key.open(row.sealedToken, row.tokenHash);
  const body = await ready.body({
    language: languageOf(request),
    tier,
    token,
    card: scanned,
    nowMs: room.deps.now(),
    mode: 'preview',
  });
  return sendPage(request, reply, 200, body, true);
};

type Form = 'pdf' | 'sheet' | 'svg' | 'png' | 'wristband' | 'fridge' | 'lock-screen';

const types = { pdf: 'application/pdf', svg: 'image/svg+xml', png: 'image/png' } as const;
const typeOf: Record<Form, keyof typeof types> = {
  pdf: 'pdf',
  sheet: 'pdf',
  svg: 'svg',
  png: 'png',
  wristband: 'pdf',
  fridge: 'pdf',
  'lock-screen': 'png',
};

/** One printable form of the card. Query: `side=front|back`, `dpi` (png), `language=en|hi`, `size` (lock screen), `layout=strip` (wristband). `whose`: where another than the holder prints it. */
export const printCard =
  (
    room: CardRoom,
    form: Form,
    whose: (request: FastifyRequest) => Promise<CardHolder> = (request) => holderOf(room, request),
  ) =>
  async (request: FastifyRequest, reply: FastifyReply) => {
    const holder = await whose(request);
    if (!room.prints.take(holder.patientId)) {
      throw new ApiError(429, 'throttled', 'Too many cards were drawn. Wait ten minutes.', {
        headers: { 'retry-after': '600' },
      });
    }
    const { scanned, row } = await requireOwn(room, holder);
    const language = languageOf(request);
    const { face, ready } = await ownFace(room, scanned, row, language, true);
    const query = request.query as PrintQuery;
    const drawOnce = (proofUrl?: string) =>
      draw(room, form, face, ready, query, language, proofUrl).catch((error: unknown) => {
        if (error instanceof DrawingError) throw new ApiError(422, error.code, error.message);
        throw error;
      });
    // What cannot be drawn is not recorded as printed.
    let drawn = await drawOnce();
    const entryId = await recordOwn(room, holder, 'card-print', ready, 'first', { form, card: row.number });
    if (form === 'fridge') {
      const place = await placeOfPrint(room.deps.db.pool, entryId);
      if (place) drawn = await drawOnce(`${room.deps.config.publicUrl}${place}`);
    }
    const kind = typeOf[form];
    return reply
      .type(types[kind])
      .header('content-disposition', `inline; filename="emergency-card-${form}.${kind}"`)
      .send(typeof drawn === 'string' ? drawn : Buffer.from(drawn));
  };

/** The code alone. It says nothing about the holder, so it is no look. */
export const printQr =
  (room: CardRoom, kind: 'svg' | 'png') => async (request: FastifyRequest, reply: FastifyReply) => {
    const holder = await holderOf(room, request);
    const { row } = await requireOwn(room, holder);
    const url = ownUrl(room, row);
    const drawn = kind === 'svg' ? await renderQrSvg(url) : Buffer.from(await renderQrPng(url, 12));
    return reply.type(types[kind]).send(drawn);
  };

interface PrintQuery {
  side?: string;
  dpi?: string;
  size?: string;
  layout?: string;
}

function draw(
  room: CardRoom,
  form: Form,
  face: CardFace,
  ready: ReadyCard,
  query: PrintQuery,
  language: CardLanguage,
  proofUrl?: string,
): Promise<Uint8Array | string> {
  const side: CardSide = query.side === 'back' ? 'back' : 'front';
  switch (form) {
    case 'pdf':
      return renderCardPdf(face);
    case 'sheet':
      return renderCardSheetPdf(face);
    case 'svg':
      return renderCardSvg(face, side);
    case 'png':
      return renderCardPng(face, side, /^\d{2,4}$/.test(query.dpi ?? '300') ? Number(query.dpi ?? 300) : 0);
    case 'wristband': {
      const birthYear = ready.first.who?.birthDate?.slice(0, 4) ?? '';
      return renderWristbandPdf({ face, birthYear }, query.layout === 'strip' ? 'strip' : 'a4');
    }
    case 'fridge':
      return renderFridgeSheetPdf(face, {
        ...fridgeListsOf(ready.first, language, dateAndTime(language, new Date(room.deps.now()))),
        ...(proofUrl === undefined ? {} : { proofUrl }),
      });
    case 'lock-screen': {
      const sizes: Record<string, { width: number; height: number }> = LOCK_SCREEN_SIZES;
      const size = sizes[query.size ?? 'generic'] ?? LOCK_SCREEN_SIZES.generic;
      return renderLockScreenPng(face, size);
    }
  }
}

async function requireOwn(
  room: CardRoom,
  holder: CardHolder,
): Promise<{ scanned: ScannedCard; row: CardRow }> {
  const [scanned, row] = await Promise.all([
    findOwnScanned(room.deps.db.pool, holder.patientId),
    findNewestCard(room.deps.db.pool, holder.patientId),
  ]);
  if (!scanned || row?.state !== 'active') throw noCard();
  return { scanned, row };
}

async function ownFace(
  room: CardRoom,
  scanned: ScannedCard,
  row: CardRow,
  language: CardLanguage,
  withPhoto: boolean,
): Promise<{ face: CardFace; ready: ReadyCard }> {
  const ready = await readyCard(room, scanned);
  const photoJpeg = withPhoto ? await ready.photo() : undefined;
  const face = faceOf(
    ready.first,
    {
      uhid: scanned.uhid,
      url: ownUrl(room, row),
      number: row.number,
      issuedAt: row.issuedAt,
      plainTextCode: ready.settings.plainTextCode,
      ...(photoJpeg ? { photoJpeg } : {}),
    },
    language,
    room.deps.now(),
  );
  return { face, ready };
}

function ownUrl(room: CardRoom, row: CardRow): string {
  return cardUrl(room.deps.config.publicUrl, room.key.open(row.sealedToken, row.tokenHash));
}

async function recordOwn(
  room: CardRoom,
  holder: CardHolder,
  event: Extract<StatementEvent, 'read' | 'card-preview' | 'card-print'>,
  ready: ReadyCard,
  tier: Tier,
  detail?: Record<string, string | number>,
): Promise<string> {
  const entry = sealEntry(
    holder.patientId,
    {
      event,
      outcome: 'done',
      who: holder.who,
      basis: holder.basis ?? 'self',
      purpose: holder.who.role === 'guardian' ? 'FAMRQT' : 'PATRQT',
      on: { type: 'Patient', id: holder.patientId },
      shown: ready.shownAt(tier, room.deps.now()),
      agent: holder.agent,
      detail: { tier, ...detail },
    },
    room.deps,
  );
  await room.deps.entries.store(entry);
  return entry.entryId;
}

function languageOf(request: FastifyRequest): CardLanguage {
  return (request.query as { language?: string }).language === 'hi' ? 'hi' : 'en';
}

/** What an address of this person's things ends with when another asks for them. */
function forWhom(request: FastifyRequest, { patientId }: CardHolder): string {
  const { actor } = request;
  return actor.kind === 'person' && actor.patientId === patientId
    ? ''
    : `?patient=${encodeURIComponent(patientId)}`;
}
