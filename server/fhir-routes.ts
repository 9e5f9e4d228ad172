// The routes of the FHIR R4 API. `app.ts` knows the hooks that each request passes first.
import type { FastifyInstance } from 'fastify';
import {
  auditEventHistory,
  ofAuditEvents,
  readAuditEvent,
  reportAuditEvent,
  searchAuditEvents,
} from './fhir/audit-events.ts';
import { exportGroup, exportPatient, exportPatients, exportSystem } from './fhir/bulk/export.ts';
import { startImport } from './fhir/bulk/import.ts';
import { deleteJob } from './fhir/bulk/job.ts';
import { jobFile, jobStatus } from './fhir/bulk/status.ts';
import { codeSystemLookup, codeSystemSubsumes } from './fhir/code-system-lookup.ts';
import { history } from './fhir/history.ts';
import { metadata } from './fhir/metadata.ts';
import {
  agreeOnFormat,
  collectRoutes,
  layOut,
  refuseContentType,
  refuseOtherMethods,
  requireBodyVersion,
} from './fhir/negotiate.ts';
import { jsonPatchType } from './fhir/patch.ts';
import { everybodysEverything, patientEverything } from './fhir/patient-everything.ts';
import { patientMatch } from './fhir/patient-match.ts';
import { patientSummary } from './fhir/patient-summary.ts';
import { questionnaireExtract } from './fhir/questionnaire-extract.ts';
import { read } from './fhir/read.ts';
import { search, searchCompartment, searchSystem } from './fhir/search.ts';
import { transaction, transactionByteLimit } from './fhir/transaction.ts';
import { codeSystemValidateCode, valueSetValidateCode } from './fhir/validate-code.ts';
import { validate } from './fhir/validate.ts';
import { valueSetExpand } from './fhir/value-set-expand.ts';
import { create, patch, remove, update } from './fhir/write.ts';
import type { Deps } from './http/deps.ts';
import { smartConfiguration } from './oauth/discovery.ts';

const megabyte = 1024 * 1024;

