import { spawn } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { BUILT_COMMAND } from '../../support/built-command.ts';

export const CTRL = { c: '\x03', q: '\x11', s: '\x13' };

/** Only Linux has this `script`, of util-linux. */
export const HAS_TERMINALS = process.platform === 'linux';

/** `headrace …` on a terminal of its own. */
export interface Terminal {
  /** Waits until it is on the screen, and gives what the pattern caught. */
  shown(pattern: RegExp): Promise<string>;
  type(keys: string): void;
  /** The exit code, and all that was on the screen. */
  readonly ended: Promise<{ readonly code: number | null; readonly screen: string }>;
}

export function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Terminal {
  // By exec, as some shells would answer Ctrl-C too, with a code of their own.
  const command = ['exec', process.execPath, BUILT_COMMAND, ...args].join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const screen = () => screenOf(written);
  return {
    async shown(pattern) {
      await expect.poll(screen, { timeout: 20_000 }).toMatch(pattern);
      return pattern.exec(screen())?.[1] ?? '';
    },
    type: (keys) => void child.stdin.write(keys),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, screen: screen() }))),
  };
}

/** Without lines that were cleared from their beginning on (ECMA-48: CHA, ED), and without what moves the cursor. */
function screenOf(written: string): string {
  let text = written;
  for (let before = ''; before !== text; ) {
    before = text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is steered by them
    text = text.replace(/[^\n]*\x1b\[1G\x1b\[0J/, '');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
  return text.replaceAll(/\x1b\[[\d;]*[A-Z]/gi, '');
}
