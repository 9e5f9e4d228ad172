// English words of the pages that anybody may see.
export const publicPages = {
  'landing.title': 'One card. One record. Yours.',
} as const;
