// Which page is walked by whom in the tests of every page, and why a few are not: `test/core/web/routes-walked.test.ts` holds this list against the routes.

export const openPages: readonly string[] = [
  '/',
  '/sign-in',
  '/sign-up',
  '/recover',
  '/recover/stop',
  '/claim',
  '/setup?token=x',
  '/how-it-works',
  '/help-someone',
  '/explorer',
  '/explorer/0',
  '/transactions',
  '/nowhere',
];
const added = 'allergies conditions medicines disabilities vaccinations implants directives documents'.split(
  ' ',
);
const changed = 'identity address blood-group body pregnancy care-team contacts organ-donor'.split(' ');
const questions = 'you reach photo allergies disabilities blood body contacts documents'.split(' ');

/** A person with a rich record. */
export const signedInPages: readonly string[] = [
  '/home',
  '/card',
  '/record',
  '/timeline',
  '/results',
  '/trends',
  '/today',
  '/today/reminders',
  '/joined',
  '/orders',
  '/who-looked',
  '/notices',
  '/uploads',
  '/uploads/paper',
  '/settings',
  '/devices',
  '/vouch',
  '/more',
  '/verify',
  '/verify/blocks',
  '/family',
  '/family/past-looks',
  '/places',
  ...[...changed, ...added].map((section) => `/record/${section}`),
  ...added.map((section) => `/record/${section}/add`),
  ...changed.map((section) => `/record/${section}/change`),
  ...questions.map((question) => `/begin/${question}`),
];

/** Pages of one entry, reached from the links of a section: by a part of the link. */
export const entryPages = {
  '/change/': '/record/$section/change/$type/$id',
  '/history/': '/record/$section/history/$type/$id',
  '/verify/': '/verify/$type/$id',
} as const;

/**
 * Who works, and where. In braces: an address, and the way to a text in its answer. Of a list on the way it is the first, or the first with
 * the member that is named, as in `work[state=entered].id`.
 */
export const staffWalks: Readonly<Record<string, readonly string[]>> = {
  'patient@demo': [
    '/sharing/requests/{/api/access-requests id}',
    '/sharing',
    '/sharing/new',
    '/sharing/doctor',
    '/apps',
    '/apps/registrations',
    '/forms',
    '/forms/general',
    '/timeline/{/api/timeline entries.type}/{/api/timeline entries.id}',
    '/timeline/DiagnosticReport/{/fhir/R4/DiagnosticReport?status=corrected entry.resource.id}',
    '/papers/{/fhir/R4/DocumentReference?_count=1 entry.resource.id}',
    '/verify/blocks/{/api/timeline entries.type}/{/api/timeline entries.id}',
  ],
  'guardian@demo': ['/family', '/sharing', '/who-looked'],
  'doctor@demo': [
    '/clinic',
    '/clinic/ask',
    '/clinic/card',
    '/clinic/emergency',
    '/clinic/results',
    '/clinic/patients/{/api/grants?held=true patient}',
    '/clinic/patients/{/api/grants?held=true patient}/visit',
    '/clinic/patients/{/api/grants?held=true patient}/forms',
    '/clinic/patients/{/api/grants?held=true patient}/forms/general',
    '/desk/witness',
    '/places',
  ],
  'doctor2@demo': ['/clinic', '/clinic/requests/{/api/access-requests?by=me id}'],
  'desk@demo': ['/desk', '/desk/witness', '/vouch'],
  'records@demo': ['/oversight', '/office'],
  'lab@demo': [
    '/laboratory',
    '/laboratory/{/api/laboratory/orders fresh.id}',
    '/laboratory/{/api/laboratory/orders work[state=accepted].id}',
    '/laboratory/{/api/laboratory/orders work[state=entered].id}',
    '/laboratory/{/api/laboratory/orders work[state=signed].id}',
    '/laboratory/{/api/laboratory/orders work[state=cancelled].id}',
    '/uploads',
  ],
  'radiology@demo': [
    '/laboratory',
    '/laboratory/{/api/laboratory/orders fresh.id}',
    '/laboratory/{/api/laboratory/orders work[state=signed].id}',
  ],
  'kaveri@demo': ['/admin', '/admin/organizations/{/api/admin/organizations id}', '/admin/acts', '/places'],
  'auditor@demo': ['/oversight', '/admin/acts'],
  'admin@demo': ['/admin', '/admin/acts', '/apps/administration'],
};

/** Routes that none of the walks reaches: where else they are checked. */
export const walkedElsewhere: Readonly<Record<string, string>> = {
  '/second-factor': 'test/e2e/staff-sign-in.test.ts: staff without a factor see this page and no other',
  '/begin': 'leads on to the first question, which is walked',
  '/v/$index/$hash': 'test/e2e/take-away.test.ts: by the code that was printed',
  '/verify/entry/$entryId': 'the same page as /verify/$type/$id',
  '/uploads/$id': 'test/e2e/radiology-images.test.ts: the receipt of what was sent',
  '/images/$study': 'test/e2e/radiology-images.test.ts: images that were sent',
  '/clinic/patients/$id/images/$study': 'test/e2e/papers-in-the-clinic.test.ts: images of an opened record',
  '/clinic/patients/$id/papers/$paper': 'test/e2e/papers-in-the-clinic.test.ts: papers of an opened record',
  '/family/invitation/$invite': 'test/e2e/guardian.test.ts: an invitation that was made',
  '/places/invitation/$token': 'test/e2e/administrator.test.ts: an invitation that was sent',
  '/clinic/card/$id': 'test/e2e/front-desk.test.ts: a card that was shown',
  '/office/entries/$type/$id': 'test/e2e/records-officer.test.ts: an entry that was asked to be put right',
  '/apps/authorise': 'test/e2e/app-developer.test.ts: a request of an app',
};
