import { HeadraceError } from '../../plugin/index.ts';

/** Of a schema that a format cannot say, every reason at once. */
export function schemaError(format: string, record: string, problems: readonly string[]): HeadraceError {
  return new HeadraceError(
    'CONFIG_INVALID',
    `${format} cannot hold schema ${record}: ${problems.join('; ')}`,
  );
}
