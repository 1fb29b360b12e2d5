import { type Gate, KafkaProxy } from './kafka-proxy.ts';

/** Brokers that are reached through a proxy each: whoever is told of them there is told of the proxies alone. */
export class KafkaProxies {
  readonly #proxies: readonly KafkaProxy[];
  /** Of the brokers themselves. */
  readonly behind: string;

  private constructor(proxies: readonly KafkaProxy[], behind: string) {
    this.#proxies = proxies;
    this.behind = behind;
  }

  /** @param bootstrapServers every broker of the cluster */
  static async before(bootstrapServers: string, gate: Gate): Promise<KafkaProxies> {
    const ports = bootstrapServers.split(',').map((address) => Number(address.split(':')[1]));
    const proxies = await Promise.all(ports.map((port) => KafkaProxy.listen(port, gate)));
    const redirected = new Map(proxies.map((proxy) => [proxy.brokerPort, proxy.port]));
    for (const proxy of proxies) proxy.redirect(redirected);
    return new KafkaProxies(proxies, bootstrapServers);
  }

  get bootstrapServers(): string {
    return this.#proxies.map(({ port }) => `127.0.0.1:${port}`).join(',');
  }

  /** Clients that have asked for the end of a transaction and have not seen the answer. */
  get commitsUnderWay(): number {
    return this.#proxies.reduce((total, proxy) => total + proxy.commitsUnderWay, 0);
  }

  /** Ends all connections there are; new ones are welcome. */
  cutAll(): void {
    for (const proxy of this.#proxies) proxy.cutAll();
  }

  close(): void {
    for (const proxy of this.#proxies) proxy.close();
  }
}
