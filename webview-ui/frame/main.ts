/** The script of a panel's wrapper page, and of the worker that has its lane: the page can load no other. */
import { serveLane, type WorkerScope } from './lane-worker.ts';
import { Wrapper } from './wrapper.ts';

if (typeof document === 'undefined') serveLane(globalThis as unknown as WorkerScope);
else new Wrapper(document.currentScript as HTMLScriptElement).load();
