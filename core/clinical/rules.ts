// What the rules of medicines have in common. Each rule is data: who says it, how grave it is, what it speaks of.
import type { Contents } from './ingredients.ts';
import type { GroupId } from './ingredient-table.ts';
import type { Source } from './sources.ts';

/** `severe`: not without a reason that is kept. `moderate`: to be known. */
export type Severity = 'severe' | 'moderate';

/** A group by its id, or an ingredient by its name. */
export type Member = GroupId | (string & {});

export function isMember({ ingredients, groups }: Contents, members: readonly Member[]): boolean {
  return members.some((one) => ingredients.has(one) || groups.has(one as GroupId));
}

export interface PairRule {
  /** Stable: overrides and log entries name it. */
  readonly id: string;
  readonly severity: Severity;
  readonly one: readonly Member[];
  readonly other: readonly Member[];
  /** What may happen, in plain English; holds no value of any record. */
  readonly words: string;
  readonly source: Source;
}
