// What is to be checked cannot be read: no answer, no such file, or far more than there can be. Knows neither files nor networks.

export class SourceError extends Error {
  override readonly name = 'SourceError';
}
