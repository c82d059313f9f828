/** Numbers of calls in words, as lists of commands and CodeLens show them. */

const grouped = new Intl.NumberFormat('en-US');

/** `1 caller`, `1,204 callers` */
export const counted = (count: number, noun: string): string =>
  `${grouped.format(count)} ${noun}${count === 1 ? '' : 's'}`;

export const callsText = (count: number): string => counted(count, 'call');

/** What went wrong; nothing where nothing did. */
export function failureTexts({ errors, denied }: { readonly errors: number; readonly denied: number }): string[] {
  return [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(denied > 0 ? [`${grouped.format(denied)} denied`] : []),
  ];
}

/** `3.2 ms`, `48 ms`, `1.5 s` */
export const durationText = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
