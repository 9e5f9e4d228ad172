// The demo: the whole platform on a folder of its own, with invented people in it. Only on one's own machine.
import { readConfig } from '../server/config.ts';
import { runDemo } from './run.ts';

try {
  // Requests are not reported unless asked for: the list of logins would scroll away.
  const running = await runDemo(readConfig({ LOG_LEVEL: 'warn', ...process.env }, { demo: true }), (line) =>
    process.stdout.write(`${line}\n`),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  process.stderr.write(`The demo did not start. ${(error as Error).message}\n`);
  process.exit(1);
}
