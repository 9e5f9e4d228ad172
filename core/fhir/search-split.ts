// The values of a search parameter apart: commas, bars and dollars that are not escaped, then the escapes themselves.

import { SearchError, searchLimits } from './search-error.ts';

/** Splits at commas that are not escaped; the parts keep their escapes. */
export function splitValues(param: string, value: string): string[] {
  const parts = splitAt(value, ',');
  if (parts.length > searchLimits.valuesOfParameter) throw new SearchError('search-too-many-values', param);
  for (const part of parts) {
    if (part === '') throw new SearchError('search-value-empty', param);
    if (part.length > searchLimits.valueLength) throw new SearchError('search-value-too-long', param);
    if (/[\p{Cc}\p{Cs}]/u.test(part)) throw new SearchError('search-value-invalid', param);
  }
  return parts;
}

export function splitAt(value: string, separator: string): string[] {
  if (!value.includes(separator)) return [value];
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] === '\\') i += 1;
    else if (value[i] === separator) {
      parts.push(value.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(value.slice(start));
  return parts;
}

/** R4 escapes: `\,` `\|` `\$` and `\\`; a backslash before anything else is refused. */
export function unescapeValue(param: string, text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.?)/gsu, (_, escaped: string) => {
    if (escaped !== '' && ',|$\\'.includes(escaped)) return escaped;
    throw new SearchError('search-value-invalid', param);
  });
}
