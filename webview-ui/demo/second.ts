/** The page of every other window: it hears events and is told no. */
import { showTargets, startEvents } from './events.ts';
import { startPermission } from './permission.ts';
import { showServer, startStrip } from './strip.ts';

void start(); // shows its own failures

async function start(): Promise<void> {
  startPermission();
  await startEvents();
  await startStrip(showTargets);
  await showServer();
}
