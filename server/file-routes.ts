// The routes of files and images: uploads that can be resumed, and DICOMweb. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import { findInstances, findSeries, findStudies } from './fhir/imaging/qido.ts';
import { stow } from './fhir/imaging/stow.ts';
import { frames, metadata, rendered, retrieve } from './fhir/imaging/wado.ts';
import {
  chunkType,
  deleteUpload,
  describeTus,
  headUpload,
  patchUpload,
  postUpload,
  speakTus,
} from './fhir/uploads/tus.ts';
import { getReceipt, getReceipts } from './fhir/uploads/receipts.ts';
import { createUploadsRoom } from './fhir/uploads/uploads-room.ts';
import type { Deps } from './http/deps.ts';

export async function fileRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  const room = createUploadsRoom(deps);
  app.addHook('onListen', async () => {
    await room.resume();
  });
  app.addHook('onClose', () => room.stop());
  await app.register(async (tus) => {
    tus.addHook('onRequest', speakTus);
    tus.removeAllContentTypeParsers();
    // Handed on as it arrives: what is on disk counts, not what is in memory.
    tus.addContentTypeParser(chunkType, (_request, body, done) => done(null, body));
    const plain = { exposeHeadRoute: false };
    tus.options('/api/uploads', describeTus());
    tus.post('/api/uploads', postUpload(room));
    tus.get('/api/uploads', plain, getReceipts(room));
    tus.head('/api/uploads/:id', headUpload(room));
    tus.get('/api/uploads/:id', plain, getReceipt(room));
    tus.patch('/api/uploads/:id', patchUpload(room));
    tus.delete('/api/uploads/:id', deleteUpload(room));
  });
  await app.register(
    async (images) => {
      images.removeAllContentTypeParsers();
      images.addContentTypeParser('*', (_request, body, done) => done(null, body));
      // No HEAD: it would be a look at images that nobody receives.
      const plain = { exposeHeadRoute: false };
      images.post('/studies', stow(deps));
      images.post('/studies/:study', stow(deps));
      images.get('/studies', plain, findStudies(deps));
      images.get('/studies/:study/series', plain, findSeries(deps));
      const study = '/studies/:study';
      const series = `${study}/series/:series`;
      const instance = `${series}/instances/:instance`;
      for (const place of [study, series]) images.get(`${place}/instances`, plain, findInstances(deps));
      for (const place of [study, series, instance]) {
        images.get(place, plain, retrieve(deps));
        images.get(`${place}/metadata`, plain, metadata(deps));
      }
      images.get(`${instance}/frames/:frames`, plain, frames(deps));
      for (const place of [instance, `${instance}/frames/:frames`]) {
        images.get(`${place}/rendered`, plain, rendered(deps, { thumbnail: false }));
        images.get(`${place}/thumbnail`, plain, rendered(deps, { thumbnail: true }));
      }
    },
    { prefix: '/dicom-web' },
  );
}
