/** A measurement that cannot be had, or not be believed. The message is for the person at the terminal. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
