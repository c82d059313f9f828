/** What `IPC Workbench: Create Backend` writes: a first command to change and to call. */
export const BACKEND_TEMPLATE = `import { app, command } from 'ipc-workbench';
import * as z from 'zod';

// In the page: await invoke('greet', { name: 'World' })
const greet = command('greet', { args: { name: z.string() } }, ({ name }) => \`Hello, \${name}!\`);

export default app({ commands: [greet] });
`;
