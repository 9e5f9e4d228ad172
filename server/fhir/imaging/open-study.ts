// The door before every image: the study is looked up, the ImagingStudy that names it is decided on, and the look has its entry before
// anything leaves. Who may see the ImagingStudy may see its images, nobody else.
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { findStudyPlaces } from '../../storage/dicom-instances.ts';
import { findResource } from '../../storage/resource-store.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { actingBy, decideOn, withAuthorities } from '../authorise.ts';
import { recordLook } from '../looks.ts';
import { requireScope } from '../require-scope.ts';
import { isUid } from './read-dicom.ts';

export interface OpenStudy {
  readonly patientId: string;
  readonly imagingStudyId: string;
  readonly studyUid: string;
}

export const noImages = () =>
  new ApiError(404, 'not-found', 'There are no such images, or you may not see them.');

/** Of the study in the address. Throws 403 for a scope that lacks it, 404 where nothing of it may be seen; both leave an entry. */
export async function openStudy(deps: Deps, request: FastifyRequest): Promise<OpenStudy> {
  const asking = requireContext(request);
  await requireScope(deps, asking, 'read', 'ImagingStudy');
  const { study: studyUid } = request.params as { study: string };
  const places = isUid(studyUid) ? await findStudyPlaces(deps.db.pool, studyUid) : [];
  const context = await withAuthorities(
    deps,
    asking,
    places.map(({ patientId }) => patientId),
  );
  let refused: { acting: RequestContext; patientId: string; rule: string; id: string } | undefined;
  for (const { patientId, imagingStudyId } of places) {
    const found = await findResource(deps.db.asks, 'ImagingStudy', imagingStudyId);
    if (!found || found.deleted || found.patientId !== patientId) continue;
    const decision = decideOn(context, 'read', found);
    const acting = actingBy(context, decision);
    if (!decision.allowed) {
      refused ??= { acting, patientId, rule: decision.rule, id: imagingStudyId };
      continue;
    }
    await recordLook(deps, acting, patientId, {
      event: 'images',
      basis: decision.rule,
      on: { type: 'ImagingStudy', id: imagingStudyId },
    });
    return { patientId, imagingStudyId, studyUid };
  }
  if (refused)
    await recordLook(deps, refused.acting, refused.patientId, {
      event: 'images',
      basis: refused.rule,
      outcome: 'refused',
      on: { type: 'ImagingStudy', id: refused.id },
    });
  throw noImages();
}
