// Files on their way and images: each route walked once, with the entries that its answer acknowledges.
import { makeImage, multipart, newUid } from '../harness/dicom.ts';
import { beginUpload, pathOf, sendChunk } from '../harness/tus.ts';
import type { Act, World } from './world.ts';
import { firstStep, kept, ownDealings } from './world.ts';

const pdf = Buffer.from('%PDF-1.7\nwalked');
const spoken = { 'tus-resumable': '1.0.0' };

async function begin(world: World): Promise<void> {
  world.kept.set('upload', pathOf(await beginUpload(world.asha, pdf.length)));
}

const uploadActs: readonly Act[] = [
  {
    route: 'OPTIONS /api/uploads',
    act: ({ asha }) => asha.call('OPTIONS', '/api/uploads'),
    leaves: [],
    why: 'says how files are sent here',
  },
  {
    route: 'POST /api/uploads',
    act: ({ asha }) => beginUpload(asha, pdf.length),
    leaves: [],
    why: firstStep,
    refused: ({ stranger, asha }) => beginUpload(stranger, 10, { uhid: asha.uhid }),
  },
  {
    route: 'PATCH /api/uploads/:id',
    prepare: begin,
    act: (world) => sendChunk(world.asha, kept(world, 'upload'), 0, pdf),
    leaves: ['create', 'upload'],
  },
  {
    route: 'GET /api/uploads/:id',
    act: (world) => world.asha.get(kept(world, 'upload'), spoken),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'GET /api/uploads',
    act: ({ asha }) => asha.get('/api/uploads'),
    leaves: [],
    why: ownDealings,
  },
  {
    route: 'DELETE /api/uploads/:id',
    prepare: begin,
    act: (world) => world.asha.call('DELETE', kept(world, 'upload'), { headers: spoken }),
    leaves: [],
    why: 'takes back what was not whole, of which the record never had anything',
  },
];

const root = '/dicom-web';
const [study, series, instance] = [newUid(), newUid(), newUid()];
const inStudy = `${root}/studies/:study`;
const inSeries = `${inStudy}/series/:series`;
const inInstance = `${inSeries}/instances/:instance`;

/** Each of these shows something of one study: one look. */
const looks = [
  `${inStudy}/series`,
  ...[inStudy, inSeries].map((place) => `${place}/instances`),
  ...[inStudy, inSeries, inInstance].flatMap((place) => [place, `${place}/metadata`]),
  `${inInstance}/frames/:frames`,
  ...[inInstance, `${inInstance}/frames/:frames`].flatMap((place) => [
    `${place}/rendered`,
    `${place}/thumbnail`,
  ]),
];

const imageActs: readonly Act[] = [
  {
    route: `POST ${root}/studies`,
    act: ({ asha }) =>
      asha.call('POST', `${root}/studies`, multipart([makeImage({ study, series, sop: instance })])),
    leaves: ['create', 'upload'],
    refused: ({ stranger, asha }) =>
      stranger.call('POST', `${root}/studies?uhid=${asha.uhid}`, multipart([makeImage()])),
  },
  {
    route: `POST ${inStudy}`,
    act: ({ asha }) =>
      asha.call('POST', `${root}/studies/${study}`, multipart([makeImage({ study, series })])),
    leaves: ['update', 'upload'],
    refused: ({ stranger, asha }) =>
      stranger.call('POST', `${root}/studies/${study}?patient=${asha.patientId}`, multipart([makeImage()])),
  },
  {
    route: `GET ${root}/studies`,
    act: ({ asha }) => asha.get(`${root}/studies?StudyInstanceUID=${study}`),
    leaves: ['search'],
  },
  ...looks.map((route): Act => ({
    route: `GET ${route}`,
    act: ({ asha }) =>
      asha.get(
        route
          .replace(':study', study)
          .replace(':series', series)
          .replace(':instance', instance)
          .replace(':frames', '1'),
      ),
    leaves: ['images'],
  })),
];

export const fileActs: readonly Act[] = [...uploadActs, ...imageActs];
