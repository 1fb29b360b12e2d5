import type { ConfigEntries } from '../config/read/config-entry.ts';
import { CONNECT_KEYS } from './connect-keys.ts';
import { Conversion } from './conversion.ts';
import { className } from './filepulse-filters.ts';
import { FILEPULSE_KEYS } from './filepulse-keys.ts';
import { applyRules, type KeyRule } from './key-rule.ts';
import { SPOOLDIR_CSV_KEYS, SPOOLDIR_LINES_KEYS } from './spooldir-keys.ts';

/** The connectors of Kafka Connect that become feeds, by the names of their classes without a package. */
export const CONNECTORS: Readonly<Record<string, readonly KeyRule[]>> = {
  SpoolDirCsvSourceConnector: SPOOLDIR_CSV_KEYS,
  SpoolDirLineDelimitedSourceConnector: SPOOLDIR_LINES_KEYS,
  FilePulseSourceConnector: FILEPULSE_KEYS,
};

/**
 * Makes a feed of a connector's configuration: lines, and a note for each key that is in none of them.
 *
 * @param name of the feed where the connector has none
 * @throws HeadraceError CONFIG_INVALID for a connector that is none of these, or reads what nothing here does
 */
export function convertConnector(written: ConfigEntries, name: string): Conversion {
  const conversion = new Conversion(written, name);
  const { source } = conversion;
  const type = source.get('connector.class') ?? '';
  const rules = CONNECTORS[className(type)];
  if (rules === undefined)
    return conversion.refuse(
      'connector.class',
      `expected one of ${Object.keys(CONNECTORS).join(', ')}; got ${type === '' ? 'nothing' : JSON.stringify(type)}`,
    );
  conversion.set('name', source.get('name') ?? name, 'name');
  conversion.set('connector.class', 'directory', 'connector.class');
  applyRules(rules, conversion);
  applyRules(CONNECT_KEYS, conversion);
  conversion.chain();
  for (const key of conversion.untold)
    conversion.note(key, 'lost', 'not known to that connector or to Kafka Connect: it is left out');
  return conversion;
}
