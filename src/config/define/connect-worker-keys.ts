const PROTOCOL = 'workers share out their work in one way, in which tasks that stay go on';
const WAIT =
  'tasks of a worker that is gone go elsewhere at once, since whoever takes them over shuts it out';
const KEYS = 'requests between workers are signed with HmacSHA256, by a key of their own';
const SYNC = 'a worker reads the config topic all the time';
const OFFSETS = 'offsets are committed with the rows, in one transaction';
const CONNECTIONS = 'connections to brokers have no such setting';
const PEM = 'keys and certificates are PEM files, which say themselves what they are';
const TLS = "TLS has the versions and ciphers of Node's OpenSSL, and names of brokers are always checked";
const KERBEROS = 'there is no login with Kerberos';
const JAVA = 'nothing of Java is loaded';
const CLIENTS = 'what may be tuned are options of feeds, producer.override.*, and of this worker';
const METRICS = 'metrics are for Prometheus, at /metrics';
const REST = 'listeners has the addresses to answer on';
const BROWSERS = 'pages of other origins may not ask';

/**
 * Keys of Kafka Connect's workers (4.3.1, and those that came before) that mean nothing here, with why: a worker's file for
 * Kafka Connect starts. One that ends with a dot stands for all keys below it. What would be less safe if it were passed
 * over is not among them, such as certificates that are written in the file.
 */
export const CONNECT_WORKER_KEYS: ReadonlyMap<string, string> = new Map([
  ['access.control.allow.methods', BROWSERS],
  ['access.control.allow.origin', BROWSERS],
  ['admin.', CLIENTS],
  ['admin.listeners', 'all paths are on listeners'],
  ['admin.listeners.', 'all paths are on listeners'],
  ['auto.include.jmx.reporter', METRICS],
  ['client.dns.lookup', CONNECTIONS],
  ['connect.protocol', PROTOCOL],
  ['connections.max.idle.ms', CONNECTIONS],
  ['connector.client.config.override.policy', CLIENTS],
  ['consumer.', CLIENTS],
  ['header.converter', 'headers are text'],
  ['header.converter.', 'headers are text'],
  ['inter.worker.', KEYS],
  ['internal.key.converter', "what is stored has Kafka Connect's own form"],
  ['internal.key.converter.', "what is stored has Kafka Connect's own form"],
  ['internal.value.converter', "what is stored has Kafka Connect's own form"],
  ['internal.value.converter.', "what is stored has Kafka Connect's own form"],
  ['metadata.max.age.ms', CONNECTIONS],
  ['metadata.recovery.rebootstrap.trigger.ms', CONNECTIONS],
  ['metadata.recovery.strategy', CONNECTIONS],
  ['metric.reporters', METRICS],
  ['metrics.context.', METRICS],
  ['metrics.num.samples', METRICS],
  ['metrics.recording.level', METRICS],
  ['metrics.sample.window.ms', METRICS],
  ['offset.flush.interval.ms', OFFSETS],
  ['offset.flush.timeout.ms', OFFSETS],
  ['offset.storage.file.filename', 'offsets are in the topic that offset.storage.topic names'],
  ['plugin.discovery', 'plugins are looked for in plugin.path by their names'],
  ['producer.', CLIENTS],
  ['receive.buffer.bytes', CONNECTIONS],
  ['reconnect.backoff.max.ms', CONNECTIONS],
  ['reconnect.backoff.ms', CONNECTIONS],
  ['response.http.headers.config', BROWSERS],
  ['rest.extension.classes', `${JAVA}; rest.users.file names who may send requests`],
  ['rest.host.name', REST],
  ['rest.port', REST],
  ['retry.backoff.max.ms', CONNECTIONS],
  ['retry.backoff.ms', CONNECTIONS],
  ['sasl.client.callback.handler.class', JAVA],
  ['sasl.kerberos.', KERBEROS],
  ['sasl.login.', JAVA],
  ['scheduled.rebalance.max.delay.ms', WAIT],
  ['send.buffer.bytes', CONNECTIONS],
  ['socket.connection.setup.timeout.max.ms', 'socket.connection.setup.timeout.ms is always the same'],
  ['ssl.cipher.suites', TLS],
  ['ssl.client.auth', 'listeners.https.ssl.client.auth says whether clients need a certificate'],
  ['ssl.enabled.protocols', TLS],
  ['ssl.endpoint.identification.algorithm', TLS],
  ['ssl.engine.factory.class', JAVA],
  ['ssl.keymanager.algorithm', JAVA],
  ['ssl.keystore.password', PEM],
  ['ssl.keystore.type', PEM],
  ['ssl.protocol', TLS],
  ['ssl.provider', JAVA],
  ['ssl.secure.random.implementation', JAVA],
  ['ssl.trustmanager.algorithm', JAVA],
  ['ssl.truststore.password', PEM],
  ['ssl.truststore.type', PEM],
  ['topic.tracking.allow.reset', 'topics of a feed are those that it has written to'],
  ['topic.tracking.enable', 'topics of a feed are those that it has written to'],
  ['worker.sync.timeout.ms', SYNC],
  ['worker.unsync.backoff.ms', SYNC],
]);

/** Listeners take these as well. */
const OF_LISTENERS = /^listeners\.https\.(?=ssl\.)/;

/** Why a key of Kafka Connect's workers means nothing here; null for any other key. */
export function whyMeaningless(key: string): string | null {
  const bare = key.replace(OF_LISTENERS, '');
  // In order, so that the last is the longest.
  const prefix = [...CONNECT_WORKER_KEYS.keys()].findLast((one) => one.endsWith('.') && bare.startsWith(one));
  return CONNECT_WORKER_KEYS.get(bare) ?? CONNECT_WORKER_KEYS.get(prefix ?? '') ?? null;
}
