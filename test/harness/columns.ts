// Every column of every table, and what finds a change in it: a new column without a line here fails the tests of tampering.
// `found by` are codes of the stand-alone verifier, one of which must be named when one byte of the column is changed.

export interface Protected {
  readonly found: readonly string[];
  /** SQL that changes one row a little; where none is given, one that suits the type is used. */
  readonly change?: string;
}
/** A text is the reason why a change need not be found. */
export type ColumnRule = Protected | string;

const found = (...codes: string[]): Protected => ({ found: codes });
const changedBy = (change: string, ...codes: string[]): Protected => ({ found: codes, change });

const computed =
  'computed from the text that stands beside it: a wrong one hides a hit of a search, never the entry';

const versionColumns: Readonly<Record<string, ColumnRule>> = {
  patient_id: found('content-missing'),
  resource_type: found('version-differs'),
  resource_id: found('version-differs'),
  version: changedBy('version = version + 7', 'version-differs'),
  deleted: found('version-differs'),
  last_updated: found('version-differs'),
  entry_id: found('content-missing'),
  content: found('content-differs'),
};

/** Tables whose columns are judged one by one. */
export const columnRules: Readonly<Record<string, Readonly<Record<string, ColumnRule>>>> = {
  person: {
    patient_id: found('export-refused'),
    uhid: changedBy(
      `uhid = overlay(uhid placing (case substr(uhid, 14, 1) when '5' then '6' else '5' end) from 14)`,
      'person-differs',
    ),
    alias: changedBy(`alias = alias || 'x'`, 'person-differs'),
    pseudonym: found('person-differs', 'entry-not-in-log'),
    created_at: 'not evidence: when a person came is said by the first entry of their chain',
  },
  resource: {
    ...versionColumns,
    search_present: computed,
    search_keys: computed,
    search_range_keys: computed,
    search_range_bounds: computed,
    search_strings: computed,
    part: computed,
    care_day: computed,
  },
  resource_history: versionColumns,
  entry: {
    patient_id: found('statement-unreadable'),
    entry_id: found('statement-unreadable'),
    kind: found('kind-differs'),
    recorded_at: found('time-differs'),
    statement: found('statement-differs', 'statement-unreadable'),
    salt: found('statement-differs'),
    erased_by: changedBy(`erased_by = gen_random_uuid(), statement = '', salt = null`, 'erasure-not-shown'),
  },
  log_leaf: {
    leaf_index: changedBy('leaf_index = leaf_index + 100000', 'bundle-unreadable'),
    entry_id: found('statement-unreadable'),
    pseudonym: found('seq-out-of-order'),
    seq: changedBy('seq = seq + 100000', 'seq-differs'),
    leaf: found('leaf-not-in-tree'),
  },
  log_chain: {
    pseudonym: found('chain-head-differs'),
    seq: found('chain-head-differs'),
    head: found('chain-head-differs'),
  },
  log_tile: {
    level: changedBy('level = level + 3', 'tile-unreadable'),
    tile_index: changedBy('tile_index = tile_index + 9', 'tile-unreadable'),
    hashes: found('tile-differs'),
  },
  log_checkpoint: {
    size: 'a place to find the note by: what counts stands in the note, which is signed',
    root: 'a copy of what stands in the signed note, and not served',
    note: found('signature-invalid', 'note-malformed', 'not-signed-by-its-log', 'no-known-signature'),
    signed_at: 'not evidence: the times that count are those of witnesses and anchors',
  },
  stored_file: {
    patient_id: found('file-missing'),
    file_id: found('file-missing'),
    sha256: found('file-differs'),
    size_bytes: found('file-differs'),
    content_type: found('file-differs'),
    title: found('file-differs'),
    created_at: 'not evidence: the entry that names the file has its time',
  },
};

/** Tables of which a test of its own speaks. */
export const guardedTables: Readonly<Record<string, string>> = {
  log_head:
    'the sequencer compares it with the tiles before it signs: the server does not start on a changed one',
  pending_leaf: 'becomes a leaf within a second: a changed one does not match its entry any more',
};

