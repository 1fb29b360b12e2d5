import { Argument, Command } from 'commander';
import { print } from '../print.ts';
import { createStarter } from './create.ts';
import { type Step, testSteps } from './project.ts';
import { PLUGIN_STARTERS } from './starters.ts';

export function createCommand(): Command {
  return new Command('create')
    .description('writes a feed, or a plugin, to start from, with a test that passes')
    .addArgument(new Argument('<kind>', 'what to begin').choices(['feed', ...Object.keys(PLUGIN_STARTERS)]))
    .argument('<name>', 'its name, such as "trades" or "mask-account"')
    .action((kind: string, name: string) => {
      const folder = process.cwd();
      const created = createStarter(kind, name, folder);
      const plugin = PLUGIN_STARTERS[kind];
      const steps = plugin === undefined ? stepsOfFeed(name) : stepsOfPlugin(name, folder);
      const inFeed = plugin === undefined ? [] : ['', 'In a feed:', ...indented(plugin.inFeed(name))];
      const lines = ['Created:', ...indented(created), '', 'Next:', ...indented(stepLines(steps)), ...inFeed];
      print(`${lines.join('\n')}\n`);
    });
}

function stepsOfFeed(name: string): Step[] {
  return [
    { command: `npx headrace test ${name}.test.yaml`, why: `edit ${name}.yaml and its test, and again` },
    { command: `npx headrace preview ${name}.yaml ${name}.csv`, why: 'what becomes of rows, stage by stage' },
    { command: 'npx headrace schema feed > feed.schema.json', why: 'for your editor' },
    { command: `npx headrace run ${name}.yaml --worker worker.yaml`, why: 'which says where Kafka is' },
  ];
}

function stepsOfPlugin(name: string, folder: string): Step[] {
  return [
    ...testSteps(folder, `plugins/${name}.test.ts`),
    {
      command: 'npx headrace preview FEED FILE --worker worker.yaml',
      why: 'which says plugin.path: ./plugins',
    },
  ];
}

function stepLines(steps: readonly Step[]): string[] {
  const widest = Math.max(...steps.map(({ command }) => command.length));
  return steps.map(({ command, why }) => `${command.padEnd(widest)}  # ${why}`);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
