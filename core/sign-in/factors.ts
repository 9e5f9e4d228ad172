// What proves a second time who somebody is, and who must have it. Knows neither storage nor requests.

/** How a second proof was given: an app that makes codes, a passkey, a code by mail, or a code kept for the day the phone is lost. */
export const secondFactors = ['totp', 'passkey', 'mail', 'recovery-code'] as const;
export type SecondFactor = (typeof secondFactors)[number];

/** What an account has. */
export interface AccountFactors {
  /** Works with records or administers: must have a factor, and not the weakest. */
  readonly staff: boolean;
  readonly totp: boolean;
  readonly passkeys: number;
  readonly mail: boolean;
  readonly recoveryCodesLeft: number;
}

/**
 * The factors one of which is asked for after a right password; none: the password is enough to begin a session. A passkey alone binds
 * nobody to use it, unless they are staff: whoever chose one for ease still has the password for the day it is lost.
 */
export function secondStepOf(factors: AccountFactors): SecondFactor[] {
  const { staff, totp, passkeys, recoveryCodesLeft } = factors;
  // A mailbox is opened from anywhere: too weak for those who open other people's records.
  const mail = factors.mail && !staff;
  if (!totp && !mail && !(staff && passkeys > 0)) return [];
  return [
    ...(totp ? (['totp'] as const) : []),
    ...(passkeys > 0 ? (['passkey'] as const) : []),
    ...(mail ? (['mail'] as const) : []),
    ...(recoveryCodesLeft > 0 ? (['recovery-code'] as const) : []),
  ];
}
