/** The words of the filter field (core/filter.ts), compiled for the columns of the list. */
import { escapePattern, type FilterWord, parseTextFilter, wordTest } from '#core/filter.ts';
import { type ColumnStore, KINDS, type RowTest, STATUSES } from './store.ts';

/** The places of the words that a reader looks for, to mark them; undefined where there are none. */
export function highlightPattern(words: readonly FilterWord[]): RegExp | undefined {
  const wanted = words.filter((word) => !word.negated && !word.field).map((word) => word.text);
  return wanted.length === 0 ? undefined : new RegExp(wanted.map(escapePattern).join('|'), 'gi');
}

/** Without words there is nothing to test. */
export function compileTextFilter(query: string, store: ColumnStore): RowTest | undefined {
  const tests = parseTextFilter(query).map((word) => compileWord(word, store));
  return tests.reduce<RowTest | undefined>(
    (all, test) => (all ? (rows, at) => all(rows, at) && test(rows, at) : test),
    undefined,
  );
}

/** Calls that only serve listening and streaming; every page makes many of them and few people look for them. */
export function isInternal(name: string): boolean {
  return (
    name === 'plugin:event|listen' || name === 'plugin:event|unlisten' || name === 'plugin:__TAURI_CHANNEL__|fetch'
  );
}

/** Rows that are not internal, nor a window's own event that nobody listens to. */
export function compileInternal(store: ColumnStore): RowTest {
  const internal = onceForEachString(store, isInternal);
  const builtIn = onceForEachString(store, (name) => name.startsWith('tauri://'));
  const unheard = STATUSES.indexOf('unheard');
  return (rows, at) => {
    const name = rows.name[at] ?? 0;
    return !internal(name) && !(rows.status[at] === unheard && builtIn(name));
  };
}

function compileWord({ text, negated, field }: FilterWord, store: ColumnStore): RowTest {
  if (field) {
    const [kind, status] = [(KINDS as readonly string[]).indexOf(text), (STATUSES as readonly string[]).indexOf(text)];
    return (rows, at) => (rows.kind[at] === kind || rows.status[at] === status) !== negated;
  }
  const test = wordTest(text);
  const inString = onceForEachString(store, test);
  const inKind = KINDS.map(test);
  const inStatus = STATUSES.map(test);
  return (rows, at) => {
    const found =
      inString(rows.name[at] ?? 0) ||
      inString(rows.window[at] ?? 0) ||
      inKind[rows.kind[at] ?? 0] === true ||
      inStatus[rows.status[at] ?? 0] === true ||
      test(rows.preview[at] ?? '') ||
      (rows.note.size > 0 && test(rows.note.get(at) ?? ''));
    return found !== negated;
  };
}

function onceForEachString(store: ColumnStore, test: (text: string) => boolean): (id: number) => boolean {
  // By number: 0 not asked yet, 1 no, 2 yes. Numbers of strings are dense, and a Map costs as much as the test.
  let answers = new Uint8Array(256);
  return (id) => {
    if (id >= answers.length) {
      const grown = new Uint8Array(Math.max(id + 1, answers.length * 2));
      grown.set(answers);
      answers = grown;
    }
    let answer = answers[id];
    if (!answer) {
      answer = test(store.strings.text(id)) ? 2 : 1;
      answers[id] = answer;
    }
    return answer === 2;
  };
}
