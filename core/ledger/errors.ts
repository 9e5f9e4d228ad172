// The one error the ledger room throws: malformed text or bytes, or a caller asking for what a tree cannot have.
// It knows no HTTP status and never repeats the input, which may come from a record.

export type LedgerErrorCode =
  | 'base64-malformed'
  | 'bundle-malformed'
  | 'checkpoint-malformed'
  | 'edge-malformed'
  | 'hash-wrong-length'
  | 'index-outside-tree'
  | 'key-change-malformed'
  | 'key-malformed'
  | 'key-type-unsupported'
  | 'leaf-malformed'
  | 'note-malformed'
  | 'policy-malformed'
  | 'proof-file-malformed'
  | 'request-malformed'
  | 'record-file-malformed'
  | 'salt-wrong-length'
  | 'signature-wrong-length'
  | 'size-out-of-range'
  | 'statement-not-canonical'
  | 'text-not-well-formed'
  | 'tile-out-of-range'
  | 'tile-wrong-length';

/** What went wrong as a stable code; the message is for developers. */
export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string) {
    super(message);
    this.name = 'LedgerError';
    this.code = code;
  }
}
