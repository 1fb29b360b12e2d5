import { globMatcher } from '../glob/glob.ts';

/**
 * What `input.file.ignore` says unless a feed says otherwise: names under which programs write a file before it gets its
 * own, and what they leave beside files. A glob that ends with a slash is for folders. Names with a dot before them (of
 * rsync, of LibreOffice's locks, of Hadoop's checksums) are hidden, and need no entry.
 */
export const WORK_IN_PROGRESS: readonly string[] = [
  // Uploads and downloads: WinSCP, rclone, lftp, gsutil, aria2, browsers.
  ...['*.tmp', '*.temp', '*.part', '*.partial', '*.filepart', '*.crdownload', '*.opdownload', '*.download'],
  ...['*.upload', '*.uploading', '*.aria2', '*_.gstmp'],
  // Copies of Hadoop, collectors, and those who name it for what it is.
  ...['*._copying_', '*.inprogress', '*.in-progress', '*.incomplete', '*.writing', '*.processing'],
  // Editors, locks beside a file, and Office beside one that is open.
  ...['*.swp', '*.swx', '*~', '#*#', '*.lock', '*.lck', '~$*'],
  // What Hadoop, Spark and others leave beside the files of a job that is done, and where they keep those of one that is not.
  ...['_success', '_failure', '_committed_*', '_started_*', '_metadata', '_common_metadata', '_*/'],
  'lost+found/',
  // What stands beside a file that was given up, and comes along when both are put back.
  '*.error.json',
];

interface Ignored {
  readonly glob: string;
  matches(name: string): boolean;
}

/** Tells what is not to be read though its name matches. What a pattern names itself is wanted all the same. */
export class WorkInProgress {
  readonly #files: readonly Ignored[];
  readonly #folders: readonly Ignored[];

  /** @param ignore as `input.file.ignore` has it */
  constructor(pattern: string, ignore: readonly string[]) {
    const folders = pattern.toLowerCase().split('/');
    const name = folders.pop() ?? '';
    const globs = ignore.map((glob) => glob.toLowerCase());
    this.#files = globs
      .filter((glob) => !glob.endsWith('/') && !name.includes(glob.replaceAll('*', '')))
      .map(ignored);
    this.#folders = globs
      .filter((glob) => glob.endsWith('/'))
      .map((glob) => ignored(glob.slice(0, -1)))
      .filter(({ matches }) => !folders.some(matches));
  }

  /** The glob by which a file is none to load; null when it is one. */
  whyNot(name: string): string | null {
    const lower = name.toLowerCase();
    return this.#files.find(({ matches }) => matches(lower))?.glob ?? null;
  }

  isFolder(name: string): boolean {
    const lower = name.toLowerCase();
    return this.#folders.some(({ matches }) => matches(lower));
  }
}

/** Every name of a folder is held against all of them, and most are a star and an ending: those take no walk. */
function ignored(glob: string): Ignored {
  const [, star, text] = /^(\*?)([^*?[\]{}()!\\]+)$/.exec(glob) ?? [];
  if (text === undefined) return { glob, matches: globMatcher(glob) };
  return { glob, matches: star === '' ? (name) => name === text : (name) => name.endsWith(text) };
}
