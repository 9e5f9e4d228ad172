// Who is answered at each address of /api, written down by hand and without the server's code: test/server/access-routes.test.ts sends
// the request of every act in test/ledger-routes as everybody, and compares.
//
// A new route: add its act to test/ledger-routes (it says how the route is asked rightly), and a rule here under the same name. Say who
// else may, and what all others hear; the status is exact. Nobody signed in is always 401, programs and apps are 403 unless the rule
// says otherwise. Nothing of the person asked about may show in an answer to anybody who is not in `may`.

export interface Rule {
  /** What people hear who are neither the one who asks in the act nor named below. */
  readonly others: number;
  /** Who is answered as well: by name or group, each with everything made anew. */
  readonly may?: readonly string[];
  /** What some hear instead. */
  readonly but?: Readonly<Record<number, readonly string[]>>;
  /** Programs and apps; 403 unless it is said. */
  readonly programs?: Readonly<Record<string, number>>;
  /**
   * With `?patient=` of the person: from which level on a guardian is answered (below it is 403), or who is by name. For all others
   * it is 404.
   */
  readonly behalf?: 'view' | 'share' | 'act' | 'manage' | readonly string[];
  /** The act whose object this one uses up, where its own preparation does not make it. */
  readonly after?: string;
  /** What those hear who may, but come after the first of them, who used it up. Nobody else hears this. */
  readonly spent?: number;
  /** An answer about oneself that names those one looks after. */
  readonly names?: readonly string[];
  /** Another body for each who asks, where all would take the same thing. */
  readonly each?: (body: Record<string, unknown>, index: number) => unknown;
  /** How many of those who may are asked: more at a time are refused as too many. */
  readonly most?: number;
  /** One after the other: the server does this for few at a time. */
  readonly alone?: true;
  /** Asked only of those who must be refused before they are known, with the reason. */
  readonly once?: string;
}

const guardians = ['guardian who views', 'guardian who shares', 'guardian who acts', 'guardian who manages'];
const levels = ['view', 'share', 'act', 'manage'] as const;
export const guardiansFrom = (level: (typeof levels)[number]): readonly string[] =>
  guardians.slice(levels.indexOf(level));
const guardiansBelow = (level: (typeof levels)[number]): readonly string[] =>
  guardians.slice(0, levels.indexOf(level));

/** Licensed and at work, whatever they were let into. */
const verified = [
  'clinician',
  'grant of the whole',
  'grant of the whole, sealed too',
  'grant of results and medicines',
  'grant of conditions, sealed too',
  'grant of two entries',
  'grant of a part and an entry, sealed too',
  'two grants',
  'pen for the whole',
  'pen for results',
  'broken glass',
  'grant that ran out',
  'pen that ran out',
  'glass of an hour ago',
  'let into another record',
  'clinician of an organisation that was let in',
];
/** Whose accounts are of somebody’s work, suspended or not. */
const atWork = [
  ...verified,
  'licence lapsed',
  'licence lapsed, of an organisation that was let in',
  'desk of an organisation that was let in',
  'suspended clinician',
  'administrator',
  ...['nurse', 'desk', 'laboratory', 'radiology', 'pharmacy', 'records', 'administrator', 'auditor'].map(
    (role) => `staff: ${role}`,
  ),
];
const desk = ['staff: records', 'staff: administrator'];
const seesOpenDocument = [
  ...guardians,
  'grant of the whole',
  'grant of the whole, sealed too',
  'pen for the whole',
  'pen for results',
  'broken glass',
  'clinician of an organisation that was let in',
];