/** FHIR R4: bodies arrive as bytes, so that what is validated, hashed and stored is what was sent. */
export async function fhirRoutes(app: FastifyInstance, deps: Deps, wakeBulk: () => void): Promise<void> {
  await app.register(
    async (fhir) => {
      const offered = collectRoutes(fhir);
      fhir.addHook('onRequest', agreeOnFormat);
      fhir.addHook('preParsing', requireBodyVersion);
      fhir.addHook('onSend', layOut);
      fhir.removeAllContentTypeParsers();
      const asBytes = { parseAs: 'buffer' as const, bodyLimit: transactionByteLimit };
      fhir.addContentTypeParser(
        ['application/fhir+json', 'application/json', jsonPatchType],
        asBytes,
        (_request, body, done) => done(null, body),
      );
      fhir.addContentTypeParser('*', (request, _payload, done) => done(refuseContentType(request)));
      const single = { bodyLimit: 8 * megabyte };
      const ahead = { config: { readsAhead: true as const } };
      fhir.get('/metadata', metadata(deps, offered));
      fhir.get('/.well-known/smart-configuration', smartConfiguration(deps));
      fhir.post('/', { bodyLimit: transactionByteLimit }, transaction(deps));
      fhir.route({
        method: ['GET', 'POST'],
        url: '/Patient/:id/$everything',
        bodyLimit: megabyte,
        config: { readsAhead: 'Patient' },
        handler: patientEverything(deps),
      });
      fhir.route({
        method: ['GET', 'POST'],
        url: '/Patient/$everything',
        bodyLimit: megabyte,
        handler: everybodysEverything(deps),
      });
      fhir.post('/Patient/$match', single, patientMatch(deps));
      for (const [path, operation] of [
        ['/$validate', validate(deps)],
        ['/AuditEvent/$validate', ofAuditEvents(validate(deps))],
        ['/:type/$validate', validate(deps)],
        ['/:type/:id/$validate', validate(deps)],
        ['/Patient/$summary', patientSummary(deps)],
        ['/Patient/:id/$summary', patientSummary(deps)],
        ['/QuestionnaireResponse/$extract', questionnaireExtract(deps)],
        ['/QuestionnaireResponse/:id/$extract', questionnaireExtract(deps)],
        ['/ValueSet/$expand', valueSetExpand(deps)],
        ['/ValueSet/:id/$expand', valueSetExpand(deps)],
        ['/ValueSet/$validate-code', valueSetValidateCode(deps)],
        ['/ValueSet/:id/$validate-code', valueSetValidateCode(deps)],
        ['/CodeSystem/$lookup', codeSystemLookup(deps)],
        ['/CodeSystem/$subsumes', codeSystemSubsumes(deps)],
        ['/CodeSystem/:id/$subsumes', codeSystemSubsumes(deps)],
        ['/CodeSystem/$validate-code', codeSystemValidateCode(deps)],
        ['/CodeSystem/:id/$validate-code', codeSystemValidateCode(deps)],
      ] as const)
        fhir.route({ method: ['GET', 'POST'], url: path, bodyLimit: 4 * megabyte, handler: operation });
      for (const method of ['GET', 'POST'] as const) {
        // No HEAD: it would start a job and not say so.
        const start = { method, exposeHeadRoute: false, bodyLimit: megabyte };
        fhir.route({ ...start, url: '/$export', handler: exportSystem(deps, wakeBulk) });
        fhir.route({ ...start, url: '/Patient/$export', handler: exportPatients(deps, wakeBulk) });
        fhir.route({
          ...start,
          url: '/Patient/:id/$export',
          handler: exportPatient(deps, wakeBulk),
        });
        fhir.route({ ...start, url: '/Group/:id/$export', handler: exportGroup(deps, wakeBulk) });
      }
      fhir.addContentTypeParser(
        ['application/fhir+ndjson', 'application/ndjson', 'application/x-ndjson'],
        (_request, body, done) => done(null, body),
      );
      fhir.post('/$import', startImport(deps, wakeBulk));
      fhir.get('/$bulk-status/:job', { exposeHeadRoute: false }, jobStatus(deps));
      fhir.delete('/$bulk-status/:job', deleteJob(deps));
      fhir.get('/$bulk-file/:job/:file', { exposeHeadRoute: false }, jobFile(deps));
      fhir.get('/AuditEvent', searchAuditEvents(deps));
      fhir.post('/AuditEvent', single, reportAuditEvent(deps));
      fhir.get('/AuditEvent/_history', auditEventHistory(deps));
      fhir.get('/AuditEvent/:id', readAuditEvent(deps));
      fhir.get('/', searchSystem(deps));
      fhir.get('/_history', history(deps));
      fhir.get('/:type', search(deps));
      fhir.post('/:type', single, create(deps));
      fhir.put('/:type', single, update(deps));
      fhir.patch('/:type', single, patch(deps));
      fhir.delete('/:type', remove(deps));
      fhir.get('/:type/_history', history(deps));
      fhir.get('/:type/:id', ahead, read(deps));
      fhir.put('/:type/:id', single, update(deps));
      fhir.patch('/:type/:id', single, patch(deps));
      fhir.delete('/:type/:id', remove(deps));
      fhir.get('/:type/:id/:within', searchCompartment(deps));
      fhir.get('/:type/:id/_history', history(deps));
      fhir.get('/:type/:id/_history/:vid', ahead, read(deps));
      // Searches by form: the values stay out of addresses.
      await fhir.register(async (forms) => {
        forms.removeAllContentTypeParsers();
        forms.addContentTypeParser(
          'application/x-www-form-urlencoded',
          { parseAs: 'string', bodyLimit: 64 * 1024 },
          (_request, body, done) => done(null, body),
        );
        forms.post('/_search', searchSystem(deps));
        forms.post('/AuditEvent/_search', searchAuditEvents(deps));
        forms.post('/:type/_search', search(deps));
        forms.post('/:type/:id/:within/_search', searchCompartment(deps));
      });
      refuseOtherMethods(fhir, offered, '/fhir/R4');
    },
    { prefix: '/fhir/R4' },
  );
}
