// How much may be sent, by whom, and for how long it is kept waiting. Documented in docs/uploads.md: change both.
const megabyte = 1024 * 1024;
const hourMs = 3_600_000;

export const uploadLimits = {
  /** One upload. */
  bytes: 2048 * megabyte,
  /** Of one uploader, not whole yet. */
  open: 200,
  openBytes: 8 * 1024 * megabyte,
  /** An upload that is not whole by then is forgotten; a receipt is kept as long. */
  keptMs: 7 * 24 * hourMs,
  /** Numbers of nobody that one uploader may try in an hour. */
  wrongNumbers: { limit: 60, windowMs: hourMs },
  /** After so many bytes what has come is certain, even if the server is killed. */
  syncEvery: 8 * megabyte,
} as const;

export const archiveLimits = {
  files: 10_000,
  /** Of one document. */
  pages: 40,
  /** Of all files together, unpacked. */
  bytes: 4096 * megabyte,
  /** Unpacked bytes for each packed one; scans compress tenfold at most. */
  ratio: 200,
  /** Below this nothing is a bomb. So many bytes more than it announced make an archive one. */
  ratioFrom: 8 * megabyte,
  /** Signs in the name of a file. */
  nameLength: 1000,
} as const;

/** More pixels than any camera takes; known from the header, before anything is unpacked. */
export const pixelLimit = 60_000_000;
