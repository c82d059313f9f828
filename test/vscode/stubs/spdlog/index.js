'use strict';
// The surface of @vscode/spdlog in plain JavaScript. Rotation is left out on purpose: the logs of a test run are short.
// Every export is an assignment to `exports.name`: Node's ESM interop does not see the names of an object literal on
// module.exports, and VS Code imports them by name.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const FLUSH_AFTER_MS = 20;

let defaultLevel = LEVELS.indexOf('info');

class Logger {
  #file;
  #level = defaultLevel;
  #raw = false;
  #pending = '';
  #timer;

  constructor(_type, _name, file) {
    this.#file = file;
  }

  trace(message) {
    this.#write('trace', message);
  }
  debug(message) {
    this.#write('debug', message);
  }
  info(message) {
    this.#write('info', message);
  }
  warn(message) {
    this.#write('warning', message);
  }
  error(message) {
    this.#write('error', message);
  }
  critical(message) {
    this.#write('critical', message);
  }

  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  setPattern() {}
  clearFormatters() {
    this.#raw = true;
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#pending;
    this.#pending = '';
    if (!text || !this.#file) return;
    try {
      fs.appendFileSync(this.#file, text);
    } catch {
      // The user data folder was removed while VS Code was ending: nobody will read this log.
    }
  }

  drop() {
    this.flush();
    this.#file = undefined;
  }

  #write(level, message) {
    if (LEVELS.indexOf(level) < this.#level || !this.#file) return;
    const time = new Date().toISOString().replace('T', ' ').slice(0, 23);
    this.#pending += this.#raw ? message : `${time} [${level}] ${message}\n`;
    if (!this.#timer) {
      this.#timer = setTimeout(() => this.flush(), FLUSH_AFTER_MS);
      this.#timer.unref?.();
    }
  }
}

async function createLogger(name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

exports.version = 0;
exports.setLevel = (level) => {
  defaultLevel = level;
};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
