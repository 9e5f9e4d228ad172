// Where log lines go: collected for a moment and written together, so that a burst of requests does not wait for the terminal.
import pino from 'pino';
import type { FastifyInstance } from 'fastify';

const bufferBytes = 4096;
const flushEveryMs = 500;

export interface LogStream {
  write(line: string): void;
  /** From now on lines are written every half second, and all of them before the application has closed. */
  follow(app: FastifyInstance): void;
}

export function createLogStream(): LogStream {
  const destination = pino.destination({ dest: 1, sync: false, minLength: bufferBytes });
  return {
    write(line) {
      destination.write(line);
    },
    follow(app) {
      const timer = setInterval(() => destination.flush(), flushEveryMs).unref();
      app.addHook('onClose', async () => {
        clearInterval(timer);
        await new Promise<void>((done) => {
          destination.flush(() => done());
        });
      });
    },
  };
}
