/**
 * Endings of names under which programs write a file before it gets its own: uploads (WinSCP, rclone, browsers), copies
 * (`hadoop fs -copyFromLocal`), collectors (Flume), editors, and locks beside a file.
 */
const ENDINGS = [
  ...[
    '.tmp',
    '.temp',
    '.part',
    '.partial',
    '.filepart',
    '.crdownload',
    '.opdownload',
    '.download',
    '.upload',
  ],
  ...['.uploading', '.inprogress', '.in-progress', '.incomplete', '.writing', '.processing', '._copying_'],
  ...['.swp', '.swx', '.lock', '.lck', '~'],
];

/** What Hadoop, Spark and others leave beside the files of a job that is done, and Office beside one that is open. */
const MARKERS = /^(?:_SUCCESS|_FAILURE|_committed_.*|_started_.*|_metadata|_common_metadata|~\$.*)$/s;

/** Tells what other programs are not done with. What a pattern names itself is wanted all the same. */
export class WorkInProgress {
  readonly #endings: readonly string[];
  readonly #namesFolders: boolean;

  constructor(pattern: string) {
    const folders = pattern.split('/');
    const name = folders.pop()?.toLowerCase() ?? '';
    this.#endings = ENDINGS.filter((ending) => !name.includes(ending));
    this.#namesFolders = folders.some((folder) => folder.startsWith('_'));
  }

  /** Why a file is none to load, in a few words; null when it is one. */
  whyNot(name: string): string | null {
    if (MARKERS.test(name)) return 'marker';
    const lower = name.toLowerCase();
    const ending = this.#endings.find((text) => lower.endsWith(text) && lower !== text);
    return ending === undefined ? null : `ending in ${ending}`;
  }

  /** Folders that begin with `_` are hidden from all that read with Hadoop: a job's files lie there until it is done. */
  isFolder(name: string): boolean {
    return name === 'lost+found' || (name.startsWith('_') && !this.#namesFolders);
  }
}