/** Tables no column of which is evidence, and why. */
export const plumbing: Readonly<Record<string, string>> = {
  schema_migration: 'which migrations ran; holds nothing of anybody',
  search_value:
    'computed from the texts, and computed again by an import: a wrong row hides a hit, never an entry',
  reindex_progress: 'how far a computation is that can be begun anew',
  search_page_key: 'a secret that signs the addresses of further pages',
  erased_entry: 'which leaves have no entry any more: the receipts and the log say so',
  legal_hold: 'each placing and lifting of a hold is an entry',
  match_key: 'coarse keys computed from each Patient, by which two of the same person are found',
  log_cosignature: 'signatures of witnesses: each is verified, a changed one does not count',
  log_witness: 'what was asked of each witness, and when',
  log_key_change: 'signed by both keys: a changed one is refused by whoever follows them',
  outbox: 'work to do; what happened stands in the entry that each row names',
  notice: 'words to a person about an entry that stands elsewhere',
  record_revision: 'a counter that keeps pages from being stale',
  account: 'how one signs in; each sign-in and each change is an entry',
  session: 'who is signed in; each beginning and end is an entry',
  attempt_count: 'counters of tries that run out within a day',
  setup_link: 'one link, used once; its use is an entry',
  card: 'each issue, end and scan of a card is an entry',
  card_setting: 'each change of settings or code is an entry',
  blank_batch: 'each batch is an entry',
  blank_card: 'each claim of a blank is an entry',
  anchor: 'a copy of what the chain says: the verifier asks the chain itself',
  anchor_attempt: 'transactions on their way; the chain says which of them counted',
  anchor_event: 'what happened to each anchor; the chain says which of them counted',
  bulk_job: 'work for programs; each look of it is an entry',
  bulk_part: 'parts of an answer to a program, until it expires',
  bulk_reference: 'which new id an imported one became, while the import runs',
  bulk_line: 'lines of an import that wait; what they become are versions with entries',
  subscription: 'what a program wants to be told; the Subscription itself is a version with an entry',
  subscription_delivery: 'messages on their way',
  client: 'programs with access; each registration and each look is an entry',
  access_token: 'short-lived access of programs; each issue is an entry',
  client_assertion: 'signed proofs that were used, until they run out',
  app_grant: 'what people gave to apps, in force by the clock; giving and ending are entries',
  app_token: 'codes and tokens of apps, until they run out; each issue is an entry',
  app_launch: 'apps that were opened from here, for minutes',
  app_key: 'sealed keys that sign identity tokens; a changed one opens nothing',
  totp: 'sealed secrets of authenticator apps; each change is an entry, a changed one makes no code',
  recovery_code: 'hashes of codes for a lost phone; making and using them are entries',
  account_recovery: 'who asks to get back in; each step of it is an entry',
  recovery_voucher: 'who vouched for whom; each is an entry',
  second_step: 'sign-ins that wait for a second factor for minutes',
  passkey: 'another way to sign in; each change is an entry',
  organization_member: 'who works where, and whose licence was checked; each change is an entry',
  organization:
    'what one locks to change who works there; each opening and closing is a version with an entry',
  card_grant: 'cards and codes that wait for a witness; showing and witnessing each are entries',
  desk_enrolment:
    'records begun at a desk that nobody has taken over; each, each code and each hand-over is an entry',
  member_invite: 'invitations that wait for an answer; each and each answer is an entry',
  licence_check: 'licences that wait for a look; writing down and looking are entries',
  organization_act: 'which entries are acts of administrators; what was done stands in the entry',
  authority:
    'what was given over a record, in force by the clock; giving and ending are entries, the Consent is a version',
  access_request: 'questions that wait for an answer; asking and each answer are entries',
  access_block: 'whose requests are not taken; shutting and opening the door are entries',
  glass_review: 'emergencies that wait for their review; the breaking and each answer are entries',
  doctor_request: 'what people ask of doctors; asking, each answer and what it gives are entries',
  doctor_block:
    'whose questions a doctor does not hear; shutting and opening are entries of the doctor’s chain',
  access_rule: 'standing answers of a person; making and ending each are entries, and so is each yes by them',
  amendment:
    'late entries that wait for their person; sending and answering are entries, what is taken in is a version',
  dispute: 'looks that are questioned; the question and its answer are entries',
  correction:
    'entries that should be put right; asking, each answer and disagreeing are entries, what was put right is a version',
  record_merge: 'records that are joined; each proposal, yes, joining and parting is an entry of both chains',
  handover:
    'which notes of responders are recent; leaving one is an entry, its words and vitals are versions',
  guardianship:
    'what stands behind a guardian’s authority; its beginning and end are entries, the RelatedPerson is a version',
  guardian_invite: 'invitations that wait for the other side; each and each answer is an entry',
  guardian_agreement: 'what some of several guardians want; each wish is an entry',
  custody_dispute: 'each raising and lifting is an entry',
  lab_order:
    'the way of an order through a laboratory; taking on, sample, signing are entries, and what is found are versions',
  lab_departure:
    'for some days, which orders a laboratory has no more; each sending is an entry, where it goes is a version',
  lab_result:
    'signed results as tasks; signing, with the digest of what is kept back, telling on, acknowledging and release are entries',
  dose_clock: 'when somebody wants to be reminded; each choice is an entry, what was taken is a version',
  dose_plan: 'which doses are reminded of; each setting and ending is an entry, what was taken is a version',
  release_choice: 'how a person wants their results; each choice is an entry',
  upload: 'files on their way; the end of each is an entry, what it becomes is a version with an entry',
  dicom_instance: 'computed from stored files, each of which its ImagingStudy names with its digest',
  passkey_challenge: 'questions that wait for an answer for minutes',
};
