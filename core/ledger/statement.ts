// What one entry of the record says: who did what, as what, why. The statement is the audit fact itself;
// its canonical JSON text is what a leaf commits to. Knows no storage and no FHIR rendering.

/** Who acted. `name` is what the person is shown; `account` and `reference` say who it was beyond doubt. */
export interface StatementWho {
  role:
    | 'patient'
    | 'guardian'
    | 'professional'
    | 'organization'
    | 'client'
    | 'card-reader'
    | 'operator'
    | 'system'
    | 'anonymous';
  account?: string;
  reference?: string;
  name?: string;
  /** The app they acted through. */
  app?: { client: string; name: string };
}

export const statementEvents = [
  'create',
  'update',
  'delete',
  'read',
  'vread',
  'history',
  'search',
  'everything',
  'summary',
  'match',
  'bulk-export',
  'notify',
  'file',
  'images',
  'upload',
  'verify',
  'looks',
  'scan',
  'scan-code',
  'card-preview',
  'card-print',
  'card-issue',
  'card-rotate',
  'card-revoke',
  'card-lost',
  'card-settings',
  'card-code',
  'card-claim',
  'sign-up',
  'sign-in',
  'sign-in-refused',
  'sign-out',
  'session-end',
  'password-change',
  'alias-change',
  'passkey-add',
  'passkey-remove',
  'factor-add',
  'factor-remove',
  'recovery-codes',
  'recovery-begin',
  'recovery-vouch',
  'recovery-ready',
  'recovery-stop',
  'recovery-done',
  'card-batch',
  'key',
  'anchor',
  'record-print',
  'token-issue',
  'token-refused',
  'token-revoke',
  'client-create',
  'client-disable',
  'export',
  'erase',
  'hold',
  'hold-lifted',
  'backup',
  'restore',
  'log-check',
  'access-request',
  'access-code',
  'access-approve',
  'access-refuse',
  'access-withdraw',
  'access-lock',
  'access-block',
  'access-unblock',
  'access-share',
  'access-revoke',
  'break-glass',
  'break-glass-end',
  'glass-review',
  'glass-answer',
  'dispute',
  'dispute-answer',
  'dispute-close',
  'dispute-escalate',
  'merge-propose',
  'merge-agree',
  'merge-refuse',
  'merge',
  'unmerge',
  'correction',
  'correction-answer',
  'correction-disagree',
  'amendment',
  'amendment-answer',
  'visit-told',
  'access-rule',
  'access-rule-end',
  'doctor-ask',
  'doctor-answer',
  'doctor-withdraw',
  'doctor-block',
  'guardian-invite',
  'guardian-accept',
  'guardian-change',
  'guardian-end',
  'guardian-decline',
  'guardian-agree',
  'dispute-raise',
  'dispute-lift',
  'dependant-add',
  'desk-enrol',
  'desk-claim-code',
  'desk-claim',
  'access-card',
  'member-add',
  'member-end',
  'member-invite',
  'member-invite-answer',
  'member-change',
  'member-suspend',
  'member-resume',
  'licence-enter',
  'licence-check',
  'app-register',
  'app-approve',
  'app-refuse',
  'app-allow',
  'app-end',
] as const;
export type StatementEvent = (typeof statementEvents)[number];

/** One event as committed to. Times are instants with milliseconds; `content` is base64 SHA-256 of a version's canonical text. */
export interface Statement {
  v: 1;
  at: string;
  event: StatementEvent;
  outcome: 'done' | 'refused';
  who: StatementWho;
  /** The rule of `core/access` that decided, by its id. */
  basis: string;
  /** v3-ActReason code. */
  purpose?: string;
  on?: { type: string; id: string; version?: number };
  content?: string;
  /** What was asked for, without values that could name a person. */
  query?: string;
  /** How many versions were shown, and base64 SHA-256 over their lines `Type/id/_history/n`. */
  shown?: { count: number; digest: string };
  /** Coarse: family of browser or tool, never an address. */
  agent?: string;
  detail?: Record<string, string | number | boolean>;
}

