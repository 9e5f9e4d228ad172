// What an app is told beside its token: what it really got, and the record it was opened for (SMART launch context). Each token given
// or refused is an entry before the answer leaves.
import type { FastifyRequest } from 'fastify';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { findAppGrant } from '../storage/app-grants.ts';
import { isPlainScope, wordsOf } from './app-scopes.ts';
import { fhirUserOf } from './fhir-user.ts';
import type { Oauth } from './oauth.ts';
import { recordTokenEvent } from './oauth.ts';

export async function finishToken(
  oauth: Oauth,
  request: FastifyRequest,
  ctx: KoaContextWithOIDC,
): Promise<void> {
  const { Client: client, AccessToken: accessToken, Grant: grant, ...entities } = ctx.oidc.entities;
  const named = client && {
    clientId: client.clientId,
    ...(client.clientName === undefined ? {} : { name: client.clientName }),
  };
  if (ctx.status !== 200 || !accessToken || !grant) {
    await recordTokenEvent(oauth, request, 'token-refused', named, 'app-grant-not-valid');
    return;
  }
  const asked = ctx.oidc.params?.['scope'];
  const source = entities.RefreshToken?.scope ?? entities.AuthorizationCode?.scope ?? '';
  const plain = wordsOf(typeof asked === 'string' ? asked : source).filter(isPlainScope);
  const scope = [...plain, ...wordsOf(accessToken.scope ?? '')].join(' ');
  const found = await findAppGrant(oauth.db.pool, accessToken.grantId ?? '');
  ctx.body = {
    ...(ctx.body as object),
    scope,
    ...(found && hasContext(scope) ? { patient: found.patientId, need_patient_banner: true } : {}),
  };
  await recordTokenEvent(oauth, request, 'token-issue', named, 'app-grant', { scope });
}

const hasContext = (scope: string): boolean => /(^| )(launch(\/patient)?( |$)|patient\/)/.test(scope);

export async function finishIntrospection(oauth: Oauth, ctx: KoaContextWithOIDC): Promise<void> {
  const body = ctx.body as { active?: boolean; scope?: string; sub?: string } | undefined;
  const grantId = (ctx.oidc.entities.AccessToken ?? ctx.oidc.entities.RefreshToken)?.grantId;
  if (body?.active !== true || grantId === undefined) return;
  const found = await findAppGrant(oauth.db.pool, grantId);
  if (!found) {
    ctx.body = { active: false };
    return;
  }
  ctx.body = {
    ...body,
    ...(hasContext(found.scope) ? { patient: found.patientId } : {}),
    ...(/(^| )fhirUser( |$)/.test(found.scope)
      ? { fhirUser: await fhirUserOf(oauth, { accountId: found.accountId, patientId: found.ownPatientId }) }
      : {}),
  };
}
