import { dockerServicesRunning, lowerDockerStack, raiseDockerStack } from './docker-stack.ts';
import { chooseEngine } from './engine.ts';
import { raiseJavaStack, type StackWishes } from './java-stack.ts';
import { StackError } from './stack-error.ts';
import { endServer, forgetState, readState, type StackState, serverRuns } from './state.ts';

/** A server of the stack and whether it runs. */
export interface ServerStatus {
  readonly name: string;
  readonly address: string;
  readonly pid?: number;
  readonly running: boolean;
}

/** Starts what was asked for; `already` when a stack of this checkout runs, which is then left as it is. */
export async function up(
  wishes: StackWishes,
): Promise<{ readonly state: StackState; readonly already: boolean }> {
  const found = await readState();
  if (found && (await stillRuns(found))) return { state: found, already: true };
  if (found) await down();
  const raise = (await chooseEngine()) === 'docker' ? raiseDockerStack : raiseJavaStack;
  return { state: await raise(wishes), already: false };
}

/** Half a stack is for a person to judge: it may hold data that someone still wants to look at. */
async function stillRuns(state: StackState): Promise<boolean> {
  const servers = await statusOf(state);
  const gone = servers.filter(({ running }) => !running).map(({ name }) => name);
  if (gone.length > 0 && gone.length < servers.length) {
    throw new StackError(
      `Part of the stack has ended (${gone.join(', ')}): run \`npm run stack -- down\`, then \`up\`.`,
    );
  }
  return gone.length === 0;
}

/** Ends what `up` started, and nothing else. The answer is what there was, if anything. */
export async function down(): Promise<StackState | undefined> {
  const state = await readState();
  if (!state) return undefined;
  if (state.engine === 'docker') await lowerDockerStack();
  else for (const server of state.servers) await endServer(server);
  await forgetState();
  return state;
}

/** Each server that `up` started. Empty when there is no stack. */
export async function status(): Promise<ServerStatus[]> {
  const state = await readState();
  return state ? statusOf(state) : [];
}

async function statusOf(state: StackState): Promise<ServerStatus[]> {
  const services = state.engine === 'docker' ? await dockerServicesRunning() : [];
  return Promise.all(
    state.servers.map(async (server) => ({
      name: server.name,
      address: server.address,
      ...(server.pid !== undefined && { pid: server.pid }),
      running: services.includes(server.name) || (await serverRuns(server)),
    })),
  );
}
