import { enter } from './bench.ts';
import { tauriSide } from './tauri-side.ts';

enter({ hostApp: tauriSide });
