import { expect, test } from 'vitest';
import { applying, PluginFeed } from './support/plugin-feed.ts';

const CELL = 'CANARY-7Q';
/** Each throws with the value in its message; only the last one says how it is told without. */
const THROWING = applying(`
      const { value } = record;
      if (value.symbol === 'plain') throw new Error('bad ' + value.price);
      if (value.symbol === 'named') throw new RowError('Bad', 'bad ' + value.price);
      if (value.symbol === 'masked') throw new RowError('Bad', 'bad ' + value.price, 'bad price');
      return record;`).replace(
  'import { defineTransformation }',
  'import { defineTransformation, RowError }',
);

/** What each row's reason says where values are not shown. */
const REASONS: readonly (readonly [row: string, masked: RegExp])[] = [
  [`plain,${CELL},1,t,0`, /^the dead-letter queue has the reason, thrown at .*mine\.ts:\d+:\d+$/],
  [`named,${CELL},1,t,0`, /^the dead-letter queue has the reason$/],
  [`masked,${CELL},1,t,0`, /^bad price$/],
  [`schema,${CELL},1,t,0`, /^price: expected a double, got text of 9 characters$/],
  [`time,1,${CELL},t,0`, /^timestamp: expected a time since 1970 .* got text of 9 characters$/],
  [
    `partition,1,1700000000000,t,${CELL}`,
    /^partition: expected a number of 0 or more, got text of 9 characters$/,
  ],
  [`topic,1,1700000000000,${CELL}!,0`, /^topic: expected a topic of 1 to 249 .* got text of 15 characters$/],
  [`cells,1,1700000000000,${CELL}`, /^expected 5 cells .* got 4$/],
];

test.each([false, true])(
  'errors.log.include.values: %s decides whether preview tells reasons with values',
  async (shows) => {
    const feed = await PluginFeed.make(THROWING, {
      'transforms.validate.fields.symbol': 'string',
      'transforms.validate.fields.at': 'string',
      'transforms.validate.fields.topic': 'string',
      'transforms.validate.fields.part': 'string',
      'transforms.route.topic': 'rows.{topic}',
      'transforms.route.timestamp': 'at',
      'transforms.route.partition': '{part}',
      'errors.log.include.values': String(shows),
    });
    const rows = REASONS.map(([row]) => row).join('\n');
    await feed.folder.write('rows.csv', `symbol,price,at,topic,part\n${rows}\n`);
    const { stdout, stderr } = await feed.run('preview', 'feed.yaml', 'rows.csv', '--rows', '20', '--json');
    expect(stderr).toBe('');
    const told = (JSON.parse(stdout) as { rows: { message: string }[] }).rows.map(({ message }) => message);
    expect(told).toHaveLength(REASONS.length);
    for (const [index, [row, masked]] of REASONS.entries()) {
      if (!shows) expect(told[index], row).toMatch(masked);
      else if (!row.startsWith('cells')) expect(told[index], row).toContain(CELL);
    }
  },
);
