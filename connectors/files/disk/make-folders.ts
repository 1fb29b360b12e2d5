import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { systemCode } from '../source-errors.ts';

/**
 * Makes the folders below `folder` that lead to `below`. Each is looked at before the next is made: a link that somebody
 * has put there would take files to a place that nobody has chosen. Not the folders above `folder`: when they are
 * missing, it is more likely that a mount is away.
 *
 * @throws an Error with code ELOOP for a link that leads out of `folder`
 */
export async function makeFolders(folder: string, below: string): Promise<void> {
  await makeFolder(folder);
  let at = folder;
  for (const name of relative(folder, below).split(sep)) {
    if (name === '') continue;
    at = join(at, name);
    await makeFolder(at);
    if ((await lstat(at)).isSymbolicLink() && !(await leadsInto(at, folder))) {
      const message = `${JSON.stringify(at)} is a link that leads out of ${JSON.stringify(folder)}`;
      throw Object.assign(new Error(message), { code: 'ELOOP' });
    }
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw error;
  });
}

async function leadsInto(link: string, folder: string): Promise<boolean> {
  const [target, real] = await Promise.all([realpath(link).catch(() => null), realpath(folder)]);
  return target !== null && (target === real || target.startsWith(real + sep));
}
