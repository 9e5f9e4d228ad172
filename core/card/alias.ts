// The readable alias of a person ("asha.rao"): its rules and suggestions. It opens nothing; whether one is taken is not known here.

export const ALIAS_MIN_LENGTH = 4;
export const ALIAS_MAX_LENGTH = 30;

/** Words that would let somebody pass for the service, for staff, or for a page of it. */
const RESERVED_WORDS = new Set(
  (
    'abuse account accounts admin administrator alert alias anchor anonymous api app audit auth billing blank card cards ' +
    'clinic clinician consent contact demo desk doctor download emergency everyone fhir guardian guest health help ' +
    'helpdesk home hospital import info issuer key keys ledger legal local localhost login logout mail me medallion ' +
    'metadata moderator nobody nurse official oauth operator patient patients pharmacy police postmaster privacy public ' +
    'record records responder robot root scan search security self service settings share sign signin signout signup ' +
    'staff status support sysadmin system team terms test token trust uhid undefined user users verified verify ' +
    'webmaster witness www null true false'
  ).split(' '),
);

export type AliasProblem =
  | 'too-short'
  | 'too-long'
  | 'not-plain-letters'
  | 'upper-case'
  | 'must-begin-with-letter'
  | 'separator'
  | 'reserved';
export type CheckedAlias =
  { readonly ok: true; readonly alias: string } | { readonly ok: false; readonly problem: AliasProblem };

/**
 * Rules: 4 to 30 characters; a to z, 0 to 9, and single dots or underscores between groups; begins with a letter.
 * ASCII only, so that no look-alike letter of another script can copy an alias.
 */
export function checkAlias(text: string): CheckedAlias {
  const refuse = (problem: AliasProblem): CheckedAlias => ({ ok: false, problem });
  if (text.length < ALIAS_MIN_LENGTH) return refuse('too-short');
  if (text.length > ALIAS_MAX_LENGTH) return refuse('too-long');
  if (/[A-Z]/.test(text)) return refuse('upper-case');
  if (!/^[a-z0-9._]+$/.test(text)) return refuse('not-plain-letters');
  if (/^[0-9]/.test(text)) return refuse('must-begin-with-letter');
  if (!/^[a-z0-9]+([._][a-z0-9]+)*$/.test(text)) return refuse('separator');
  const words = text.split(/[._]/).map((group) => group.replace(/[0-9]+$/, ''));
  if (words.some((word) => RESERVED_WORDS.has(word))) return refuse('reserved');
  return { ok: true, alias: text };
}

/** Letters and groups of a name that ASCII can carry; "Āsha  Rao-Nair" gives asha, rao, nair. */
function asciiGroups(name: string): string[] {
  return name
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((group) => /^[a-z]/.test(group));
}

/**
 * Up to `count` aliases made from a name, the plainest first, each of which passes `checkAlias`.
 * A name that has no Latin letters gives none. `number` (0 to 9999, from the caller's randomness) keeps them from all being taken.
 */
export function suggestAliases(name: string, number: number, count = 4): string[] {
  const groups = asciiGroups(name);
  const [first, ...rest] = groups;
  const last = rest.at(-1);
  if (first === undefined) return [];
  const digits = String(Math.abs(Math.trunc(number)) % 10000);
  const candidates =
    last === undefined
      ? [first, `${first}.${digits}`, `${first}${digits}`, `${first}_${digits}`]
      : [
          `${first}.${last}`,
          `${first}_${last}`,
          `${first}.${last}${digits}`,
          groups.join('.'),
          `${first.charAt(0)}.${last}`,
          `${first}${last}${digits}`,
          `${first}.${digits}`,
        ];
  return [...new Set(candidates)].filter((alias) => checkAlias(alias).ok).slice(0, count);
}
