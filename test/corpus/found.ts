/** What a count finds, in one form, so that two counts can be compared. */

export const SORTS = ['command', 'parameter', 'call', 'argument', 'event'] as const;
export type Sort = (typeof SORTS)[number];

/**
 * - `command`: a function of Rust that is one, by the last part of its name
 * - `parameter`: what the page must send to a command, as `command(key)`
 * - `call`: a call of a command, by its name; `?` where it is made at run time
 * - `argument`: a key that a call sends, as `command(key)`
 * - `event`: where one is emitted or listened to, by its name; `?` likewise
 */
export interface Found {
  readonly sort: Sort;
  /** from the folder of the repository */
  readonly file: string;
  /** from 1 */
  readonly line: number;
  readonly name: string;
}

/** The name of what is made at run time. */
export const UNKNOWN = '?';

export const keyOf = ({ sort, file, line, name }: Found): string => `${sort} ${file}:${line} ${name}`;

/** Whether code says its name. */
export const isNamed = ({ name }: Found): boolean => !/(?:^|\s)\?/.test(name);
