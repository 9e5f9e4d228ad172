// The routes of the card: the holder's side, then the stranger's, which asks for no login and runs no script. `app.ts` knows the hooks that
// each request passes first.
import type { FastifyInstance } from 'fastify';
import type { CardRoom } from './card/card-room.ts';
import { leaveHandover, showHandover } from './card/handover.ts';
import * as cardDoor from './card/manage-card.ts';
import { getCard, previewCard, printCard, printQr } from './card/own-card.ts';
import { printOrders } from './card/order-print.ts';
import { printRecord } from './card/record-print.ts';
import { readFormBody, scanCard, scanPhoto, scanWithCode } from './card/scan.ts';
import { putSettings } from './card/settings.ts';

export async function cardRoutes(app: FastifyInstance, cards: CardRoom): Promise<void> {
  app.get('/api/emergency-card', getCard(cards));
  app.post('/api/emergency-card', cardDoor.postCard(cards));
  app.put('/api/emergency-card', putSettings(cards));
  app.delete('/api/emergency-card', cardDoor.deleteCard(cards));
  app.post('/api/emergency-card/rotate', cardDoor.postRotate(cards));
  app.post('/api/emergency-card/lost', cardDoor.postLost(cards));
  app.post('/api/emergency-card/claim', cardDoor.postClaim(cards));
  app.put('/api/emergency-card/code', cardDoor.putCode(cards));
  app.delete('/api/emergency-card/code', cardDoor.deleteCode(cards));
  app.get('/api/emergency-card/preview', previewCard(cards));
  app.get('/api/emergency-card.pdf', printCard(cards, 'pdf'));
  app.get('/api/emergency-card.svg', printCard(cards, 'svg'));
  app.get('/api/emergency-card.png', printCard(cards, 'png'));
  app.get('/api/emergency-card/sheet.pdf', printCard(cards, 'sheet'));
  app.get('/api/emergency-card/wristband.pdf', printCard(cards, 'wristband'));
  app.get('/api/emergency-card/fridge.pdf', printCard(cards, 'fridge'));
  app.get('/api/emergency-card/lock-screen.png', printCard(cards, 'lock-screen'));
  app.get('/api/emergency-card/qr.svg', printQr(cards, 'svg'));
  app.get('/api/emergency-card/qr.png', printQr(cards, 'png'));
  app.get('/api/record.pdf', { exposeHeadRoute: false }, printRecord(cards));
  app.get('/api/orders.pdf', { exposeHeadRoute: false }, printOrders(cards));
  await app.register(async (stranger) => {
    stranger.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 1024 },
      (_request, body, done) => done(null, readFormBody(String(body))),
    );
    // No HEAD: it would tell whether a card is valid and leave no trace.
    stranger.get('/e/:token', { exposeHeadRoute: false }, scanCard(cards));
    stranger.post('/e/:token', { bodyLimit: 1024 }, scanWithCode(cards));
    stranger.get('/e/:token/handover', { exposeHeadRoute: false }, showHandover(cards));
    stranger.post('/e/:token/handover', { bodyLimit: 16 * 1024 }, leaveHandover(cards));
    stranger.get('/e/:token/photo/:ticket', { exposeHeadRoute: false }, scanPhoto(cards));
  });
}