/** Leaf kinds by event: what the public log says about an event is only this number. */
export const kindOfEvent: Record<StatementEvent, number> = {
  create: 1,
  update: 1,
  delete: 1,
  read: 2,
  vread: 2,
  history: 2,
  search: 2,
  everything: 2,
  summary: 2,
  match: 2,
  'bulk-export': 2,
  notify: 2,
  file: 2,
  images: 2,
  upload: 1,
  verify: 2,
  looks: 2,
  scan: 2,
  'scan-code': 2,
  'card-preview': 2,
  'card-print': 2,
  'card-issue': 4,
  'card-rotate': 4,
  'card-revoke': 4,
  'card-lost': 4,
  'card-settings': 4,
  'card-code': 4,
  'card-claim': 4,
  'sign-up': 5,
  'sign-in': 5,
  'sign-in-refused': 5,
  'sign-out': 5,
  'session-end': 5,
  'password-change': 5,
  'alias-change': 5,
  'passkey-add': 5,
  'passkey-remove': 5,
  'factor-add': 5,
  'factor-remove': 5,
  'recovery-codes': 5,
  'recovery-begin': 5,
  'recovery-vouch': 5,
  'recovery-ready': 5,
  'recovery-stop': 5,
  'recovery-done': 5,
  'card-batch': 6,
  key: 6,
  anchor: 6,
  'record-print': 2,
  'token-issue': 5,
  'token-refused': 5,
  'token-revoke': 5,
  'client-create': 6,
  'client-disable': 6,
  export: 2,
  erase: 5,
  hold: 6,
  'hold-lifted': 6,
  backup: 6,
  restore: 6,
  'log-check': 6,
  'access-request': 7,
  'access-code': 7,
  'access-approve': 7,
  'access-refuse': 7,
  'access-withdraw': 7,
  'access-lock': 7,
  'access-block': 7,
  'access-unblock': 7,
  'access-share': 7,
  'access-revoke': 7,
  'break-glass': 7,
  'break-glass-end': 7,
  'glass-review': 7,
  'glass-answer': 7,
  dispute: 7,
  'dispute-answer': 7,
  'dispute-close': 7,
  'dispute-escalate': 7,
  'merge-propose': 7,
  'merge-agree': 7,
  'merge-refuse': 7,
  merge: 7,
  unmerge: 7,
  correction: 7,
  'correction-answer': 7,
  'correction-disagree': 7,
  amendment: 7,
  'amendment-answer': 7,
  'visit-told': 7,
  'access-rule': 7,
  'access-rule-end': 7,
  'doctor-ask': 7,
  'doctor-answer': 7,
  'doctor-withdraw': 7,
  'doctor-block': 7,
  'guardian-invite': 7,
  'guardian-accept': 7,
  'guardian-change': 7,
  'guardian-end': 7,
  'guardian-decline': 7,
  'guardian-agree': 7,
  'dispute-raise': 7,
  'dispute-lift': 7,
  'dependant-add': 5,
  'desk-enrol': 5,
  'desk-claim-code': 5,
  'desk-claim': 5,
  'access-card': 7,
  'member-add': 6,
  'member-end': 6,
  'member-invite': 6,
  'member-invite-answer': 6,
  'member-change': 6,
  'member-suspend': 6,
  'member-resume': 6,
  'licence-enter': 6,
  'licence-check': 6,
  'app-register': 6,
  'app-approve': 6,
  'app-refuse': 6,
  'app-allow': 7,
  'app-end': 7,
};

const writeKind = 1;
const lookKind = 2;
const refusedKind = 3;

/** The kind byte of an event's leaf. A refused write wrote no version: in the log it is a refusal like that of a look. */
export function kindOfStatement({ event, outcome }: Pick<Statement, 'event' | 'outcome'>): number {
  const kind = kindOfEvent[event];
  return outcome === 'refused' && (kind === lookKind || kind === writeKind) ? refusedKind : kind;
}
