import { createRequire } from 'node:module';
import { HeadraceError, messageOf } from '../../../errors.ts';

const require = createRequire(import.meta.url);

/**
 * A codec's library, loaded with the first call and not before: most tasks never need it, and they start often.
 * The call throws CONFIG_INVALID when it cannot be loaded. Such a library is a small package that picks the one with
 * the compiled code for this platform, an optional dependency, which npm can leave out without a word.
 */
export function lazyLibrary<Library>(name: string, codec: string): () => Library {
  let library: Library | undefined;
  return () => {
    library ??= load<Library>(name, codec);
    return library;
  };
}

function load<Library>(name: string, codec: string): Library {
  try {
    return require(name);
  } catch (error) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      `The package "${name}", which ${codec} compression needs, cannot be loaded on ${process.platform} ${process.arch}: ${messageOf(error)} Install Headrace on this machine, optional dependencies included; or choose gzip or zstd, which need no package.`,
      { cause: error },
    );
  }
}
