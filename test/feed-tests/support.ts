import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with these files, for the length of a test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-feed-tests-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A feed of typed trades. */
export const FEED = `name: trades
headers.source: full
connector.class: local
input.path: ./trades.csv
transforms: parse,validate,route
transforms.parse.type: csv
transforms.validate.type: schema
transforms.validate.fields.symbol: string
transforms.validate.fields.price: double
transforms.validate.fields.quantity: long
transforms.validate.fields.quantity.optional: true
transforms.validate.fields.fee: decimal
transforms.validate.fields.fee.optional: true
transforms.route.type: route
transforms.route.topic: trades.{symbol}
transforms.route.key: symbol
transforms.route.headers.venue: ASX
topic.creation.default.partitions: 6
`;
