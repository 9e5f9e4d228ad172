// Who says a fact, and how that is drawn. The author code is the one the server sets on every resource.

/** `meta.tag` code of the author of a resource. */
export type Author = 'patient' | 'guardian' | 'professional' | 'organization' | 'import';

export interface FactSource {
  readonly author: Author;
  /** Display name of the person, laboratory or system; the generic word when unknown. */
  readonly who?: string | undefined;
  /** ISO date or instant on which it was said, verified or measured. */
  readonly on?: string | undefined;
  /** True when the reader of the page is the one who said it: "You said". */
  readonly mine?: boolean | undefined;
}

export type MarginRule = 'verified' | 'said' | 'sealed' | 'danger';

/** The rule drawn in the margin of a fact: solid for a professional or laboratory, dotted for the rest. */
export function marginRule(source: FactSource): MarginRule {
  return source.author === 'professional' || source.author === 'organization' ? 'verified' : 'said';
}
