/**
 * Secrets in text that is no JSON as a whole: addresses, forms, lines of HTTP, torn JSON, what logs are made of. Where it
 * is not clear how far a secret goes, more is taken out. Every pattern looks at a place a bounded number of times: the
 * text is whatever a page sent.
 */

/** `?token=…`, `#access_token=…`, `TOKEN="…"`. A key begins where no key can go on, so that none is looked at twice. */
const ASSIGNED = /(?<![^=?&#;,\s"'<>(){}])([^=?&#;,\s"'<>(){}]+)=/g;
const ASSIGNED_VALUE = /"[^"]*"?|'[^']*'?|[^&#;\s]+/y;

/** `"token":`, also where the quotes stand behind backslashes. */
const MEMBER = /(\\{0,15})(["'])((?:[^"'\\]|\\+u[\da-f]{4}){1,200})\1\2\s{0,100}:\s{0,100}/gi;

/** `Authorization: …` at the beginning of a line, as HTTP and YAML have it; of that key, anywhere. */
const LINE =
  /^[ \t]{0,100}([\w.-]{1,200})[ \t]{0,100}:[ \t]{0,100}(?=\S)|(?<![\w-])((?:proxy-)?authorization)\s{0,100}:\s{0,100}(?=\S)/gim;
const LINE_VALUE = /[^\r\n]+/y;

/** The name of a part of a form with files. */
const PART = /\bname="([^"\r\n]{1,200})"[^\r\n]{0,500}\r?\n(?:[^\r\n]{1,500}\r?\n){0,10}\r?\n/gi;
const PART_VALUE = /[^]*?(?=\r?\n--|$(?![^]))/y;

const USER = /(?<=:\/\/)[^\s/?#@"'<>]{1,500}@/g;
const BEARER = /\b(bearer)\s+[\w.~+/=-]{8,}/gi;

/** Whether there may be a secret though the text has no such word. */
export const MAY_HIDE = /\\u|%[\da-f]{2}|:\/\/[^\s/?#@"'<>]{1,500}@|\bbearer\s/i;

export function withoutSecrets(text: string, hides: (key: string) => boolean, redacted: string): string {
  const replaced = (from: string, keys: RegExp, end: (from: string, at: number, key: RegExpExecArray) => number) => {
    let done = 0;
    let result = '';
    keys.lastIndex = 0;
    for (let found = keys.exec(from); found; found = keys.exec(from)) {
      const key = found[3] ?? found[2] ?? found[1] ?? '';
      if (!hides(key)) continue;
      const at = keys.lastIndex;
      const to = end(from, at, found);
      result += from.slice(done, at) + redacted;
      done = to;
      keys.lastIndex = Math.max(to, at);
    }
    return result + from.slice(done);
  };
  const by = (value: RegExp) => (from: string, at: number) => {
    value.lastIndex = at;
    return value.test(from) ? value.lastIndex : at;
  };
  let result = replaced(text, MEMBER, (from, at, [, slashes = '']) => endOfMember(from, at, slashes.length));
  result = replaced(result, ASSIGNED, by(ASSIGNED_VALUE));
  result = replaced(result, PART, by(PART_VALUE));
  result = replaced(result, LINE, by(LINE_VALUE));
  if (hides('password')) result = result.replaceAll(USER, (user) => (user.includes(':') ? `${redacted}@` : user));
  if (hides('authorization')) result = result.replaceAll(BEARER, `$1 ${redacted}`);
  return result;
}

/** Of an object or a list, and of a string that is torn, all that follows. */
function endOfMember(text: string, from: number, slashes: number): number {
  const first = text[from + slashes] ?? '';
  if (text[from] === '{' || text[from] === '[') return text.length;
  if (first !== '"' && first !== "'") {
    const scalar = /[^,}\]\s]*/y;
    scalar.lastIndex = from;
    return scalar.test(text) ? scalar.lastIndex : from;
  }
  let at = text.indexOf(first, from + slashes + 1);
  while (at >= 0) {
    let before = at;
    while (text[before - 1] === '\\') before--;
    if (at - before <= slashes) return at + 1;
    at = text.indexOf(first, at + 1);
  }
  return text.length;
}
