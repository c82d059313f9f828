/** What a command of the palette is about, where a row of the tree or another extension says it. */
import * as z from 'zod';

export const CommandTarget = z.object({
  /** the folder of the project */
  project: z.string(),
  command: z.string().optional(),
  window: z.string().optional(),
  /** one that a capability of the window lacks */
  permission: z.string().optional(),
  place: z.object({ file: z.string(), line: z.int().min(1), column: z.int().min(1) }).optional(),
});
export type CommandTarget = z.infer<typeof CommandTarget>;

/** The target of a command: given by itself, or carried by a row of the tree. */
export function targetOf(argument: unknown): CommandTarget | undefined {
  const carried = (argument as { readonly target?: unknown } | null | undefined)?.target;
  const parsed = CommandTarget.safeParse(carried ?? argument);
  return parsed.success ? parsed.data : undefined;
}
