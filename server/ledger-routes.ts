// The routes of the log: what is public of it, and what a person sees of their own entries. `app.ts` knows the hooks that each request passes
// first.
import type { FastifyInstance } from 'fastify';
import type { Deps } from './http/deps.ts';
import * as ownEntries from './ledger/entries.ts';
import { erasureBody, getReceipt, postErasure } from './ledger/erase-route.ts';
import { getExport } from './ledger/export-route.ts';
import { leafEvidence } from './ledger/leaf-evidence.ts';
import type { LogKeys } from './ledger/log-key.ts';
import { anchors } from './ledger/public-anchors.ts';
import * as publicLog from './ledger/public-log.ts';
import { witnesses } from './ledger/witnessed.ts';

export function ledgerRoutes(app: FastifyInstance, deps: Deps, log: LogKeys): void {
  // The public log (C2SP tlog-tiles): nothing in it names anybody.
  app.get('/log/checkpoint', publicLog.checkpoint(deps));
  app.get('/log/checkpoint/witnessed', publicLog.witnessedCheckpoint(deps));
  app.get('/log/witnesses', witnesses(deps, log));
  app.get('/log/vkey', publicLog.verifierKey(log));
  app.get('/log/keys', publicLog.keyChanges(deps, log));
  app.get('/log/tile/*', publicLog.tile(deps));
  app.get('/log/leaf/:index', publicLog.leaf(deps));
  app.get('/log/proof/inclusion', publicLog.inclusionProof(deps));
  app.get('/log/proof/consistency', publicLog.consistencyProof(deps));
  app.get('/log/anchors', anchors(deps, log.origin));

  // What a person sees of their own entries, takes with them and erases
  app.get('/api/entries', ownEntries.listOwnEntries(deps));
  app.get('/api/entries/:id', ownEntries.entryEvidence(deps));
  app.post('/api/entries/states', { schema: { body: ownEntries.statesBody } }, ownEntries.entryStates(deps));
  app.get('/api/leaves/:index', leafEvidence(deps));
  app.get('/api/chain', ownEntries.ownChain(deps));
  // No HEAD: it would be an export that nobody receives.
  app.get('/api/export', { exposeHeadRoute: false }, getExport(deps, log));
  app.post('/api/erasures', { schema: { body: erasureBody } }, postErasure(deps, log));
  app.get('/api/erasures/:id/receipt', getReceipt(deps, log));
}
