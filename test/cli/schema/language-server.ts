import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly uri?: string; readonly diagnostics?: readonly { readonly message: string }[] };
  readonly result?: unknown;
}

/** The language server that editors have for YAML, with one file open in it. */
export class YamlServer {
  readonly #child;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #uri: string;
  #diagnosed: (messages: string[]) => void = () => {};
  #received = Buffer.alloc(0);
  #last = 0;

  private constructor(path: string) {
    const require = createRequire(import.meta.url);
    const main = join(
      dirname(require.resolve('yaml-language-server/package.json')),
      'bin/yaml-language-server',
    );
    this.#child = spawn(process.execPath, [main, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#uri = pathToFileURL(path).href;
    this.#child.stdout.on('data', (bytes: Buffer) => this.#take(bytes));
    onTestFinished(() => void this.#child.kill());
  }

  /** Opens a file of that text. */
  static async open(path: string, text: string): Promise<{ server: YamlServer; diagnostics: string[] }> {
    const server = new YamlServer(path);
    await server.#ask('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    server.#tell('initialized', {});
    const diagnosed = new Promise<string[]>((resolve) => {
      server.#diagnosed = resolve;
    });
    server.#tell('textDocument/didOpen', {
      textDocument: { uri: server.#uri, languageId: 'yaml', version: 1, text },
    });
    return { server, diagnostics: await diagnosed };
  }

  /** What it offers at a place, lines and characters counted from 0. */
  async completions(line: number, character: number): Promise<string[]> {
    const position = { line, character };
    const result = await this.#ask('textDocument/completion', { textDocument: { uri: this.#uri }, position });
    return (result as { items: readonly { label: string }[] }).items.map(({ label }) => label);
  }

  /** What it says of the word there. */
  async hover(line: number, character: number): Promise<string> {
    const position = { line, character };
    const result = await this.#ask('textDocument/hover', { textDocument: { uri: this.#uri }, position });
    return (result as { contents: { value: string } }).contents.value;
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    this.#send({ id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #tell(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (true) {
      const [head = '', length = ''] =
        /^Content-Length: (\d+)[\s\S]*?\r\n\r\n/.exec(this.#received.toString('latin1')) ?? [];
      const end = head.length + Number(length);
      if (head === '' || this.#received.length < end) return;
      this.#handle(JSON.parse(this.#received.toString('utf8', head.length, end)) as Message);
      this.#received = this.#received.subarray(end);
    }
  }

  #handle({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics') {
      this.#diagnosed((params?.diagnostics ?? []).map(({ message }) => message));
    } else if (method !== undefined && id !== undefined) {
      // It asks for settings, of which there are none.
      this.#send({ id, result: method === 'workspace/configuration' ? [] : null });
    } else if (id !== undefined) this.#waiting.get(id)?.(result);
  }
}
