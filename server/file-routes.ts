// The routes of files and images: pictures and documents, uploads that can be resumed, and DICOMweb. `app.ts` knows the hooks that each request passes first.
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
import { documentByteLimit, fileQuery, getDocumentFile, postFile } from './fhir/document-files.ts';
import { deletePhoto, getPhoto, putPhoto } from './fhir/photo.ts';
import type { Deps } from './http/deps.ts';

const megabyte = 1024 * 1024;

export async function fileRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  // Pictures and documents: bodies arrive as bytes, known by their content and not by their name.
  await app.register(async (bytes) => {
    bytes.removeAllContentTypeParsers();
    bytes.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    bytes.put('/api/photo', { bodyLimit: 15 * megabyte }, putPhoto(deps));
    bytes.get('/api/photo', getPhoto(deps));
    bytes.delete('/api/photo', deletePhoto(deps));
    bytes.post(
      '/api/files',
      { bodyLimit: documentByteLimit, schema: { querystring: fileQuery } },
      postFile(deps),
    );
    bytes.get('/api/files/:id', getDocumentFile(deps));
  });

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
