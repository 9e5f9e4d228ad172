// Patient/$match (FHIR R4): who here may be the person described, with a score for each. For programs that register people, never for a
// person: it answers about people whose number the asker does not know.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { canonicalJson, isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { birthDateSlips } from '../../core/matching/birth-date-slips.ts';
import type { Match } from '../../core/matching/match-score.ts';
import { scoreMatch } from '../../core/matching/match-score.ts';
import type { PersonTraits } from '../../core/matching/person-traits.ts';
import { traitsOf } from '../../core/matching/person-traits.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { findMatchCandidates } from '../storage/match-candidates.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { bundleText, fhirJson } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { readResource } from './body.ts';
import { recordLook, recordLooksAtPeople } from './looks.ts';
import { readParameters } from './parameters.ts';

const usualCount = 20;
const largestCount = 100;
/** More than these are never compared: beyond them keys are shared by chance. */
const candidateLimit = 400;
const gradeUrl = 'http://hl7.org/fhir/StructureDefinition/match-grade';

interface Asked {
  patient: Resource;
  traits: PersonTraits;
  certainOnly: boolean;
  count: number;
}

export const patientMatch = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  await requireMatching(deps, context);
  const asked = readAsked(readResource(request));
  // Only what tells people apart is asked of the database: a described Patient may be as large as a body may be.
  const described = canonicalJson(describing(asked.patient));
  const candidates = await findMatchCandidates(
    deps.db.pool,
    described,
    birthDateSlips(asked.traits.birthDate),
    candidateLimit,
  );
  const readable = candidates.filter(
    ({ patientId }) => decide(context.asker, 'read', { patientId, resourceType: 'Patient' }).allowed,
  );
  const { matches, several } = choose(asked, readable);
  await recordLooksAtPeople(
    deps,
    context,
    matches.map(({ found }) => found),
    {
      event: 'match',
      basis: 'client-scope',
      query: 'Patient/$match',
    },
  );
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const entries = matches.map(
    ({ found, match }) =>
      `{"fullUrl":${JSON.stringify(`${base}/Patient/${found.resourceId}`)},"resource":${found.content},"search":` +
      `{"extension":[{"url":"${gradeUrl}","valueCode":"${match.grade}"}],"mode":"match","score":${match.score}}}`,
  );
  if (several) entries.push(severalAreCertain);
  return reply.type(fhirJson).send(bundleText('searchset', { total: matches.length }, entries));
};

const severalAreCertain = JSON.stringify({
  resource: {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'warning',
        code: 'multiple-matches',
        diagnostics:
          'More than one person matches with certainty; none is returned when only certain matches are asked for.',
      },
    ],
  },
  search: { mode: 'outcome' },
});

/** Whoever may search and read every Patient; a person may not, and that they tried is an entry. */
async function requireMatching(deps: Deps, context: RequestContext): Promise<void> {
  const everybody = { patientId: '', resourceType: 'Patient' };
  const decisions = [decide(context.asker, 'read', everybody), decide(context.asker, 'search', everybody)];
  const refused = decisions.find(({ allowed }) => !allowed);
  if (!refused) return;
  await recordLook(deps, context, context.asker.kind === 'person' ? context.asker.patientId : '', {
    event: 'match',
    basis: refused.rule,
    outcome: 'refused',
    query: 'Patient/$match',
  });
  throw fhirError(403, 'forbidden', 'You may not look for people by their description.');
}

function readAsked(body: Resource): Asked {
  const given = readParameters(body, {
    resource: { value: 'resource' },
    onlyCertainMatches: { value: 'valueBoolean' },
    count: { value: 'valueInteger' },
  });
  const [patient] = given.get('resource') ?? [];
  if (patient === undefined)
    throw fhirError(
      400,
      'required',
      'The parameter resource holds the Patient to look for.',
      'Parameters.parameter',
    );
  const resource = patient as Resource;
  if (resource.resourceType !== 'Patient')
    throw fhirError(400, 'value', 'The resource must be a Patient.', 'Parameters.parameter.resource');
  const [certainOnly = false] = given.get('onlyCertainMatches') ?? [];
  if (typeof certainOnly !== 'boolean')
    throw fhirError(400, 'value', 'onlyCertainMatches is true or false.', 'Parameters.parameter');
  const [count = usualCount] = given.get('count') ?? [];
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1)
    throw fhirError(400, 'value', 'count is a whole number from 1.', 'Parameters.parameter');
  const traits = traitsOf(resource);
  if (traits.names.length + traits.phones.length + traits.emails.length + traits.identifiers.length === 0)
    throw fhirError(
      422,
      'required',
      'A name, a phone, an e-mail address or an identifier is needed.',
      'Patient',
    );
  return { patient: resource, traits, certainOnly, count: Math.min(count, largestCount) };
}

/** The elements by which people are told apart, and of them no more than is compared. */
function describing(patient: Resource): Resource {
  const kept: Resource = { resourceType: 'Patient' };
  for (const name of ['name', 'telecom', 'identifier'] as const) {
    const list = patient[name];
    if (Array.isArray(list)) kept[name] = list.filter(isJsonObject).slice(0, 20).map(cut);
  }
  if (typeof patient['birthDate'] === 'string') kept['birthDate'] = patient['birthDate'].slice(0, 10);
  return kept;
}

/** Long texts and long lists tell nobody apart. */
function cut(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.slice(0, 500);
  if (Array.isArray(value)) return value.slice(0, 20).map(cut);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 20)
      .map(([name, one]) => [name, cut(one)]),
  );
}

interface Chosen {
  found: StoredVersion;
  match: Match;
}

function choose(asked: Asked, candidates: readonly StoredVersion[]): { matches: Chosen[]; several: boolean } {
  const matches = candidates
    .map((found) => ({
      found,
      match: scoreMatch(asked.traits, traitsOf(parseJson(found.content) as Resource)),
    }))
    .filter(({ match }) => match.grade !== 'certainly-not')
    .toSorted((a, b) => b.match.score - a.match.score || (a.found.resourceId < b.found.resourceId ? -1 : 1));
  if (!asked.certainOnly) return { matches: matches.slice(0, asked.count), several: false };
  const certain = matches.filter(({ match }) => match.grade === 'certain');
  return certain.length > 1 ? { matches: [], several: true } : { matches: certain, several: false };
}
