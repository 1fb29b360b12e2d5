import { describe, expect, test, vi } from 'vitest';
import { page, ROOT } from '../docs/markdown.ts';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

/** Commands that have pages of their own. */
const ELSEWHERE = ['load', 'preview', 'test'];

const sections = page('docs/commands.md').text.split(/^## /m);
const ofWorkers = sections.find((section) => section.startsWith('Commands that ask a running worker')) ?? '';
/** Commands whose options are also those of that section. */
const ASKING = /^(?:connectors|status|top|tap|pause|resume|stop|restart|delete|config|files|offsets)\b/;

const optionsIn = (text: string) => [...text.matchAll(/^\| `(--[\w-]+)/gm)].map(([, option]) => option);
const documented = new Map(
  sections
    .filter((section) => section.startsWith('`headrace '))
    .map((section) => {
      const [, command = ''] = /^`headrace ([a-z]+( [a-z]+)?)/.exec(section) ?? [];
      const more = ASKING.test(command) ? optionsIn(ofWorkers) : [];
      return [command, [...new Set([...optionsIn(section), ...more])].sort()];
    }),
);

async function helpOf(...command: string[]): Promise<string> {
  return (await headrace([...command, '--help'], { cwd: ROOT })).stdout;
}

/** The commands below a command, as its help lists them. */
function commandsIn(help: string): string[] {
  const list = help.slice(help.indexOf('\nCommands:'));
  return [...list.matchAll(/^ {2}([a-z]+) /gm)]
    .map(([, name]) => name as string)
    .filter((name) => name !== 'help');
}

test('docs/commands.md has every command', async () => {
  const commands: string[] = [];
  for (const name of commandsIn(await helpOf())) {
    const below = commandsIn(await helpOf(name));
    commands.push(...(below.length === 0 ? [name] : below.map((one) => `${name} ${one}`)));
  }
  expect([...documented.keys()].sort()).toEqual(commands.sort());
});

describe('docs/commands.md has the options of each command', () => {
  const here = [...documented].filter(([command]) => !ELSEWHERE.includes(command));

  test.each(here)('%s', async (command, options) => {
    const help = await helpOf(...command.split(' '));
    const offered = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    expect(options).toEqual(offered.filter((option) => option !== '--help').sort());
  });
});
