import { type ConfigEntries, entriesOf } from '../../config/read/config-entry.ts';

const FILE = 'errors.deadletterqueue.file';
const TOPIC = 'errors.deadletterqueue.topic.name';

/**
 * A feed that keeps rejected rows and leaves it to the command line where: `errors.tolerance: all` asks for a place.
 * Feeds that name one, or stop at the first bad row, stay as they are.
 */
export function withLetterFile(feed: ConfigEntries, path: string, source: string): ConfigEntries {
  const { entries, origin } = feed;
  const isOpen = entries.get('errors.tolerance')?.text === 'all' && !entries.has(FILE) && !entries.has(TOPIC);
  if (!isOpen) return feed;
  return { origin, entries: new Map([...entries, ...entriesOf({ [FILE]: path }, source).entries]) };
}
