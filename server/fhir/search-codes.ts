// What the modifiers of codes mean that need a terminology: looked up before a search is read, since reading it asks nobody.
import type { CodesMeant } from '../../core/fhir/search-context.ts';
import type { NamedValue } from '../../core/fhir/search-query.ts';
import { splitAt, splitValues, unescapeValue } from '../../core/fhir/search-split.ts';
import { FhirError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import { expandToCodes, type PlainCode, relatedCodes } from './terminology-source.ts';

const mostLookUps = 20;

/**
 * Undefined where no parameter needs it. What is not known is said (FhirError) when it is asked for: a parameter that takes no such
 * modifier is refused for that instead. @throws SearchError
 */
export async function findCodesMeant(
  db: Queryable,
  pairs: readonly NamedValue[],
): Promise<CodesMeant | undefined> {
  const found = new Map<string, readonly PlainCode[] | FhirError>();
  let needed = false;
  for (const [name, value] of pairs) {
    const modifier = /:(?:not-)?(in|above|below)$/.exec(name)?.[1];
    if (modifier !== 'in' && modifier !== 'above' && modifier !== 'below') continue;
    needed = true;
    for (const part of splitValues(name, value)) {
      if (found.size >= mostLookUps) break;
      const text = unescapeValue(name, part);
      const [system = '', code = ''] = splitAt(part, '|').map((one) => unescapeValue(name, one));
      if (modifier === 'in') found.set(`in ${text}`, await orRefusal(expandToCodes(db, text)));
      // A URI with such a modifier has no bar, and needs no terminology.
      else if (system !== '' && code !== '')
        found.set(`${modifier} ${text}`, await orRefusal(relatedCodes(db, system, code, modifier)));
    }
  }
  if (!needed) return undefined;
  return (modifier, value) => {
    const codes = found.get(`${modifier} ${value}`);
    if (codes instanceof FhirError) throw codes;
    return codes;
  };
}

async function orRefusal<T>(looked: Promise<T>): Promise<T | FhirError> {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
}
