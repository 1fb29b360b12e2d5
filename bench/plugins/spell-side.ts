import { defineTransformation } from 'headrace/plugin';

const SIDES: Readonly<Record<string, string>> = { B: 'BUY', S: 'SELL' };

/** What the benchmark's custom feed pays for: an object for each row. Its rows are spelled out already. */
export default defineTransformation({
  name: 'spell-side',
  doc: 'Spells out the sides B and S.',
  config: {},
  create: () => ({
    apply(record) {
      const trade = record.value as { side: string };
      trade.side = SIDES[trade.side] ?? trade.side;
      return record;
    },
  }),
});