/** Of those, who was let into a part that does not hold who the person is: $everything and what is made like it begin with that. */
const readersOfParts = [
  'grant of results and medicines',
  'grant of conditions, sealed too',
  'grant of two entries',
  'grant of a part and an entry, sealed too',
  'two grants',
];
/** Who was let into some of the record and still is. */
const readers = [
  ...guardians,
  'grant of the whole',
  'grant of the whole, sealed too',
  'grant of results and medicines',
  'grant of conditions, sealed too',
  'grant of two entries',
  'grant of a part and an entry, sealed too',
  'two grants',
  'pen for the whole',
  'pen for results',
  'broken glass',
  'clinician of an organisation that was let in',
];
/** At the hospital that the orders name. */
const laboratories: Rule = { others: 403, may: ['staff: laboratory', 'staff: radiology'] };
/** A guardian who acts, and whoever has a pen for it. */
const changesOrders: Rule = {
  others: 404,
  may: [...guardiansFrom('act'), 'pen for the whole'],
  but: { 403: guardiansBelow('act') },
};
/** And those of the hospital where it was ordered, who see it. */
const whereOrdered = ['pen for results', 'grant of the whole', 'grant of the whole, sealed too'];
const cancelsOrders: Rule = {
  ...changesOrders,
  may: [...(changesOrders.may ?? []), ...whereOrdered],
  spent: 409,
};
const clerks: Rule = { others: 403, may: ['staff: desk', 'desk of an organisation that was let in'] };

/** Whom another desk enrolled is not there. */
const ofThisDesk: Rule = {
  others: 403,
  may: ['staff: desk'],
  but: { 404: ['desk of an organisation that was let in'] },
};

/** What names nobody is for programs and apps too, whatever their scopes. */
const everyProgramHears = (status: number): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [
      'system/*.cruds',
      'system/*.r',
      'system/*.s',
      'system/Observation.rs system/Patient.r',
      'system/Condition.cud',
      'app for everything',
      'app for observations and conditions',
    ].map((name) => [name, status]),
  );
const everyProgram = everyProgramHears(200);

const own = (others: number, more: Omit<Rule, 'others'> = {}): Rule => ({ others, ...more });
/** As good as absent for everybody else. */
const absent: Rule = { others: 404 };
/** In somebody's record by a guardian of that level; those below know that there is something, and may not. */
const guarded = (level: (typeof levels)[number], more: Partial<Rule> = {}): Rule => ({
  others: 404,
  may: guardiansFrom(level),
  but: { 403: guardiansBelow(level) },
  ...more,
});
const administrators: Rule = { others: 403, may: ['administrator'] };
/** The administrator of the act is the one among the askers, and what they did is done. */
const decidedOnce: Rule = { ...administrators, spent: 409 };

/** Of one organisation: its own administrator's, and the operator's. */
const ofPlace: Rule = { others: 404, may: ['administrator'] };

/** What staff who gave no second factor are answered like everybody; everything else is 403. */
export const withoutFactor: readonly string[] = [
  'GET /api/me',
  'PUT /api/me/language',
  'GET /api/sessions',
  'DELETE /api/sessions/:id',
  'POST /api/reauthenticate',
  'POST /api/reauthenticate/second',
  'POST /api/reauthenticate/passkey/options',
  'POST /api/reauthenticate/passkey',
  'GET /api/factors',
  'GET /api/recoveries',
  'POST /api/totp',
  'POST /api/totp/confirm',
  'GET /api/passkeys',
  'POST /api/passkeys/options',
  'POST /api/passkeys',
];

const inStudy = 'GET /dicom-web/studies/:study';
const inInstance = `${inStudy}/series/:series/instances/:instance`;
/** Whoever sees the ImagingStudy sees its images. */
const images: Rule = {
  others: 404,
  may: seesOpenDocument,
  programs: { 'system/*.cruds': 200, 'system/*.r': 200, 'app for everything': 200 },
};

