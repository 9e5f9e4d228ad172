// Scopes as stored with a client or a token, read back. Texts repeat at every request, so what was read is remembered.
import type { ClientScope } from '../../core/access/client-scopes.ts';
import { parseClientScope } from '../../core/access/client-scopes.ts';
import { isResourceType } from '../../core/fhir/resource-types.ts';

const remembered = new Map<string, readonly ClientScope[]>();
const mostRemembered = 500;

/** What cannot be read grants nothing. */
export function readScopes(text: string): readonly ClientScope[] {
  const known = remembered.get(text);
  if (known) return known;
  const scopes = text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => parseClientScope(word, isResourceType))
    .filter((one): one is ClientScope => typeof one !== 'string');
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(text, scopes);
  return scopes;
}
