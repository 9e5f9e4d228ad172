// Every address of the web app and of the server's own pages, built in one place. Knows no router.

export const paths = {
  landing: '/',
  signIn: '/sign-in',
  signUp: '/sign-up',
  /** A record that was begun at a front desk is taken over. */
  claim: '/claim',
  /** Behind the one-time link that the server prints: the first administrator. */
  setup: '/setup',
  howItWorks: '/how-it-works',
  helpSomeone: '/help-someone',
  home: '/home',
  /** The guided first filling-in of what matters. */
  begin: '/begin',
  record: '/record',
  /** The record by time. */
  timeline: '/timeline',
  /** Test results, when they come, and what is kept back. */
  results: '/results',
  /** Tests that were ordered, and where they go. */
  orders: '/orders',
  /** Measures over time. */
  trends: '/trends',
  /** One's own measurements, and medicines to take today. */
  doses: '/today',
  /** Which medicines one is reminded of, and the weeks behind. */
  reminders: '/today/reminders',
  card: '/card',
  whoLooked: '/who-looked',
  notices: '/notices',
  /** Files into a record, and their receipts. */
  uploads: '/uploads',
  /** A paper of several pages into one's own record, by the camera. */
  ownPaper: '/uploads/paper',
  /** Who may see the record, and who asks. */
  sharing: '/sharing',
  /** A clinician's patients; what an organisation answers for. */
  clinic: '/clinic',
  oversight: '/oversight',
  /** Records that may be of one person, as their owner answers. */
  joined: '/joined',
  /** What a records officer has to do. */
  office: '/office',
  /** Where one works; the organisations that one administers; what administrators did. */
  places: '/places',
  admin: '/admin',
  acts: '/admin/acts',
  /** Orders at a laboratory. */
  laboratory: '/laboratory',
  /** The front desk. */
  desk: '/desk',
  /** Apps that were let in. */
  apps: '/apps',
  settings: '/settings',
  /** Second factors, passkeys, where one is signed in. */
  devices: '/devices',
  /** Getting back in after everything was lost, and vouching for somebody who did. */
  recover: '/recover',
  stopRecovery: '/recover/stop',
  vouch: '/vouch',
  /** Where staff without a second factor add one. */
  enrol: '/second-factor',
  /** Who looks after whom, and whom one acts for. */
  family: '/family',
  /** What guardians saw and did, for a young person who is of age. */
  pastLooks: '/family/past-looks',
  /** Images of a study, and papers. */
  images: '/images',
  papers: '/papers',
  more: '/more',
  verify: '/verify',
  /** The public log, its anchors, and the person's own chain as blocks. */
  explorer: '/explorer',
  transactions: '/transactions',
  blocks: '/verify/blocks',
} as const;

export const sharingPaths = {
  share: `${paths.sharing}/new`,
  askDoctor: `${paths.sharing}/doctor`,
  request: (id: string) => `${paths.sharing}/requests/${id}`,
};

export const appPaths = {
  authorise: `${paths.apps}/authorise`,
  registrations: `${paths.apps}/registrations`,
  administration: `${paths.apps}/administration`,
};

export const adminPaths = {
  organization: (id: string) => `${paths.admin}/organizations/${encodeURIComponent(id)}`,
  invitation: (token: string) => `${paths.places}/invitation/${token}`,
};

/** Where a colleague says that somebody stood there with their card. */
export const witnessPath = `${paths.desk}/witness`;

export const clinicPaths = {
  ask: `${paths.clinic}/ask`,
  /** Card and access code, for somebody without a phone; and whether a witness has said yes. */
  card: `${paths.clinic}/card`,
  cardShown: (id: string) => `${paths.clinic}/card/${id}`,
  emergency: `${paths.clinic}/emergency`,
  /** Results that wait to be acknowledged. */
  results: `${paths.clinic}/results`,
  request: (id: string) => `${paths.clinic}/requests/${id}`,
  patient: (id: string) => `${paths.clinic}/patients/${id}`,
  visit: (id: string) => `${paths.clinic}/patients/${id}/visit`,
  /** A document or a study of an opened record, looked at. */
  paper: (id: string, paper: string) => `${paths.clinic}/patients/${id}${paperPath(paper)}`,
  images: (id: string, study: string) => `${paths.clinic}/patients/${id}${imagesPath(study)}`,
};

