// When enough people have vouched for somebody who lost every way in. Knows neither storage nor clock.

/** As what somebody vouches: a guardian who manages the record, a desk that looked at papers, or somebody else who works there. */
export type Standing = 'guardian' | 'desk' | 'colleague';

export interface Voucher {
  readonly accountId: string;
  readonly stands: Standing;
  /** Where they work; null for a guardian. */
  readonly organizationId: string | null;
}

/**
 * Two people, never one: two guardians; a guardian and a desk, for somebody who has one guardian; or a desk and a second person of the same
 * organisation, for somebody who has none.
 */
export function isVouched(vouchers: readonly Voucher[]): boolean {
  return vouchers.some((one) =>
    vouchers.some((other) => other.accountId !== one.accountId && suffice(one, other)),
  );
}

function suffice(one: Voucher, other: Voucher): boolean {
  if (one.stands === 'guardian') return other.stands === 'guardian' || other.stands === 'desk';
  return (
    one.stands === 'desk' &&
    other.stands !== 'guardian' &&
    one.organizationId !== null &&
    one.organizationId === other.organizationId
  );
}
