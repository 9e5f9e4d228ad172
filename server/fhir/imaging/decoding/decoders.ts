// Frames are unpacked in threads of their own, a few at a time, each within a limit of time: a stream made to harm costs its own picture.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ApiError } from '../../../errors.ts';
import type { FrameShape } from './frame-shape.ts';

export type Coding = 'rle' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export interface DecodeJob {
  readonly coding: Coding;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shape: FrameShape;
}

export interface DecodeAnswer {
  /** Samples of a pixel one after another, little endian. Absent: the stream is damaged. */
  readonly data?: Uint8Array<ArrayBuffer>;
  /** Where the stream itself says how its samples are to be read; one byte each up to 8 bits, else two. */
  readonly form?: { readonly bits: number; readonly signed: boolean };
}

/** Each may hold a frame of the largest size, packed and unpacked. */
const mostThreads = Math.max(1, Math.min(2, availableParallelism() - 1));
const mostWaiting = 64;
const frameMs = 20_000;
/** A thread keeps the memory of the largest frame that it had. */
const idleMs = 15_000;
const heapMegabytes = 256;

interface Waiting {
  readonly job: DecodeJob;
  readonly answer: (answer: DecodeAnswer) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | undefined;
  timer: NodeJS.Timeout | undefined;
}

const waiting: Waiting[] = [];
const threads = new Set<Thread>();

/** Never rejects for what is in the stream. Throws 503 `busy` at once when too many wait already. */
export function decodeFrame(coding: Coding, frame: Uint8Array, shape: FrameShape): Promise<DecodeAnswer> {
  if (waiting.length >= mostWaiting)
    throw new ApiError(503, 'busy', 'Many pictures are drawn at this moment. Try again shortly.', {
      headers: { 'retry-after': '5' },
    });
  // Bytes of its own: they move to the thread.
  const job = { coding, bytes: new Uint8Array(frame), shape };
  return new Promise((answer) => {
    waiting.push({ job, answer });
    goOn();
  });
}

function goOn(): void {
  while (waiting.length > 0) {
    const free = [...threads].find(({ current }) => current === undefined);
    const thread = free ?? (threads.size < mostThreads ? open() : undefined);
    const next = thread && waiting.shift();
    if (!next) return;
    clearTimeout(thread.timer);
    thread.current = next;
    thread.timer = setTimeout(() => settle(thread, {}, true), frameMs);
    thread.worker.postMessage(next.job, [next.job.bytes.buffer]);
  }
}

function open(): Thread {
  const worker = new Worker(new URL('decode-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const thread: Thread = { worker, current: undefined, timer: undefined };
  threads.add(thread);
  worker.on('message', (answer: DecodeAnswer) => settle(thread, answer, false));
  // A thread that fails is gone, and what it was at is damaged.
  for (const event of ['error', 'messageerror', 'exit']) worker.on(event, () => settle(thread, {}, true));
  // Listening holds a process open: after it, not before.
  worker.unref();
  return thread;
}

function settle(thread: Thread, answer: DecodeAnswer, ends: boolean): void {
  clearTimeout(thread.timer);
  const { current } = thread;
  thread.current = undefined;
  if (ends) close(thread);
  else thread.timer = setTimeout(() => close(thread), idleMs).unref();
  current?.answer(answer);
  goOn();
}

function close(thread: Thread): void {
  if (!threads.delete(thread)) return;
  void thread.worker.terminate();
}
