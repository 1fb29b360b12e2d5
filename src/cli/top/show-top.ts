import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadraceError } from '../../errors.ts';
import type { LogLine, Overview } from '../../rest/console/messages.ts';
import { grown, withLines } from '../../rest/console/shown.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { print, printJson } from '../print.ts';
import type { WorkerClient, WorkerEvent } from '../remote/worker-client.ts';
import { type Shown, topScreen, topTable } from './top-screen.ts';

const EVENTS_PATH = 'console/events';
const AGAIN_MS = 1_000;
const MOST_LINES = 100;

/** q, Ctrl-C and Escape. */
const QUIT_KEYS: ReadonlySet<string> = new Set(['q', 'Q', '\x03', '\x1b']);

/** Another screen, without a cursor; and back. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const REST_OF_LINE = '\x1b[K';
const REST_OF_SCREEN = '\x1b[J';

/** Prints how a worker's feeds are now. */
export async function showOnce(worker: WorkerClient, json: boolean): Promise<void> {
  let shown = NOTHING;
  for await (const event of worker.events(EVENTS_PATH)) {
    shown = after(shown, event);
    if (event.name === 'overview') break;
  }
  if (shown.overview === null) throw noConsole(worker);
  if (json) printJson(shown.overview);
  else print(topTable({ ...shown, overview: shown.overview }, Date.now()));
}

/** Draws how a worker's feeds are, each second, until q; a worker that goes is waited for. */
export async function showTop(worker: WorkerClient, terminal: () => Terminal): Promise<void> {
  const first = worker.events(EVENTS_PATH);
  // What is wrong with the address or the password is told before the screen is taken.
  let shown = after(NOTHING, (await first.next()).value ?? NO_EVENT);
  const draw = (trouble: string | null) => drawn(shown, terminal(), trouble);
  const ended = quit();
  process.stdout.write(ENTER);
  try {
    for (let events = first; ; events = worker.events(EVENTS_PATH)) {
      const followed = follow(events, (event) => {
        shown = after(shown, event);
        if (event.name === 'overview') draw(null);
      });
      if ((await Promise.race([followed, ended])) === 'quit') return;
      draw('the worker does not answer; it is asked again each second');
      if ((await Promise.race([sleep(AGAIN_MS), ended])) === 'quit') return;
    }
  } finally {
    process.stdout.write(LEAVE);
    process.stdin.setRawMode?.(false).pause();
    // What is still told is for nobody.
    process.exit();
  }
}

interface Told extends Omit<Shown, 'overview'> {
  readonly overview: Overview | null;
}

const NO_EVENT: WorkerEvent = { name: '', data: null, text: '' };
const NOTHING: Told = { overview: null, curves: {}, log: [] };

function after(before: Told, { name, data }: WorkerEvent): Told {
  if (name === 'curves') return { ...before, curves: data as Shown['curves'] };
  if (name === 'log') return { ...before, log: withLines(before.log, data as LogLine[], MOST_LINES) };
  if (name !== 'overview') return before;
  const overview = data as Overview;
  return { ...before, overview, curves: grown(before.curves, overview) };
}

/** Ends when the worker does. */
async function follow(
  events: AsyncGenerator<WorkerEvent, void, undefined>,
  onEvent: (event: WorkerEvent) => void,
): Promise<void> {
  try {
    for await (const event of events) onEvent(event);
  } catch (error) {
    if (!(error instanceof HeadraceError)) throw error;
  }
}

function drawn(shown: Told, terminal: Terminal, trouble: string | null): void {
  if (shown.overview === null) return;
  const rows = process.stdout.rows || 24;
  const lines = topScreen({ ...shown, overview: shown.overview }, terminal, rows - 1, Date.now());
  if (trouble !== null) lines.splice(1, 0, terminal.paint('red', trouble));
  const text = lines.slice(0, rows - 1).map((line) => `${line}${REST_OF_LINE}\r\n`);
  process.stdout.write(HOME + text.join('') + REST_OF_SCREEN);
}

/** Resolves at a key that ends it, and at SIGTERM. */
function quit(): Promise<'quit'> {
  return Promise.race([typedQuit(), once(process, 'SIGTERM').then(() => 'quit' as const)]);
}

async function typedQuit(): Promise<'quit'> {
  process.stdin.setRawMode?.(true);
  while (true) {
    const [typed] = (await once(process.stdin, 'data')) as [Buffer];
    if (QUIT_KEYS.has(typed.toString())) return 'quit';
  }
}

function noConsole({ url }: WorkerClient): HeadraceError {
  return new HeadraceError('WORKER_UNAVAILABLE', `--url: the worker at ${url} ended before it told anything`);
}