export const officePaths = {
  /** One entry, to be put right; with a case where its person asked. */
  entry: (of: { readonly type: string; readonly id: string }) =>
    `${paths.office}/entries/${of.type}/${encodeURIComponent(of.id)}`,
};
/** One order at a laboratory. */
export function laboratoryOrder(id: string): string {
  return `${paths.laboratory}/${encodeURIComponent(id)}`;
}

/** The page on which a visit is written: it needs the whole width. */
export const isVisit = (path: string): boolean => /^\/clinic\/patients\/[^/]+\/visit$/.test(path);

/** Forms to fill in: of the own record, or of one that was opened. */
export const formPaths = {
  list: (patientId?: string) =>
    patientId === undefined ? '/forms' : `${clinicPaths.patient(patientId)}/forms`,
  form: (form: string, patientId?: string) => `${formPaths.list(patientId)}/${form}`,
};

/** One place of the public log, as anybody may look at it. */
export function explorerPlace(index: number): string {
  return `${paths.explorer}/${index}`;
}

/** What a printed code leads to: the place of an entry in the log and its hash, both public. */
export function verifyPlace(index: number, hash: string): string {
  return `/v/${index}/${hash}`;
}

/** Versions of one resource as blocks. */
export function recordBlocks(of: { readonly type: string; readonly id: string }): string {
  return `${paths.blocks}/${of.type}/${of.id}`;
}

/** The images of a study, by its DICOM number; with hyphens, because what ends like a file's name is asked of the server. */
export function imagesPath(study: string): string {
  return `${paths.images}/${study.replaceAll('.', '-')}`;
}

/** What a DocumentReference names. */
export function paperPath(id: string): string {
  return `${paths.papers}/${encodeURIComponent(id)}`;
}

/** The receipt of one upload. */
export function receiptPath(id: string): string {
  return `${paths.uploads}/${encodeURIComponent(id)}`;
}

/** One section of the record, and what can be done there. `of` names the entry by type and id. */
export const recordPaths = {
  section: (section: string) => `${paths.record}/${section}`,
  add: (section: string) => `${paths.record}/${section}/add`,
  change: (section: string, of?: { readonly type: string; readonly id: string }) =>
    of === undefined
      ? `${paths.record}/${section}/change`
      : `${paths.record}/${section}/change/${of.type}/${of.id}`,
  history: (section: string, of: { readonly type: string; readonly id: string }) =>
    `${paths.record}/${section}/history/${of.type}/${of.id}`,
};

/** One entry of the timeline with its versions. */
export function timelineEntryPath(of: { readonly type: string; readonly id: string }): string {
  return `${paths.timeline}/${of.type}/${encodeURIComponent(of.id)}`;
}

/** One question of the guided flow. */
export function beginStep(step: string): string {
  return `${paths.begin}/${step}`;
}

/** The sign-in page that leads on to where one wanted to go. */
export function signInThen(next: string): string {
  return `${paths.signIn}?next=${encodeURIComponent(next)}`;
}

/** Only an address inside this app may be gone to after signing in. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !isServerPath(next) ? next : paths.home;
}

/** Addresses that the server answers itself: the app must let the browser go there. */
export function isServerPath(path: string): boolean {
  return (
    /^\/(api|fhir|log|oauth|e|dicom-web|shl|assets|\.well-known)(\/|\?|$)/.test(path) ||
    /\.[a-z0-9]{2,5}(\?|$)/.test(path)
  );
}
