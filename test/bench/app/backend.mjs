import { app, channel, command } from 'ipc-workbench';
import { createCommands } from '../commands.ts';

export default app(createCommands({ command, channel }));
