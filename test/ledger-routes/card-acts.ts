// Pictures, documents, the card and notices: each route walked once, with the entries that its answer acknowledges.
import sharp from 'sharp';
import { makeBlankBatch } from '../../server/card/blank-batch.ts';
import { openCardKey } from '../../server/card/card-key.ts';
import { postForm } from '../harness/app.ts';
import { newClient } from '../harness/client.ts';
import type { Act } from './world.ts';
import { keep, kept } from './world.ts';

const card = '/api/emergency-card';
const jpeg = () =>
  sharp({ create: { width: 400, height: 500, channels: 3, background: '#c96' } })
    .jpeg()
    .toBuffer();

export const cardActs: readonly Act[] = [
  // Pictures and documents
  {
    route: 'PUT /api/photo',
    act: async ({ asha }) =>
      asha.call('PUT', '/api/photo', { body: await jpeg(), headers: { 'content-type': 'image/jpeg' } }),
    leaves: ['create', 'update'],
  },
  {
    route: 'GET /api/photo',
    act: ({ asha }) => asha.get('/api/photo'),
    leaves: [],
    why: 'the own picture, at the top of every own page; somebody else’s is a look',
  },
  {
    route: 'POST /api/files',
    act: (world) =>
      keep(
        world,
        'file',
        world.asha.call('POST', '/api/files?title=Report', {
          body: Buffer.from('%PDF-1.4 a report'),
          headers: { 'content-type': 'application/pdf' },
        }),
        'fileId',
      ),
    leaves: ['create'],
  },
  {
    route: 'GET /api/files/:id',
    act: (world) => world.asha.get(`/api/files/${kept(world, 'file')}`),
    leaves: ['file'],
  },
  // The card
  {
    route: `POST ${card}`,
    act: ({ asha }) => asha.call('POST', card, { body: {} }),
    leaves: ['card-issue'],
  },
  {
    route: `GET ${card}`,
    act: async (world) => {
      const answer = await world.asha.get(card);
      world.kept.set('scan', new URL(answer.json<{ url: string }>().url).pathname);
      return answer;
    },
    leaves: ['read'],
  },
  {
    route: `PUT ${card}`,
    act: ({ asha }) => asha.call('PUT', card, { body: { settings: { showBirthDate: false } } }),
    leaves: ['card-settings'],
  },
  {
    route: `PUT ${card}/code`,
    act: ({ asha }) => asha.call('PUT', `${card}/code`, { body: { code: '482913' } }),
    leaves: ['card-code'],
  },
  {
    route: 'GET /e/:token',
    act: async (world) => {
      const answer = await newClient(world.server.url).get(kept(world, 'scan'));
      world.kept.set('photo', /<img class="pic" src="([^"]+)"/.exec(answer.text)?.[1] ?? '/e/none');
      return answer;
    },
    leaves: ['scan'],
    refused: ({ server }) => newClient(server.url).get(`/e/${'0'.repeat(32)}`),
  },
  {
    route: 'GET /e/:token/photo/:ticket',
    act: (world) => newClient(world.server.url).get(kept(world, 'photo')),
    leaves: [],
    why: 'the picture of a page that was scanned a moment ago: the scan has its entry',
  },
  {
    route: 'POST /e/:token',
    act: (world) => postForm(world.server, kept(world, 'scan'), { code: '482913' }),
    leaves: ['scan-code'],
    refused: (world) => postForm(world.server, kept(world, 'scan'), { code: '000000' }),
  },
  {
    route: 'GET /e/:token/handover',
    act: (world) => newClient(world.server.url).get(`${kept(world, 'scan')}/handover`),
    leaves: [],
    why: 'an empty form, the same for every address',
  },
  {
    route: 'POST /e/:token/handover',
    act: (world) =>
      postForm(world.server, `${kept(world, 'scan')}/handover`, {
        code: '482913',
        note: 'Awake',
        pulse: '80',
      }),
    status: 201,
    leaves: ['create', 'create', 'handover'],
    refused: (world) =>
      postForm(world.server, `${kept(world, 'scan')}/handover`, { code: '000000', note: 'Awake' }),
  },
  {
    route: 'GET /api/handovers',
    act: ({ asha }) => asha.get('/api/handovers'),
    leaves: ['read'],
  },
  {
    route: 'GET /api/handovers/coming',
    act: ({ asha }) => asha.get('/api/handovers/coming'),
    leaves: [],
    why: 'a hospital’s own list of who was announced to it: it names nobody and shows nothing of a record',
  },
  { route: `GET ${card}/preview`, act: ({ asha }) => asha.get(`${card}/preview`), leaves: ['card-preview'] },
  ...['.pdf', '.svg', '.png', '/sheet.pdf', '/wristband.pdf', '/fridge.pdf', '/lock-screen.png'].map(
    (file): Act => ({
      route: `GET ${card}${file}`,
      act: ({ asha }) => asha.get(`${card}${file}`),
      leaves: ['card-print'],
    }),
  ),
  ...['svg', 'png'].map((type): Act => ({
    route: `GET ${card}/qr.${type}`,
    act: ({ asha }) => asha.get(`${card}/qr.${type}`),
    leaves: [],
    why: 'the address of the card whose showing has its entry; whoever follows it leaves one',
  })),
  {
    route: 'GET /api/record.pdf',
    act: ({ asha }) => asha.get('/api/record.pdf'),
    leaves: ['record-print'],
  },
  {
    route: `DELETE ${card}/code`,
    act: ({ asha }) => asha.call('DELETE', `${card}/code`),
    leaves: ['card-code'],
  },
  {
    route: `POST ${card}/rotate`,
    act: ({ asha }) => asha.call('POST', `${card}/rotate`),
    leaves: ['card-rotate'],
  },
  {
    route: `POST ${card}/claim`,
    prepare: async (world) => {
      const { deps } = world.server;
      const { cards } = await makeBlankBatch(
        { deps, key: await openCardKey(world.server.dataDir) },
        { count: 1, label: 'Ward 4', who: { role: 'operator' } },
      );
      world.kept.set('claim', cards[0]?.claimCode ?? 'none');
    },
    act: (world) => world.asha.call('POST', `${card}/claim`, { body: { claimCode: kept(world, 'claim') } }),
    leaves: ['card-claim'],
  },
  { route: `POST ${card}/lost`, act: ({ asha }) => asha.call('POST', `${card}/lost`), leaves: ['card-lost'] },
  {
    route: `DELETE ${card}`,
    prepare: ({ asha }) => asha.call('POST', card, { body: {} }),
    act: ({ asha }) => asha.call('DELETE', card),
    leaves: ['card-revoke'],
  },
  {
    route: 'DELETE /api/photo',
    act: ({ asha }) => asha.call('DELETE', '/api/photo'),
    leaves: ['delete', 'update'],
  },
  // Notices
  {
    route: 'GET /api/notices',
    act: async (world) => {
      const answer = await world.asha.get('/api/notices');
      world.kept.set('notice', answer.json<{ notices: { id: string }[] }>().notices[0]?.id ?? 'none');
      return answer;
    },
    leaves: [],
    why: 'tells what happened, each of which has its entry; a page asks again and again',
  },
  {
    route: 'POST /api/notices/:id/read',
    act: (world) => world.asha.call('POST', `/api/notices/${kept(world, 'notice')}/read`),
    leaves: [],
    why: 'takes a mark off the own screen',
  },
];
