import { invoke } from '@tauri-apps/api/core';
import { enter } from './bench.ts';
import { tauriSide } from './tauri-side.ts';

enter({ tap: { ...tauriSide, record: (on) => invoke('record', { on }) } });
