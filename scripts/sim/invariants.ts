import type { JoinedMember } from '../../src/cluster/membership-events.ts';
import { type Assignment, type TaskName, taskNamed } from '../../src/cluster/messages.ts';
import { ConfigView } from './config-view.ts';
import type { Kafka } from './kafka.ts';
import type { Watch, Worker } from './worker.ts';
import { Broken } from './world.ts';

/** What must hold at every moment, and once nothing disturbs any more. */
export class Invariants implements Watch {
  readonly #kafka: Kafka;
  readonly #workers: () => readonly Worker[];
  /** Nothing disturbs, and has not for long: nothing may begin or end. */
  isAtRest = false;
  #view = new ConfigView();
  #written = -1;
  begun = 0;
  moved = 0;
  lost = 0;

  constructor(kafka: Kafka, workers: () => readonly Worker[]) {
    this.#kafka = kafka;
    this.#workers = workers;
  }

  /** A task begins where nobody else who could know better runs it, and no run that the leader knew to be over. */
  begins(worker: Worker, task: TaskName, configOffset: number, run: number): void {
    this.begun++;
    if (this.isAtRest)
      throw new Broken(`${task} began on ${worker.options.name} though nothing had happened`);
    const { connector } = taskNamed(task);
    const known = this.#viewAt(configOffset).runOf(connector);
    if (known !== null && known.version > run)
      throw new Broken(
        `${worker.options.name} began ${task} by run ${run}, and the leader had told of run ${known.version}`,
      );
    // One whose join was served after it had given it up does not know yet what the leader has made of that.
    if (this.#isReplaced(worker) || worker.servedLate) return;
    for (const other of this.#workers()) {
      if (other === worker || !other.isRunning || other.servedLate || this.#isReplaced(other)) continue;
      const running = other.tasks.get(task);
      if (running !== undefined && !running.isOver)
        throw new Broken(
          `${worker.options.name} began ${task}, which ${other.options.name} ran, whose session should have ended by its own clock`,
        );
    }
  }

  /** Another is there under its id, or came later, of which it may not have heard yet: of two, who asks last is the member. */
  #isReplaced(worker: Worker): boolean {
    const { instanceId } = worker.options;
    if (instanceId === null) return false;
    const same = this.#workers().filter(({ options }) => options.instanceId === instanceId);
    return same.at(-1) !== worker || same.some((other) => other !== worker && other.process.isAlive);
  }

  /** No more moves than it takes for numbers of tasks that differ by one at most. */
  sharesOut(members: readonly JoinedMember[], assignments: ReadonlyMap<string, Assignment>): void {
    const all = [...assignments.values()];
    const revoked = all.reduce((sum, one) => sum + one.revoked.size, 0);
    this.moved += revoked;
    if (all.some(({ error }) => error !== 'none')) return;
    const view = this.#viewAt(all[0]?.configOffset ?? 0);
    const { connectors } = view.work();
    if ([...connectors.values()].some(({ labels }) => labels.size > 0)) return;
    const isTask = (name: TaskName) => {
      const { connector, task } = taskNamed(name);
      return task < (connectors.get(connector)?.tasks ?? 0);
    };
    const seen = new Set<TaskName>();
    let needed = 0;
    const own = [...members]
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
      .map(({ metadata }) => {
        const mine = [...metadata.tasks].filter((name) => isTask(name) && !seen.has(name));
        for (const name of mine) seen.add(name);
        needed += metadata.tasks.size - mine.length;
        return mine.length;
      })
      .sort((a, b) => b - a);
    const tasks = [...connectors.values()].reduce((sum, one) => sum + one.tasks, 0);
    const least = Math.floor(tasks / members.length);
    for (const [place, has] of own.entries())
      needed += Math.max(0, has - least - (place < tasks % members.length ? 1 : 0));
    if (revoked > needed)
      throw new Broken(`${revoked} tasks were to move, and ${needed} would have done: ${own.join()}`);
  }

  /** A record of the config topic is the leader's, and nobody's who led before. */
  writes(worker: Worker, generation: number): void {
    if (this.#isReplaced(worker)) return;
    if (generation < this.#written)
      throw new Broken(
        `the leader of generation ${generation} wrote to the config topic after that of ${this.#written}`,
      );
    this.#written = generation;
  }

  loses(worker: Worker): void {
    this.lost++;
    if (this.isAtRest) throw new Broken(`${worker.options.name} lost its tasks though nothing had happened`);
  }

  /** What can run runs, once, as it was configured last, in equal parts as far as placement allows. */
  requireOrder(): void {
    const { view } = this.#kafka;
    const workers = this.#workers().filter(({ isRunning }) => isRunning);
    if (workers.length === 0) return;
    const leaders = workers.filter(({ isLeader }) => isLeader);
    if (leaders.length !== 1)
      throw new Broken(
        `${leaders.length} workers lead: ${leaders.map(({ options }) => options.name).join()}`,
      );
    const expected = new Set<TaskName>();
    for (const [name, { config }] of view.connectors) {
      const run = view.runOf(name);
      if (config === null) continue;
      if (run === null || view.claimOf(name) === null) throw new Broken(`${name} has not been taken over`);
      const mayRun = workers.filter(({ options }) => hasAll(options.labels, config.labels));
      if (mayRun.length === 0) continue;
      for (let task = 0; task < run.tasks; task++) {
        expected.add(`${name}-${task}`);
        this.#requireOnce(`${name}-${task}`, mayRun, workers);
      }
    }
    for (const { tasks, options } of workers) {
      for (const name of tasks.keys())
        if (!expected.has(name)) throw new Broken(`${options.name} runs ${name}, which nobody is to run`);
    }
    this.#requireBalance(view, workers);
  }

  #requireOnce(name: TaskName, mayRun: readonly Worker[], workers: readonly Worker[]): void {
    const running = workers.filter(({ tasks }) => tasks.get(name)?.isRunning);
    const one = running[0];
    if (running.length !== 1 || one === undefined || !mayRun.includes(one))
      throw new Broken(
        `${name} runs on ${running.map(({ options }) => options.name).join() || 'no worker'}, and could on ` +
          mayRun.map(({ options }) => options.name).join(),
      );
  }

  #requireBalance(view: ConfigView, workers: readonly Worker[]): void {
    for (const worker of workers) {
      for (const name of worker.tasks.keys()) {
        const labels =
          view.connectors.get(taskNamed(name).connector)?.config?.labels ?? new Map<string, string>();
        for (const other of workers) {
          if (hasAll(other.options.labels, labels) && other.tasks.size < worker.tasks.size - 1)
            throw new Broken(
              `${worker.options.name} runs ${worker.tasks.size} tasks and ${other.options.name} ${other.tasks.size}, ` +
                `which could run ${name}`,
            );
        }
      }
    }
  }

  /** Read on from the last one, as most ask for what is there now. */
  #viewAt(offset: number): ConfigView {
    if (offset < this.#view.position) this.#view = new ConfigView();
    this.#view.read(this.#kafka.log, offset);
    return this.#view;
  }
}

function hasAll(has: ReadonlyMap<string, string>, needs: ReadonlyMap<string, string>): boolean {
  return [...needs].every(([label, value]) => has.get(label) === value);
}
