import { HeadraceError, messageOf } from '../errors.ts';

/**
 * Loads an optional package, which a user installs who needs it.
 *
 * @param wantedBy what needs it, as in `connector.class: s3`
 * @throws HeadraceError CONFIG_INVALID, with the command that installs it
 */
export async function loadSdk<T>(name: string, wantedBy: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const isMissing =
      (error as { readonly code?: unknown } | null)?.code === 'ERR_MODULE_NOT_FOUND' &&
      messageOf(error).includes(`'${name}' imported`);
    const problem = isMissing
      ? `needs the package ${name}, which is not installed: npm install ${name}`
      : `needs the package ${name}, which cannot be loaded (${messageOf(error)}); install it anew: npm install ${name}`;
    throw new HeadraceError('CONFIG_INVALID', `${wantedBy} ${problem}`, { cause: error });
  }
}
