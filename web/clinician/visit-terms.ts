/** What a visit needs, and no more: the whole record but what is sealed, for a day, with a pen. */
export const visitTerms = {
  scope: { sealed: false, share: false, write: true },
  purpose: 'TREAT',
  duration: 'P1D',
} as const;
