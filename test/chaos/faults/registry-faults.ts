import { startRegistry } from '../../../scripts/stack/registry.ts';
import type { Fault, Ground, Outcome } from '../ground.ts';
import { RegistryProxy, type RegistryTrouble } from '../registry-proxy.ts';
import { Trial } from '../trial.ts';

const ROWS = 30_000;
const RESTART_TIMEOUT_MS = 60_000;

export const REGISTRY_FAULTS: readonly Fault[] = [
  {
    name: 'registry-down',
    doc: 'the schema registry cannot be reached when a task begins, and can later',
    play: (ground) => playTrouble(ground, 'down', true),
  },
  {
    name: 'registry-error',
    doc: 'the schema registry answers 500 when a task begins, and is well later',
    play: (ground) => playTrouble(ground, 'error', true),
  },
  {
    name: 'registry-slow',
    doc: 'every answer of the schema registry takes two seconds',
    play: (ground) => playTrouble(ground, 'slow', false),
  },
];

async function playTrouble(ground: Ground, trouble: RegistryTrouble, restarts: boolean): Promise<Outcome> {
  const registry = await startRegistry();
  const proxy = await RegistryProxy.before(registry.url);
  proxy.trouble = trouble;
  const trial = await Trial.begin(ground, {
    rows: ROWS,
    feed: {
      'value.converter': 'json-schema',
      'value.converter.schema.registry.url': proxy.url,
      'transforms.validate.fields.exchange_timestamp': 'string',
    },
  });
  try {
    const daemon = trial.start();
    const wrong: string[] = [];
    if (restarts) {
      const { error } = await daemon.waitFor('task restarting', RESTART_TIMEOUT_MS);
      const { code } = error as { code?: string };
      if (code !== 'REGISTRY_UNAVAILABLE') wrong.push(`expected REGISTRY_UNAVAILABLE, got ${code}`);
      proxy.trouble = 'none';
    }
    await trial.delivered(daemon);
    return await trial.finish(daemon, [], wrong);
  } finally {
    await trial.close();
    proxy.close();
    await registry.stop();
  }
}
