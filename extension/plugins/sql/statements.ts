/** The text of a query: where its statements begin, and which value each of its parameters gets, by sqlx's rules. */

/** A value as SQLite takes it. */
export type SqlValue = string | number | null;

/** The values of one statement, as `node:sqlite` takes them. */
export interface Binding {
  readonly sql: string;
  readonly named: Readonly<Record<string, SqlValue>>;
  readonly positional: readonly SqlValue[];
  /** how many of the query's values its nameless parameters took: the next statement goes on after them */
  readonly taken: number;
}

const SPACE_AND_COMMENTS = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))+/;

/** The query without what stands before its first statement; empty where there is none. */
export function nextStatement(query: string): string {
  return query.replace(SPACE_AND_COMMENTS, '');
}

/** A token that may look like a parameter and is none, or a parameter. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\p{L}_\u0080-\uffff][\w$\u0080-\uffff]*|(\?\d*|[$:@][\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]*)*)/gu;

/**
 * Which of `values` each parameter of `sql` gets: `$3` and `?3` the third, each `?` the next after `offset`. What is
 * missing is NULL, what is left over is nobody's. Throws with sqlx's text for `:name`, `@name` and `$name`.
 */
export function bind(sql: string, values: readonly SqlValue[], offset: number): Binding {
  const named: Record<string, SqlValue> = {};
  const positional: SqlValue[] = [];
  let numbered = false;
  const parameters = [...sql.matchAll(TOKEN)].flatMap(({ 1: name, index }) =>
    name === undefined ? [] : [{ name, index }],
  );
  for (const { name } of parameters) {
    if (name === '?') positional.push(values[offset + positional.length] ?? null);
    else {
      const kind = name[0] as string;
      const number = /^\d+/.exec(name.slice(1))?.[0];
      if (kind === ':' || kind === '@') throw protocolError(`unsupported SQL parameter format: ${name}`);
      if (number === undefined) {
        throw protocolError(`parameters with non-integer names are not currently supported: ${name.slice(1)}`);
      }
      numbered ||= kind === '?';
      named[name] = values[Number(number) - 1] ?? null;
    }
  }
  const taken = positional.length;
  const mixed = numbered && parameters.some(({ name }) => !/^\?\d/.test(name));
  if (!mixed) return { sql, named, positional, taken };
  // SQLite counts `?3` as the third of all, so beside others it may be one of them: names keep them apart.
  const byName = Object.fromEntries(Object.entries(named).map(([name, value]) => [`$${name.slice(1)}`, value]));
  let renamed = '';
  let end = 0;
  let next = 0;
  for (const { name, index } of parameters) {
    const plain = name === '?' ? `$nameless${next}` : `$${name.slice(1)}`;
    if (name === '?') byName[plain] = positional[next++] ?? null;
    renamed += sql.slice(end, index) + plain;
    end = index + name.length;
  }
  return { sql: renamed + sql.slice(end), named: byName, positional: [], taken };
}

const protocolError = (text: string) => new Error(`encountered unexpected or invalid data: ${text}`);

/** What Tauri binds for a JSON value: numbers are floating, and what SQLite does not know is its JSON text. */
export function sqlValue(value: unknown): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}