export const routeRules: Readonly<Record<string, Rule>> = {
  // Who is let in
  'POST /api/access-requests': { others: 403, may: verified, most: 2 },
  'GET /api/access-requests': own(200, { behalf: 'act' }),
  'GET /api/access-requests/:id': { others: 404, may: guardiansFrom('act') },
  'POST /api/access-requests/:id/resend': { others: 403, but: { 404: verified } },
  'POST /api/access-requests/:id/code': { others: 404, may: guardiansFrom('act') },
  'POST /api/access-requests/:id/confirm': { others: 403, but: { 404: verified } },
  'POST /api/access-requests/:id/approve': guarded('act', { spent: 409 }),
  'POST /api/access-requests/:id/decline': guarded('act', { spent: 409 }),
  'POST /api/access-requests/:id/withdraw': absent,
  'POST /api/access-requests/:id/block': guarded('act'),
  'DELETE /api/access-requests/:id/block': guarded('act'),
  'POST /api/access-requests/:id/passkey/options': { others: 403, but: { 404: verified } },
  'POST /api/access-requests/:id/passkey': { others: 403, but: { 404: verified } },
  'POST /api/grants/:id/extend': { others: 403, but: { 404: verified } },
  'POST /api/card-grants': { others: 403, may: verified, most: 3 },
  'GET /api/card-grants': own(200),
  'GET /api/card-grants/:id': absent,
  'POST /api/amendments': {
    others: 403,
    may: ['pen for the whole', 'pen that ran out'],
    but: { 422: ['pen for results'] },
  },
  'GET /api/amendments': own(200, { behalf: 'act' }),
  'POST /api/amendments/:id/accept': guarded('act', { spent: 409 }),
  'POST /api/amendments/:id/reject': guarded('act', { spent: 409 }),
  'POST /api/grants': own(201),
  'GET /api/grants': own(200, { behalf: 'share' }),
  'POST /api/grants/:id/revoke': guarded('share'),
  'POST /api/visits/:id/tell': { others: 403, but: { 404: verified } },
  'POST /api/break-glass': { others: 403, may: verified },
  'DELETE /api/break-glass/:id': { others: 404, after: 'POST /api/break-glass' },
  'GET /api/break-glass/counts': { others: 403, may: ['staff: auditor', 'administrator'] },
  'GET /api/glass-reviews': own(200, { behalf: 'act' }),
  'POST /api/glass-reviews/:id': {
    others: 404,
    may: desk,
    after: 'POST /api/break-glass',
    spent: 409,
  },
  'POST /api/glass-reviews/:id/answer': {
    others: 404,
    may: guardiansFrom('act'),
    after: 'POST /api/break-glass',
  },
  'GET /api/sealed-entries': own(200),
  // A person asks a doctor
  'POST /api/doctor-requests': own(201),
  'GET /api/doctor-requests': own(200),
  'POST /api/doctor-requests/:id/accept': { others: 403, but: { 404: verified } },
  'POST /api/doctor-requests/:id/reject': { others: 403, but: { 404: verified } },
  'POST /api/doctor-requests/:id/block': { others: 403, but: { 404: verified } },
  'POST /api/doctor-requests/:id/withdraw': guarded('act', { spent: 409 }),
  'GET /api/doctor-blocks': own(200),
  'DELETE /api/doctor-blocks/:id': absent,
  'GET /api/disputes': own(200, { behalf: 'act' }),
  'POST /api/disputes': absent,
  'POST /api/disputes/:id/answer': { others: 404, may: desk, spent: 409 },
  'POST /api/disputes/:id/escalate': guarded('act', { spent: 409 }),
  'POST /api/disputes/:id/close': guarded('act', { spent: 409 }),
  'GET /api/corrections': own(200, { behalf: 'act' }),
  'POST /api/corrections': absent,
  'POST /api/corrections/:id/refuse': { others: 403, may: ['staff: records'], spent: 409 },
  'POST /api/corrections/:id/disagree': guarded('act', {
    after: 'POST /api/corrections/:id/refuse',
    spent: 409,
  }),
  'GET /api/kept-entries/:type/:id': { others: 403, may: ['staff: records'] },
  'POST /api/kept-entries/:type/:id': { others: 403, may: ['staff: records'], spent: 412 },
  'POST /api/duplicates': { others: 403, may: ['staff: records'] },
  'GET /api/handovers': own(200, { behalf: readers }),
  'GET /api/handovers/coming': own(200),
  'GET /api/merges': own(200, { behalf: 'manage' }),
  'GET /api/origins': absent,
  'GET /api/access-rules': own(200, { behalf: 'share' }),
  'POST /api/access-rules': own(201),
  'DELETE /api/access-rules/:id': guarded('share', { after: 'POST /api/access-rules' }),
  'GET /api/who-sees': { others: 404, behalf: 'share' },
  'GET /api/entries/:id/why': absent,
  'GET /api/record-parts': own(200, { behalf: 'share' }),
  'GET /api/record-parts/entries': own(200, { behalf: 'share' }),
  'GET /api/me/work': own(200),
  'POST /api/clinicians/search': own(200),
  // Who looks after whom: the child of the act is nobody's of these
  'POST /api/dependants': own(201),
  'GET /api/photo, of somebody else': absent,
  'POST /api/guardians/invites': absent,
  'GET /api/guardians/invites': own(200),
  'GET /api/guardians/invites/:invite': absent,
  'POST /api/guardians/invites/:invite/accept': absent,
  'POST /api/guardians/invites/:invite/decline': absent,
  'DELETE /api/guardians/invites/:invite': { others: 404, may: ['guardian who manages'], spent: 409 },
  'GET /api/guardians': absent,
  'PUT /api/guardians/:id': guarded('manage'),
  'DELETE /api/guardians/:id': guarded('manage', { spent: 404 }),
  'POST /api/guardians/export-agreement': absent,
  'POST /api/guardians/agreements/:id/refuse': absent,
  'POST /api/custody-disputes': absent,
  'DELETE /api/custody-disputes/:patient': absent,
  // Orders and results
  'GET /api/laboratories': own(200),
  'GET /api/orders': own(200, { behalf: seesOpenDocument }),
  'GET /api/orders.pdf': { others: 404, behalf: seesOpenDocument, alone: true },
  'PUT /api/orders/:id/laboratory': changesOrders,
  'POST /api/orders/:id/cancel': cancelsOrders,
  'GET /api/laboratory/orders': laboratories,
  'POST /api/laboratory/orders/find': laboratories,
  'GET /api/laboratory/orders/:id': laboratories,
  'POST /api/laboratory/orders/:id/accept': { ...laboratories, spent: 409 },
  'POST /api/laboratory/orders/:id/decline': { ...laboratories, spent: 409 },
  'POST /api/laboratory/orders/:id/sample': laboratories,
  'PUT /api/laboratory/orders/:id/results': laboratories,
  'POST /api/laboratory/orders/:id/sign': { ...laboratories, spent: 409 },
  'GET /api/results/tasks': own(200),
  'GET /api/results/tasks/:id': absent,
  'POST /api/results/tasks/:id/acknowledge': absent,
  'POST /api/results/tasks/:id/hand-over': absent,
  'GET /api/results/waiting': own(200, { behalf: 'view' }),
  'GET /api/results/held': {
    others: 404,
    // Its person chose to wait, and guardians wait with them.
    may: [...seesOpenDocument.filter((name) => !guardians.includes(name)), 'grant of results and medicines'],
  },
  'GET /api/results/release': own(200, { behalf: 'share' }),
  'PUT /api/results/release': own(204, { behalf: 'share' }),
  // Apps
  'POST /api/app-registrations': own(201),
  'GET /api/app-registrations': own(200),
  'GET /api/admin/apps': administrators,
  'POST /api/admin/apps/:id/approve': decidedOnce,
  'POST /api/admin/apps/:id/refuse': decidedOnce,
  'POST /api/admin/apps/:id/disable': decidedOnce,
  'GET /api/apps': own(200),
  'POST /api/apps/:id/end': absent,
  'POST /api/apps/launches': own(201),
  // Pictures and documents
  'PUT /api/photo': own(204),
  'GET /api/photo': own(200, { behalf: 'view' }),
  'DELETE /api/photo': own(204),
  'POST /api/files': own(201),
  'GET /api/files/:id': {
    others: 404,
    may: seesOpenDocument,
    programs: {
      'system/*.cruds': 200,
      'system/*.r': 200,
      'system/*.s': 404,
      'system/Observation.rs system/Patient.r': 404,
      'system/Condition.cud': 404,
      'app for everything': 200,
      'app for observations and conditions': 404,
    },
  },
  // Files on their way are their sender's
  'OPTIONS /api/uploads': own(204, { programs: everyProgramHears(204) }),
  // A program says whose record it is for.
  'POST /api/uploads': own(201, { programs: { 'system/*.cruds': 400, 'app for everything': 201 } }),
  'PATCH /api/uploads/:id': { others: 404, programs: everyProgramHears(404) },
  'GET /api/uploads/:id': { others: 404, programs: everyProgramHears(404) },
  'GET /api/uploads': own(200, { programs: everyProgram }),
  'DELETE /api/uploads/:id': { others: 404, programs: everyProgramHears(404) },
  // Images
  'POST /dicom-web/studies': {
    others: 200,
    once: 'everybody brings images into their own record, and would then have the same study: dicomweb',
    // Nobody has the number in the images.
    programs: { 'system/*.cruds': 404, 'app for everything': 200 },
  },
  'POST /dicom-web/studies/:study': {
    others: 200,
    once: 'as the one before',
    programs: { 'system/*.cruds': 404, 'app for everything': 200 },
  },
  'GET /dicom-web/studies': own(204, {
    may: seesOpenDocument,
    programs: { 'system/*.cruds': 200, 'system/*.s': 200, 'app for everything': 200 },
  }),
  [`${inStudy}/series`]: images,
  [`${inStudy}/instances`]: images,
  [`${inStudy}/series/:series/instances`]: images,
  [inStudy]: images,
  [`${inStudy}/metadata`]: images,
  [`${inStudy}/series/:series`]: images,
  [`${inStudy}/series/:series/metadata`]: images,
  [inInstance]: images,
  [`${inInstance}/metadata`]: images,
  [`${inInstance}/frames/:frames`]: images,
  [`${inInstance}/rendered`]: images,
  [`${inInstance}/thumbnail`]: images,
  [`${inInstance}/frames/:frames/rendered`]: images,
  [`${inInstance}/frames/:frames/thumbnail`]: images,
  // The card
  'POST /api/emergency-card': own(201),
  'GET /api/emergency-card': own(200, { behalf: 'manage' }),
  'PUT /api/emergency-card': own(200),
  'DELETE /api/emergency-card': own(404),
  'PUT /api/emergency-card/code': own(200),
  'DELETE /api/emergency-card/code': own(200),
  'POST /api/emergency-card/rotate': own(200),
  'POST /api/emergency-card/claim': {
    others: 200,
    once: 'a card that is nobody’s is the first one’s who has it in hand and reads its code',
  },
  'POST /api/emergency-card/lost': own(200),
  'GET /api/emergency-card/preview': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card.pdf': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card.svg': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card.png': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/sheet.pdf': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/wristband.pdf': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/fridge.pdf': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/lock-screen.png': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/qr.svg': own(200, { behalf: 'manage' }),
  'GET /api/emergency-card/qr.png': own(200, { behalf: 'manage' }),
  'GET /api/record.pdf': own(200, { alone: true }),
  // What happened
  'GET /api/notices': own(200, { behalf: 'act' }),
  'POST /api/notices/:id/read': absent,
  'GET /api/entries': own(200, { behalf: 'manage' }),
  'GET /api/entries/:id': absent,
  'GET /api/leaves/:index': absent,
  'GET /api/chain': own(200),
  'GET /api/export': own(200, { behalf: 'manage', alone: true }),
  'POST /api/erasures': absent,
  'GET /api/erasures/:id/receipt': absent,
  'GET /api/facts': own(200, { behalf: readers.filter((one) => !readersOfParts.includes(one)) }),
  'GET /api/timeline': own(200, { behalf: readers }),
  'GET /api/timeline/months': own(200, { behalf: readers }),
  'POST /api/timeline/search': own(200),
  'POST /api/entries/states': own(200),
  // Forms
  'GET /api/forms': own(200, { programs: everyProgram }),
  'GET /api/forms/:form': own(200, { programs: everyProgram }),
  'POST /api/forms/:form': own(201),
  // The desk
  'POST /api/desk/people': {
    ...clerks,
    each: (body, index) => ({ ...body, name: `Enrolled ${index}`, birthDate: `19${index + 10}-01-02` }),
  },
  'POST /api/desk/people, of somebody like whom there is one': {
    others: 403,
    but: { 409: ['staff: desk', 'desk of an organisation that was let in'] },
  },
  'GET /api/desk/people': clerks,
  'GET /api/desk/people/:id/card.pdf': ofThisDesk,
  'POST /api/desk/people/:id/claim-code': ofThisDesk,
  'POST /api/claims': { others: 201, once: 'whoever has the printed code takes the record over, once' },
  // Organisations
  'POST /api/admin/organizations': administrators,
  // Whoever administers another place sees their own, which are none here
  'GET /api/admin/organizations': { ...administrators, but: { 200: ['staff: administrator'] } },
  'POST /api/admin/organizations/:id/close': administrators,
  'POST /api/admin/organizations/:id/open': administrators,
  'GET /api/admin/organizations/:id': ofPlace,
  'PUT /api/admin/organizations/:id': ofPlace,
  'POST /api/admin/organizations/:id/invites': ofPlace,
  'DELETE /api/admin/organizations/:id/invites/:invite': { ...ofPlace, spent: 409 },
  'POST /api/admin/organizations/:id/licences/:licence': { ...ofPlace, spent: 409 },
  'PUT /api/admin/organizations/:id/members/:member/licence': ofPlace,
  'POST /api/admin/organizations/:id/members/:member/suspend': { ...ofPlace, spent: 409 },
  'POST /api/admin/organizations/:id/members/:member/resume': { ...ofPlace, spent: 409 },
  'PUT /api/admin/organizations/:id/members/:member': { ...ofPlace, spent: 404 },
  'DELETE /api/admin/organizations/:id/members/:member': { ...ofPlace, spent: 404 },
  'GET /api/places/invitations/:token': absent,
  'POST /api/places/invitations/:token/refuse': absent,
  'POST /api/places/invitations/:token/accept': absent,
  'GET /api/places': own(200),
  'PUT /api/places/:member/licence': absent,
  'DELETE /api/places/:member': absent,
  'GET /api/admin/acts': {
    others: 403,
    may: ['staff: auditor', 'administrator'],
    but: { 200: ['staff: administrator'] },
  },
  // Accounts
  'GET /api/sessions': own(200),
  'DELETE /api/sessions/:id': absent,
  'DELETE /api/sessions': own(204),
  'POST /api/reauthenticate': own(201),
  'PUT /api/password': own(204),
  'GET /api/me': own(200, { names: guardians }),
  'PUT /api/me/language': own(200, { names: guardians }),
  'GET /api/me/alias': own(200),
  'PUT /api/me/alias': own(200, { each: (body, index) => ({ ...body, alias: `asker.${index}` }) }),
  'POST /api/passkeys/options': own(200),
  'POST /api/passkeys': own(422),
  'GET /api/passkeys': own(200),
  'POST /api/reauthenticate/passkey/options': own(409),
  'POST /api/reauthenticate/passkey': own(422),
  'DELETE /api/passkeys/:id': { others: 404, but: { 409: atWork } },
  // Second factors
  'GET /api/factors': own(200),
  'POST /api/mail-step': own(202, { but: { 409: atWork } }),
  // A step that is not one’s own is as good as over
  'POST /api/mail-step/confirm': own(401),
  'POST /api/reauthenticate/second/mail': own(401),
  'POST /api/reauthenticate/second': own(401),
  'POST /api/totp': own(201),
  'POST /api/totp/confirm': own(403),
  'POST /api/recovery-codes': own(409),
  'DELETE /api/totp': own(404),
  'DELETE /api/mail-step': own(404),
  // Getting back in
  'GET /api/recoveries': own(200, { names: guardians }),
};
