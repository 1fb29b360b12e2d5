import { Worker } from 'node:worker_threads';
import { ownModule } from '../../own-modules.ts';
import type { GivenUpFile } from '../../plugin/index.ts';
import { CallBoard } from '../../plugin-calls/call-board.ts';
import { StallWatch } from '../../plugin-calls/stall-watch.ts';
import type { Watched } from '../../plugin-calls/thread-calls.ts';
import type { ErrorReport, RuntimeEvent, TaskStateEvent } from '../events/events.ts';
import type { Lookout } from '../sleep/lookout.ts';
import type { Sleeper, SleepingSource } from '../sleep/lookout-messages.ts';
import type { Guest, ThreadRoom } from '../sleep/thread-room.ts';
import type { Taps } from '../tap/taps.ts';
import type { Hold, Sleeping, TaskCommand, TaskIdentity, TaskMessage } from '../task/task-plan.ts';
import { RestartPolicy, type RestartPolicyOptions } from './restart-policy.ts';
import { RetryWait } from './retry-wait.ts';
import { mayFollow, type TaskState } from './states.ts';
import { deathReport, PluginHolds, type ThreadDeath } from './thread-death.ts';
import { UntoldFiles } from './untold-files.ts';

const THREAD = ownModule('src/runtime/task/task-thread');

/**
 * What rows leave behind dies young; V8 would let it pile up to three times this before it looks. So do the buffers that
 * a connection fills, of which V8 counts the object alone: where it looks seldom they reach the limit of memory outside
 * its heap, and each time the whole heap is gone through.
 */
const YOUNG_GENERATION_MB = 4;

/** A thread that has done its work is kept alive by nothing but what a plugin, or a connection, has left open. */
const LINGER_MS = 5_000;

export interface TaskHandleOptions {
  readonly plan: TaskIdentity;
  readonly restarts: RestartPolicyOptions;
  /** Which all tasks of the worker share. */
  readonly room: ThreadRoom;
  readonly lookout: Lookout;
  readonly taps: Taps;
  /** Its source, if that can look out for it; null: it never sleeps. */
  readonly source: SleepingSource | null;
  /** All of the feed's plugins come with Headrace, so that they can be tried out where others would be held up. */
  readonly isOwn: boolean;
  /** Told, where workers share the connector, that another has taken the task over; null: it is FAILED then. */
  readonly onFenced: (() => void) | null;
  readonly publish: (event: RuntimeEvent) => void;
}

/**
 * One task as the worker sees it: its thread, its state, and when it is tried again. One that sleeps has no thread, and is
 * RUNNING all the same.
 */
export class TaskHandle implements Guest {
  readonly plan: TaskIdentity;
  readonly #options: TaskHandleOptions;
  readonly #publish: (event: RuntimeEvent) => void;
  readonly #restarts: RestartPolicy;
  #state: TaskState = 'UNASSIGNED';
  #error: ErrorReport | null = null;
  #thread: Worker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #retry: RetryWait | null = null;
  /** What it is to be once its thread has ended, when that was told to. */
  #endsAs: 'STOPPED' | 'PAUSED' | 'UNASSIGNED' | 'REPLACED' | null = null;
  #hold: Hold | null = null;
  #hasRun = false;
  #isToGiveWay = false;
  readonly #untold = new UntoldFiles();
  /** Why it is being ended, when that is not of its own doing. */
  #ending: ErrorReport | null = null;
  /** Ends its sleep. */
  #forgetSleep: (() => void) | null = null;
  /** For its next thread, from the last one or who looked out for it. */
  #note: unknown = null;
  /** How a plugin held the last thread; null where none did. */
  #heldBy: string | null = null;
  /** It could not be looked out for it once. */
  #staysAwake = false;

  constructor(options: TaskHandleOptions) {
    this.plan = options.plan;
    this.#options = options;
    this.#publish = options.publish;
    this.#restarts = new RestartPolicy(options.restarts);
  }

