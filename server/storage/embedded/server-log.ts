// The embedded server's own log file, kept small. Must not know what runs.
import { copyFileSync, readFileSync, statSync, truncateSync } from 'node:fs';

const maxLogBytes = 5 * 1024 * 1024;

/** Size in bytes; 0 when there is none. */
export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Keeps one older file. The server appends, so it goes on at the new end by itself. */
export function rotateLog(file: string): void {
  if (logSize(file) <= maxLogBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

/** What the server said since the file had that many bytes. */
export function readLogSince(file: string, bytes: number): string {
  try {
    return readFileSync(file).subarray(bytes).toString('utf8');
  } catch {
    return '';
  }
}
