import * as http from '@tauri-apps/plugin-http';
import * as upload from '@tauri-apps/plugin-upload';
import * as websocket from '@tauri-apps/plugin-websocket';
import { writeTextFile } from '@tauri-apps/plugin-fs';
import { equal, heard, pluginCases } from './cases.ts';

export const httpCases = pluginCases(http, {
  async fetch({ server }) {
    const answer = await http.fetch(`${server}/echo`, {
      method: 'POST',
      body: 'über HTTP',
      headers: { 'x-case': 'yes' },
    });
    equal(
      [answer.status, answer.headers.get('x-served'), await answer.json()],
      [200, 'yes', { method: 'POST', case: 'yes', body: 'über HTTP' }],
    );
    const stream = (await http.fetch(`${server}/parts`)).body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await stream?.read(); part && !part.done; part = await stream?.read()) text += part.value;
    equal(text, 'one two three');
  },
});

export const uploadCases = pluginCases(upload, {
  async upload({ server, folder }) {
    await writeTextFile(`${folder}/up.txt`, 'uploaded');
    const seen: number[] = [];
    const answer = await upload.upload(`${server}/echo`, `${folder}/up.txt`, ({ progressTotal }) =>
      seen.push(progressTotal),
    );
    equal(JSON.parse(answer), { method: 'POST', case: '', body: 'uploaded' });
    equal(seen.at(-1), 8);
  },
  async download({ server, folder }) {
    await upload.download(`${server}/parts`, `${folder}/down.txt`);
  },
});

const { default: WebSocket } = websocket;
const connect = (server: string) => WebSocket.connect(server.replace('http:', 'ws:'));

export const websocketCases = pluginCases(websocket, {
  'default.connect': async ({ server }) => (await connect(server)).disconnect(),
  'default#addListener': async ({ server }) => {
    const socket = await connect(server);
    const message = heard<unknown>();
    socket.addListener(message.tell);
    await socket.send('hello');
    equal(await message.promise, { type: 'Text', data: 'hello' });
    await socket.disconnect();
  },
  'default#send': async ({ server }) => {
    const socket = await connect(server);
    const message = heard<unknown>();
    socket.addListener(message.tell);
    await socket.send([1, 2, 255]);
    equal(await message.promise, { type: 'Binary', data: [1, 2, 255] });
    await socket.disconnect();
  },
  'default#disconnect': async ({ server }) => (await connect(server)).disconnect(),
});