  get sleeps(): boolean {
    return this.#options.source !== null && !this.#staysAwake;
  }

  get state(): TaskState {
    return this.#state;
  }

  /** Why the task is RESTARTING or FAILED. */
  get error(): ErrorReport | null {
    return this.#error;
  }

  /** Opens the task's thread ahead of its beginning, for which it then waits with its modules and plugins there. */
  prepare(): void {
    if (this.#state !== 'UNASSIGNED' || this.#thread !== null) return;
    if (this.#options.room.reserve(this)) this.#thread = this.#open();
  }

  /** Starts the task for the first time. */
  begin(hold: Hold): void {
    this.#hold = hold;
    if (this.#mayBeginAsleep && !this.#hasPlace()) this.#beginAsleep();
    else this.#start();
    // Another may have taken over by the time at which its turn comes.
    this.#hasRun = true;
  }

  /** Makes it FAILED for a reason that concerns its connector; what it has open is committed first, if that can be. */
  async fail(error: ErrorReport, gracefulMs: number): Promise<void> {
    if (!mayFollow(this.#state, 'FAILED')) return;
    this.#ending = error;
    if (this.#thread !== null) return await this.#endThread(this.#thread, gracefulMs);
    this.#forgetWaits();
    this.#onFailure(error);
  }

  #start(): void {
    this.#endsAs = null;
    this.#ending = null;
    this.#options.room.come(this);
  }

  enter(): void {
    this.#move('RUNNING');
    this.#error = null;
    this.#thread ??= this.#open();
    const isRestart = this.#hasRun;
    this.#tell(this.#thread, {
      type: 'begin',
      hold: this.#hold,
      isRestart,
      maySleep: this.sleeps,
      note: this.#note,
    });
    this.#tellUntold(this.#thread);
    this.#hasRun = true;
    this.#note = null;
  }

  giveWay(): void {
    if (this.#thread === null || this.#isToGiveWay || !this.sleeps) return;
    this.#isToGiveWay = true;
    this.#tell(this.#thread, { type: 'giveWay' });
  }

  #open(): Worker {
    const board = new CallBoard();
    const thread = new Worker(THREAD, {
      workerData: { ...this.plan, board: board.memory } satisfies TaskIdentity & Watched,
      name: `${this.plan.connector}-${this.plan.taskId}`,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    let result: TaskMessage | null = null;
    let crash: Error | null = null;
    let lingering: NodeJS.Timeout | undefined;
    const watch = new StallWatch(board, (message) => {
      crash = new PluginHolds(message);
      void thread.terminate();
    });
    thread.on('message', (message: TaskMessage) => {
      if (message.type === 'event') this.#onEvent(message.event);
      else if (message.type === 'reading') this.#options.room.isAtWork(this);
      else if (message.type === 'retrying') this.#untold.taken(message.count);
      else if (message.type === 'tapped') this.#options.taps.told(message);
      else {
        result = message;
        lingering = setTimeout(() => void thread.terminate(), LINGER_MS);
      }
    });
    thread.on('error', (error: Error) => {
      crash ??= error;
    });
    const untap = this.#options.taps.join({
      connector: this.plan.connector,
      tell: (command) => this.#tell(thread, command),
    });
    this.#ended = new Promise((resolve) => {
      thread.on('exit', (code) => {
        untap();
        watch.end();
        clearTimeout(lingering);
        this.#thread = null;
        this.#isToGiveWay = false;
        this.#untold.threadEnded();
        this.#options.room.leave(this);
        this.#onExit(result, { board, crash, code });
        resolve();
      });
    });
    return thread;
  }

  #tell(thread: Worker, command: TaskCommand): void {
    thread.postMessage(command);
  }

