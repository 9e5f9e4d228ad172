// What keeps the witness from starting, in words for whoever runs it.
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
  readonly code = 'witness';
}
