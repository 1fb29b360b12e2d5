/** A place for the files of one test: a bucket, a container or a folder, by its server's own client. */
export interface TestStore {
  /** Its name, which no other test uses. */
  readonly name: string;
  /** Writes a file, in place of what was there. */
  put(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<Buffer>;
  remove(path: string): Promise<void>;
  /** All paths, sorted by their UTF-8 bytes. */
  list(): Promise<string[]>;
}

/** In the order in which stores list. */
export function byBytes(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** The files in a folder of a place, by their paths in it. */
export function folderOf(store: TestStore, folder: string): TestStore {
  const prefix = `${folder}/`;
  return {
    name: store.name,
    put: (path, content) => store.put(prefix + path, content),
    read: (path) => store.read(prefix + path),
    remove: (path) => store.remove(prefix + path),
    async list() {
      const paths = await store.list();
      return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    },
  };
}