  /**
   * Stops the task: lets it commit what it has and close, and ends its thread by force after `gracefulMs`. What was
   * not committed then is not visible to anyone, and is read again after the next start.
   */
  stop(gracefulMs: number): Promise<void> {
    return this.#end('STOPPED', gracefulMs);
  }

  /** The same for a task that is to go on: one that is at its end stays there. */
  async pause(gracefulMs: number): Promise<void> {
    if (mayFollow(this.#state, 'PAUSED')) await this.#end('PAUSED', gracefulMs);
  }

  /** The same for one that another worker runs from then on, unless this one is told to `begin` again. */
  async release(gracefulMs: number): Promise<void> {
    if (!mayFollow(this.#state, 'UNASSIGNED')) return;
    await this.#end('UNASSIGNED', gracefulMs);
    this.#forgetRun();
  }

  /** Ends as `stop` does, for another that takes its place; until then it shows that it is to begin again. */
  async makeRoom(gracefulMs: number): Promise<void> {
    this.#forgetWaits();
    if (this.#state === 'RUNNING') this.#move('RESTARTING');
    if (this.#thread === null) return;
    this.#endsAs = 'REPLACED';
    await this.#endThread(this.#thread, gracefulMs);
  }

  /** Begins once more, from its last commit, whatever state it is in. It must have begun before. */
  async restart(gracefulMs: number): Promise<void> {
    this.#move('RESTARTING');
    await this.makeRoom(gracefulMs);
    this.#forgetRun();
    // It may have been stopped for good meanwhile.
    if (this.#state === 'RESTARTING') this.#start();
  }

  /** What was found out while it ran. */
  #forgetRun(): void {
    this.#note = null;
    this.#staysAwake = false;
    this.#heldBy = null;
  }

  /** Has it try files again that were given up: now, or when it begins next. */
  retry(files: readonly GivenUpFile[]): void {
    this.#untold.add(files);
    if (this.#forgetSleep !== null) this.#wake();
    else if (this.#thread !== null) this.#tellUntold(this.#thread);
  }

  /** Files that its source has not been told of yet. */
  get untold(): readonly GivenUpFile[] {
    return this.#untold.all;
  }

  #tellUntold(thread: Worker): void {
    const files = this.#untold.next();
    if (files.length > 0) this.#tell(thread, { type: 'retry', files });
  }

  async #end(as: 'STOPPED' | 'PAUSED' | 'UNASSIGNED', gracefulMs: number): Promise<void> {
    this.#forgetWaits();
    const thread = this.#thread;
    if (thread === null) {
      if (mayFollow(this.#state, as)) this.#move(as);
      return;
    }
    this.#endsAs = as;
    await this.#endThread(thread, gracefulMs);
  }

  /** Where there is a place it opens its thread at once, unless others sleep: with hundreds of feeds most have nothing to do. */
  #hasPlace(): boolean {
    if (this.#thread !== null) return true;
    return !this.#options.lookout.isOpen && this.#options.room.reserve(this);
  }

  get #mayBeginAsleep(): boolean {
    return this.#state === 'UNASSIGNED' && this.sleeps && this.#options.isOwn;
  }

  #beginAsleep(): void {
    this.#move('RUNNING');
    const { worker, feed } = this.plan;
    this.#log('debug', 'fell asleep', { until: 'woken' });
    this.#sleep(null, { worker, feed });
  }

  #forgetWaits(): void {
    this.#retry?.cancel();
    this.#retry = null;
    this.#forgetSleep?.();
    this.#forgetSleep = null;
    if (this.#thread === null) this.#options.room.leave(this);
  }

  #fallAsleep({ note, until }: Sleeping): void {
    this.#note = note;
    this.#log('debug', 'fell asleep', { until });
    if (until === 'its turn') this.#start();
    else this.#sleep(note, null);
  }

  #sleep(note: unknown, untried: Sleeper['untried']): void {
    const { source, lookout } = this.#options;
    if (source === null || !this.#untold.isEmpty) return this.#start();
    const { connector, taskId, taskCount } = this.plan;
    const sleeper = { source, note, untried, connector, taskId, taskCount };
    this.#forgetSleep = lookout.watch(sleeper, (waking) => {
      this.#note = waking.note;
      // What is wrong with a feed its task is to tell.
      if (waking.failure !== null && untried === null) this.#stayAwake(waking.failure);
      this.#wake();
    });
  }

  #wake(): void {
    this.#forgetSleep?.();
    this.#forgetSleep = null;
    this.#log('debug', 'woke up');
    this.#start();
  }

  /** What went wrong would do so again, and it would wake up, and fall asleep, all the time. */
  #stayAwake(reason: string): void {
    this.#staysAwake = true;
    this.#log('warn', 'stays awake, as it cannot be looked out for', { reason });
  }

  async #endThread(thread: Worker, gracefulMs: number): Promise<void> {
    this.#tell(thread, { type: 'stop' });
    const timer = setTimeout(() => this.#terminate(thread), gracefulMs);
    await this.#ended;
    clearTimeout(timer);
  }

  #terminate(thread: Worker): void {
    this.#log('warn', 'task did not stop in time and is ended by force');
    void thread.terminate();
  }

