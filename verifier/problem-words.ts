// The verifier's codes in English words; Hindi ones stand beside them. A code without words is shown as it is: it is never hidden.
import type { CheckpointFailure } from '../core/ledger/checkpoint.ts';
import type { KeyChainFailure } from '../core/ledger/key-chain.ts';
import type { RecordFileProblemCode } from '../core/ledger/verify-record-file.ts';
import { hindiProblemWords } from './problem-words-hindi.ts';

export type Language = 'en' | 'hi';

const englishProblemWords = {
  // Keys and signatures
  'note-malformed': 'this is no signed note',
  'checkpoint-malformed': 'this is no checkpoint',
  'not-signed-by-its-log': 'the log itself did not sign it',
  'signature-invalid': 'the signature does not hold',
  'no-known-signature': 'none of the trusted keys signed it',
  'keys-ambiguous': 'two trusted keys share one name and id',
  'signed-by-retired-key': 'it is signed by a key that was given up before',
  'key-malformed': 'this is no verifier key',
  'change-malformed': 'a change of keys is not signed by both keys',
  'key-from-file': 'a file that vouches for itself proves nothing',
  'chain-broken': 'a change of keys does not follow the one before',
  'trusted-key-not-in-chain': 'the log does not say how it came from the trusted key to this one',
  'too-many-changes': 'there are more changes of keys than there can be',
  'origin-differs': 'it is another log than the one seen before',
  // The tree
  'bundle-unreadable': 'the entries cannot be read',
  'tile-unreadable': 'the tile cannot be read',
  'tile-differs': 'the tile is not what its entries hash to',
  'leaf-malformed': 'this is no leaf',
  'chain-number-differs':
    'its number does not follow the one before in its chain: an entry is missing or doubled',
  'chain-link-differs': 'it does not name the entry before it in its chain',
  'root-differs': 'the root over the entries is not the one that was signed',
  // What was seen before
  'log-shorter-than-seen': 'the log has fewer entries than it had: it was cut, or set back to an older copy',
  'history-differs':
    'the log is not an extension of what was seen: it was rewritten, or others are shown another one',
  // Witnesses and chain
  'not-witnessed': 'too few of the trusted witnesses have seen this',
  'anchor-differs': 'the chain has another root for this size',
  'anchor-beyond-log': 'the chain has a larger log than this one: it was cut, or set back',
  'no-anchor': 'the chain has no anchor of this log',
  'no-anchor-in-file': 'the chain has anchors of this log, and the file names none of them',
  'anchor-not-on-chain': 'the chain has no such anchor',
  'anchor-not-of-this-log': 'an anchor that the file names is not of the tree under its checkpoint',
  // Records
  'record-file-malformed': 'the file cannot be read as a record, or breaks off',
  'receipt-malformed': 'the file cannot be read as a receipt',
  'checkpoint-not-signed': 'the checkpoint in the file is not signed by the trusted key',
  'chain-shorter-than-known': 'entries are missing at the end',
  'pseudonym-differs': 'it belongs to somebody else',
  'seq-out-of-order': 'an entry before it is missing, or it is in the wrong place',
  'seq-differs': 'its number is not the one in the leaf',
  'prev-differs': 'it does not name the entry before it',
  'index-out-of-order': 'it stands in the wrong place of the log',
  'leaf-not-in-tree': 'it is not in the log that was signed',
  'statement-unreadable': 'who did what is missing or cannot be read, and no erasure names it',
  'statement-differs': 'who did what is not what was recorded',
  'content-missing': 'the text of the version is gone',
  'content-differs': 'the text of the version is not what was written',
  'erasure-not-shown': 'it is empty, but no erasure names it',
  'kind-differs': 'its kind is not the one that was recorded',
  'time-differs': 'its time is not the one that was recorded',
  'version-differs': 'type, id, number, time or state of the version is not what was recorded',
  'version-missing': 'a version is missing or doubled',
  'version-not-current': 'what is said to stand is not the last version',
  'version-without-entry': 'nobody recorded that this was written',
  'version-of-no-write': 'a version hangs on an entry that wrote none',
  'chain-head-differs': 'the end of the chain is not the one that the log keeps',
  'entry-not-in-log': 'it was acknowledged, and the log does not have it',
  'person-differs': 'number or name is not what the record says',
  'file-differs': 'the file is not the one that was recorded',
  'file-missing': 'a file that was recorded is gone',
  'file-of-no-entry': 'nobody recorded this file',
  'not-in-this-log': 'the log that was read has another leaf there, or none',
  'entries-left-out': 'the log has more entries of this person than the file',
  'erased-leaf-not-in-log': 'the receipt names a leaf that the log does not have',
  'statement-not-given': 'who did what is not in the file',
  'commitment-differs': 'the leaf is of something else than what is said',
  'salt-not-given': 'the salt is not in the file, so nothing ties the words to the leaf',
  // The page alone
  'policy-unreadable': 'what you gave as a policy cannot be read as one',
  'node-incomplete': 'the address of a node begins with http, and a contract is 0x with 40 characters',
  'node-silent': 'the node could not be reached, or does not answer as one; nothing is known of the anchors',
} as const satisfies Readonly<Record<RecordFileProblemCode | CheckpointFailure | KeyChainFailure, string>> &
  Readonly<Record<string, string>>;
export type ProblemCode = keyof typeof englishProblemWords;

const words: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: englishProblemWords,
  hi: hindiProblemWords,
};

export function problemWords(code: string, language: Language = 'en'): string {
  return words[language][code] ?? code;
}
