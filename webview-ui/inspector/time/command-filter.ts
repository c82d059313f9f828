/** Filters that show the calls of one command. */

/** The command as a term of the filter's language. */
export function commandTerm(command: string): string {
  return `"${command}"`;
}