  #log(level: 'debug' | 'warn', message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const { connector, taskId } = this.plan;
    this.#publish({ type: 'log', connector, task: taskId, level, message, fields });
  }

  #onEvent(event: RuntimeEvent): void {
    if (event.type === 'transaction.committed') this.#restarts.succeeded();
    this.#publish(event);
  }

  #onExit(result: TaskMessage | null, death: ThreadDeath): void {
    if (this.#ending !== null && this.#endsAs === null) return this.#onFailure(this.#ending);
    if (this.#endsAs === 'REPLACED') return;
    const isAtItsEnd =
      result?.type === 'ended' && result.outcome !== 'STOPPED' && this.#endsAs !== 'UNASSIGNED';
    if (this.#endsAs !== null && !isAtItsEnd) return this.#move(this.#endsAs);
    // It died before it was needed: another is opened when the task begins.
    if (this.#state === 'UNASSIGNED') return;
    if (result?.type === 'asleep') return this.#fallAsleep(result);
    if (result?.type === 'ended') return this.#move(result.outcome);
    if (result?.type === 'failed') return this.#onFailure(result.error);
    this.#onFailure(this.#reportOfDeath(death));
  }

  /** What holds a thread once may have done so by chance, as where the machine had no time; twice, for the same row, it is the plugin. */
  #reportOfDeath(death: ThreadDeath): ErrorReport {
    const report = deathReport(death);
    const isAgain = report.message === this.#heldBy;
    this.#heldBy = death.crash instanceof PluginHolds ? report.message : null;
    return isAgain ? { ...report, retriable: false } : report;
  }

  #onFailure(error: ErrorReport): void {
    const { onFenced } = this.#options;
    if (onFenced !== null && error.code === 'KAFKA_FENCED') {
      this.#forgetRun();
      this.#move('UNASSIGNED');
      return onFenced();
    }
    this.#error = error;
    if (!error.retriable) return this.#move('FAILED', { error });
    const retryInMs = this.#restarts.nextDelayMs();
    this.#move('RESTARTING', { error, ...(error.awaits === undefined ? { retryInMs } : {}) });
    this.#retry = new RetryWait(retryInMs, error.awaits, () => {
      this.#retry = null;
      this.#start();
    });
  }

  #move(state: TaskState, detail: Pick<TaskStateEvent, 'error' | 'retryInMs'> = {}): void {
    const previous = this.#state;
    if (state === previous) return;
    if (!mayFollow(previous, state)) throw new Error(`a task cannot go from ${previous} to ${state}`);
    this.#state = state;
    const { connector, taskId } = this.plan;
    this.#publish({ type: 'task.state', connector, task: taskId, state, previous, ...detail });
  }
}
