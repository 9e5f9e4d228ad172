// QIDO-RS (PS3.18, section 10.6): studies that the asker may see, and what is in them. A parameter that is not offered is refused: a
// slip must never find everything.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { personOf } from '../../../core/access/decide.ts';
import { parseUhid } from '../../../core/card/uhid.ts';
import type { JsonObject, JsonValue } from '../../../core/fhir/types.ts';
import { ApiError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import type { StudyFilter, StudyRow } from '../../storage/dicom-instances.ts';
import { listInstances, listSeries, listStudies } from '../../storage/dicom-instances.ts';
import { findPersonByUhid } from '../../storage/people.ts';
import type { StoredVersion } from '../../storage/resource-store.ts';
import { findResources } from '../../storage/resource-store.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { decideOn, withAuthorities } from '../authorise.ts';
import { recordLooksAtPeople } from '../looks.ts';
import { requireScope } from '../require-scope.ts';
import { includeKeywords, searchable } from './dictionary.ts';
import { openStudy } from './open-study.ts';

export const dicomJson = 'application/dicom+json';
const mostFound = 200;
const rowsAtOnce = 200;
/** A search that has passed so many studies which may not be seen is too wide to be answered. */
const mostPassed = 5000;

const studyTags = [
  '00080005',
  '00080020',
  '00080030',
  '00080050',
  '00080090',
  '00081030',
  '00100010',
  '00100020',
  '00100030',
  '00100040',
  '0020000D',
  '00200010',
];
const seriesTags = [
  '00080005',
  '00080021',
  '00080060',
  '0008103E',
  '0020000E',
  '00200011',
  '00200060',
  '00400244',
  '00400245',
];
/** With what a viewer needs to draw and to measure: it then asks for no header. */
const instanceTags = [
  '00080005 00080016 00080018 00181164 00200013 00200032 00200037',
  '00280002 00280004 00280008 00280010 00280011 00280030 00280100 00280101 00280103',
  '00281050 00281051 00281052 00281053',
].flatMap((line) => line.split(' '));

export interface Query {
  readonly match: ReadonlyMap<string, string>;
  /** Tags that are wished beside those that always come. */
  readonly include: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

/** What a search for series or images may be asked to add: what one of their study or of them would say by itself. */
const includable = new Set([...studyTags, ...seriesTags, ...instanceTags]);

/** By tag, keyword or `all`; others are passed over, as PS3.18 8.3.4 allows. */
function tagsWished(value: string): readonly string[] {
  if (value === 'all') return studyTags;
  return value
    .split(',')
    .slice(0, includable.size)
    .map((one) => includeKeywords[one] ?? one.toUpperCase())
    .filter((tag) => includable.has(tag));
}

/** By keyword or tag. Throws 400. */
function readQuery(request: FastifyRequest, allowed: readonly string[]): Query {
  const match = new Map<string, string>();
  const wrong = (field: string) =>
    new ApiError(400, 'invalid', 'This search is not offered.', {
      fields: [{ field: field.slice(0, 60), code: 'not-supported' }],
    });
  const byTag = new Map(Object.entries(searchable).map(([keyword, tag]) => [tag, keyword]));
  const numbers = { offset: 0, limit: mostFound };
  const include = new Set<string>();
  for (const [name, value] of new URLSearchParams(request.url.split('?')[1] ?? '')) {
    if (name === 'includefield') {
      for (const tag of tagsWished(value)) include.add(tag);
      continue;
    }
    if (name === 'fuzzymatching' && value === 'false') continue;
    if (name === 'limit' || name === 'offset') {
      if (!/^\d{1,6}$/.test(value)) throw wrong(name);
      numbers[name] = Number(value);
      continue;
    }
    const keyword = byTag.get(name.toUpperCase()) ?? name;
    if (!allowed.includes(keyword) || match.has(keyword) || value.length > 200) throw wrong(name);
    if (value !== '' && value !== '*') match.set(keyword, value);
  }
  return { match, include: [...include], offset: numbers.offset, limit: Math.min(numbers.limit, mostFound) };
}

const element = (vr: string, ...values: JsonValue[]): JsonObject => ({ vr, Value: values });

function picked(header: string, tags: readonly string[]): JsonObject {
  const all = JSON.parse(header) as JsonObject;
  return Object.fromEntries(tags.flatMap((tag) => (all[tag] === undefined ? [] : [[tag, all[tag]]])));
}

const rootOf = (deps: Deps) => `${deps.config.publicUrl}/dicom-web`;

function send(reply: FastifyReply, found: readonly JsonObject[], more: boolean): FastifyReply {
  if (more) reply.header('warning', '299 - "There are more results; ask with offset."');
  if (found.length === 0 && !more) return reply.code(204).send();
  return reply.type(dicomJson).send(JSON.stringify(found.map(inOrder)));
}

/** Attributes go by their tags. */
const inOrder = (one: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** GET studies */
export const findStudies = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const asking = requireContext(request);
  await requireScope(deps, asking, 'search', 'ImagingStudy');
  const query = readQuery(request, [
    'StudyInstanceUID',
    'StudyDate',
    'AccessionNumber',
    'ModalitiesInStudy',
    'PatientName',
    'PatientID',
  ]);
  const context = await withAuthorities(deps, asking);
  const filter = await filterOf(deps, context, query);
  const { found, more } = filter ? await mayBeSeen(deps, context, filter, query) : { found: [], more: false };
  await recordLooksAtPeople(
    deps,
    context,
    found.map(({ resource }) => resource),
    {
      event: 'search',
      basis: context.asker.kind === 'client' ? 'client-scope' : 'self',
      query: 'ImagingStudy',
    },
    personOf(context.asker)?.patientId ?? '',
  );
  return send(
    reply,
    found.map(({ row }) => ({
      ...picked(row.header, studyTags),
      '00080056': element('CS', 'ONLINE'),
      '00080061': element('CS', ...row.modalities),
      '00081190': element('UR', `${rootOf(deps)}/studies/${row.studyUid}`),
      '00201206': element('IS', row.series),
      '00201208': element('IS', row.instances),
    })),
    more,
  );
};

/** In the records that the asker could see anything of. Undefined: nothing can match. */
async function filterOf(
  deps: Deps,
  { asker }: RequestContext,
  { match }: Query,
): Promise<StudyFilter | undefined> {
  const person = personOf(asker);
  let patientIds = person
    ? [...new Set([person.patientId, ...(person.authorities ?? []).map(({ patientId }) => patientId)])]
    : undefined;
  const number = match.get('PatientID');
  if (number !== undefined) {
    const parsed = parseUhid(number);
    const meant = parsed.ok ? await findPersonByUhid(deps.db.pool, parsed.uhid) : undefined;
    if (!meant || patientIds?.includes(meant.patientId) === false) return undefined;
    patientIds = [meant.patientId];
  }
  const [from, to = from] = (match.get('StudyDate') ?? '').split('-');
  for (const day of [from, to])
    if (day !== undefined && !/^(\d{8})?$/.test(day))
      throw new ApiError(400, 'invalid', 'A date is YYYYMMDD, or two of them with a hyphen.', {
        fields: [{ field: 'StudyDate', code: 'not-a-date' }],
      });
  const name = match.get('PatientName');
  const some = <K extends string>(key: K, value: string | undefined) =>
    (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: string };
  return {
    ...(patientIds ? { patientIds } : {}),
    ...some('studyUid', match.get('StudyInstanceUID')),
    ...some('dateFrom', from),
    ...some('dateTo', to),
    ...some('accession', match.get('AccessionNumber')),
    ...some('modality', match.get('ModalitiesInStudy')),
    ...some(
      'patientName',
      name
        ?.replaceAll(/[\\%_]/g, String.raw`\$&`)
        .replaceAll('*', '%')
        .replaceAll('?', '_'),
    ),
  };
}

interface Seen {
  row: StudyRow;
  resource: StoredVersion;
}

/** Each is decided on before it counts: neither offset nor limit tell of what may not be seen. */
async function mayBeSeen(
  deps: Deps,
  context: RequestContext,
  filter: StudyFilter,
  { offset, limit }: Query,
): Promise<{ found: Seen[]; more: boolean }> {
  const found: Seen[] = [];
  let skipped = 0;
  for (let at = 0; at < mostPassed + offset; at += rowsAtOnce) {
    const rows = await listStudies(deps.db.pool, filter, { offset: at, limit: rowsAtOnce });
    const resources = await findResources(
      deps.db.pool,
      rows.map(({ imagingStudyId }) => ({ resourceType: 'ImagingStudy', resourceId: imagingStudyId })),
    );
    for (const [index, row] of rows.entries()) {
      const resource = resources[index];
      if (!resource || resource.deleted || resource.patientId !== row.patientId) continue;
      if (!decideOn(context, 'search', resource).allowed) continue;
      if (skipped < offset) skipped += 1;
      else if (found.length === limit) return { found, more: true };
      else found.push({ row, resource });
    }
    if (rows.length < rowsAtOnce) return { found, more: false };
  }
  throw new ApiError(400, 'too-costly', 'Too many studies match. Ask for fewer: by PatientID or StudyDate.');
}

/** GET studies/:study/series */
export const findSeries = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { match, include, offset, limit } = readQuery(request, ['SeriesInstanceUID', 'Modality']);
  const study = await openStudy(deps, request);
  const [seriesUid, modality] = [match.get('SeriesInstanceUID'), match.get('Modality')];
  const rows = await listSeries(
    deps.db.pool,
    {
      ...study,
      ...(seriesUid === undefined ? {} : { seriesUid }),
      ...(modality === undefined ? {} : { modality }),
    },
    { offset, limit: limit + 1 },
  );
  return send(
    reply,
    rows.slice(0, limit).map((row) => ({
      ...picked(row.header, [...seriesTags, ...include]),
      '00081190': element('UR', `${rootOf(deps)}/studies/${study.studyUid}/series/${row.seriesUid}`),
      '0020000D': element('UI', study.studyUid),
      '00201209': element('IS', row.instances),
    })),
    rows.length > limit,
  );
};

/** GET studies/:study/instances and studies/:study/series/:series/instances */
export const findInstances = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { match, include, offset, limit } = readQuery(request, ['SOPInstanceUID', 'SeriesInstanceUID']);
  const study = await openStudy(deps, request);
  const { series } = request.params as { series?: string };
  const seriesUid = series ?? match.get('SeriesInstanceUID');
  const sopUid = match.get('SOPInstanceUID');
  const rows = await listInstances(
    deps.db.pool,
    {
      ...study,
      ...(seriesUid === undefined ? {} : { seriesUid }),
      ...(sopUid === undefined ? {} : { sopUid }),
    },
    { offset, limit: limit + 1 },
  );
  return send(
    reply,
    rows.slice(0, limit).map((row) => ({
      ...picked(row.header, [...instanceTags, ...include]),
      '00080056': element('CS', 'ONLINE'),
      '00081190': element(
        'UR',
        `${rootOf(deps)}/studies/${row.studyUid}/series/${row.seriesUid}/instances/${row.sopUid}`,
      ),
      '0020000D': element('UI', row.studyUid),
      '0020000E': element('UI', row.seriesUid),
    })),
    rows.length > limit,
  );
};
