import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import type { Instruction, Stage } from './dockerfile.ts';

/** Where programs are looked for in an image. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NODE = 'usr/local/bin/node';

const NAMESPACE = ['--mount', '--pid', '--fork', '--kill-child'];

/** Why this machine cannot play a Dockerfile; undefined when it can. */
export function layersMissing(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-layers-'));
  const layers = new Layers(folder);
  const { status } = spawnSync('unshare', [...NAMESPACE, 'sh', '-c', layers.mounts([])]);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : 'playing a Dockerfile needs root and overlayfs, as Linux has them.';
}

/** What is laid over a folder, by its path in the image. */
export interface Bind {
  readonly from: string;
  readonly at: string;
  readonly isReadOnly: boolean;
}

/**
 * What a stage of a Dockerfile writes, without an engine: this machine's own root stands for its base image, and what
 * changes is kept in a folder laid over it.
 */
export class Layers {
  readonly #folder: string;
  /** What has changed, as an image's layers have it. */
  readonly written: string;
  readonly environment: Record<string, string> = {};
  #workingFolder = '/';

  constructor(folder: string) {
    this.#folder = folder;
    this.written = join(folder, 'written');
    for (const name of ['written', 'work', 'root']) mkdirSync(join(folder, name), { recursive: true });
    mkdirSync(join(this.written, posix.dirname(NODE)), { recursive: true });
    writeFileSync(join(this.written, NODE), '');
  }

  /** Carries out the instructions of a stage; `context` is what COPY takes files from. */
  async play(stage: Stage, context: Context): Promise<void> {
    for (const instruction of stage.instructions) await this.#step(instruction, context);
  }

  async #step({ name, rest }: Instruction, context: Context): Promise<void> {
    switch (name) {
      case 'WORKDIR':
        this.#workingFolder = rest;
        mkdirSync(join(this.written, rest), { recursive: true });
        return;
      case 'ENV':
      case 'ARG': {
        const [, key = '', value = ''] = /^(\w+)="?([^"]*)"?$/.exec(rest) ?? [];
        this.environment[key] = value;
        return;
      }
      case 'COPY':
        return this.#copy(rest.split(' '), context);
      case 'RUN':
        if (!context.isDone(rest)) await this.#run(rest, context.binds);
    }
  }

  #copy(words: readonly string[], context: Context): void {
    const [from] = words.flatMap((word) => (word.startsWith('--from=') ? [word.slice(7)] : []));
    const paths = words.filter((word) => !word.startsWith('--'));
    const target = posix.resolve(this.#workingFolder, paths.at(-1) as string);
    const source = from === undefined ? context.folder : context.stage(from).written;
    for (const path of paths.slice(0, -1)) {
      const files = join(source, path);
      const isFolder = statSync(files).isDirectory();
      const into = isFolder || !paths.at(-1)?.endsWith('/') ? target : join(target, posix.basename(path));
      cpSync(files, join(this.written, into), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }

  async #run(command: string, binds: readonly Bind[]): Promise<void> {
    const script = `${this.mounts(binds)} && exec chroot ${this.#root} sh -c "$1"`;
    const inImage = `cd ${this.#workingFolder} && ${command}`;
    const env = { ...ownEnvironment(), ...this.environment, PATH: `/usr/local/bin:${process.env.PATH}` };
    await promisify(execFile)('unshare', [...NAMESPACE, 'sh', '-c', script, 'sh', inImage], { env });
  }

  /** Starts a command as a container with a read-only root does: as a user, the first process, with the image's environment. */
  start(command: readonly string[], options: Start): ChildProcess {
    const script = [
      this.mounts(options.binds),
      `mount -o remount,ro ${this.#root}`,
      `exec chroot --userspec=${options.user} ${this.#root} sh -c 'cd ${this.#workingFolder} && exec "$@"' sh "$@"`,
    ].join(' && ');
    return spawn('unshare', [...NAMESPACE, 'sh', '-c', script, 'sh', ...command], {
      env: { PATH, HOME: '/nonexistent', ...this.environment, ...options.environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  get #root(): string {
    return join(this.#folder, 'root');
  }

  /** The command that lays all over one another. */
  mounts(binds: readonly Bind[]): string {
    const over = `lowerdir=/,upperdir=${this.written},workdir=${join(this.#folder, 'work')}`;
    const at = (path: string) => join(this.#root, path);
    return [
      `mount -t overlay overlay -o ${over} ${this.#root}`,
      `mount -t proc proc ${at('proc')}`,
      `mount --rbind /dev ${at('dev')}`,
      `mount --bind ${process.execPath} ${at(NODE)}`,
      ...binds.map(({ from, at: path, isReadOnly }) => {
        const bind = `mkdir -p ${at(path)} && mount --bind ${from} ${at(path)}`;
        return isReadOnly ? `${bind} && mount -o remount,ro,bind ${at(path)}` : bind;
      }),
    ].join(' && ');
  }
}

export interface Start {
  readonly user: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly binds: readonly Bind[];
}

/** What a build is given. */
export interface Context {
  readonly folder: string;
  stage(name: string): Layers;
  /** Whether what a RUN would bring is there by other means. */
  isDone(command: string): boolean;
  readonly binds: readonly Bind[];
}

/** Without what a test runner and npm tell their own children, and what would be a worker's. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const isOthers = /^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|HEADRACE_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOthers.test(name)));
}
