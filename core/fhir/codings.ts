// One key for a coding, so that codings can be compared and looked up.

import { isJsonObject } from './json.ts';
import type { JsonValue } from './types.ts';

/** `system|code`; undefined for anything that is not a Coding with both. */
export function codingKey(coding: JsonValue): string | undefined {
  if (!isJsonObject(coding)) return undefined;
  const { system, code } = coding;
  return typeof system === 'string' && typeof code === 'string' ? `${system}|${code}` : undefined;
}
