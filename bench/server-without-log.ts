// The server as shipped, but with its sequencer stopped: leaves wait and go nowhere. For measuring what the log costs, and for nothing else.
import { readConfig } from '../server/config.ts';
import { start } from '../server/start.ts';

const running = await start(readConfig(process.env));
await running.sequencer.stop();
process.once('SIGTERM', () => {
  void running.stop().then(() => process.exit(0));
});
