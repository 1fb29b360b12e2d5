import { type ConfigProblem, type ConfigValues, defineConfig } from '../../plugin/index.ts';

/** The options of every converter that keeps its schemas in a registry, with Confluent's names where there are any. */
export const REGISTRY_OPTIONS = defineConfig({
  schemaRegistryUrl: {
    doc: 'Address of the schema registry, such as http://localhost:8081. Of several, comma-separated, the first that answers is used.',
    format: 'list',
    required: true,
  },
  basicAuthCredentialsSource: {
    doc: "Where user and password are, in the words of Confluent's converters: in basic.auth.user.info.",
    format: ['USER_INFO'],
    default: 'USER_INFO',
  },
  basicAuthUserInfo: {
    doc: 'User and password for the registry, as user:password.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  bearerAuthCredentialsSource: {
    doc: "Where the token is, in the words of Confluent's converters: in bearer.auth.token.",
    format: ['STATIC_TOKEN'],
    default: 'STATIC_TOKEN',
  },
  bearerAuthToken: {
    doc: 'Token for the registry, instead of a user and password.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  schemaRegistrySslTruststoreLocation: {
    doc: "PEM file with the certificates to trust where the registry has https; the system's when not set.",
    format: 'path',
    default: null,
  },
  schemaRegistrySslKeystoreLocation: {
    doc: "PEM file with the client's key and certificates, for a registry that asks for them.",
    format: 'path',
    default: null,
  },
  schemaRegistrySslKeyPassword: {
    doc: "Password of the client's key.",
    format: 'string',
    default: null,
    sensitive: true,
  },
  autoRegisterSchemas: {
    doc: 'Registers the schema of the records. false takes the latest one of the subject instead, which the records must fit.',
    format: 'boolean',
    default: true,
  },
  useLatestVersion: {
    doc: 'With auto.register.schemas: false: false takes the schema of the records, which the subject must have already, instead of the latest.',
    format: 'boolean',
    default: true,
  },
  subject: {
    doc: 'Subject of the schema: topic (TOPIC-value or TOPIC-key), record (its full name), topic-record (TOPIC-RECORD), or a name in which {topic} and {record} stand for theirs.',
    format: 'string',
    default: 'topic',
  },
});

export type RegistryOptions = ConfigValues<typeof REGISTRY_OPTIONS>;

/** What is wrong with the options, beyond their formats. */
export function* registryProblems(options: RegistryOptions): Iterable<ConfigProblem> {
  for (const url of options.schemaRegistryUrl) {
    const message = urlProblem(url);
    if (message !== null) yield { key: 'schema.registry.url', message };
  }
  const { basicAuthUserInfo, bearerAuthToken, subject } = options;
  if (basicAuthUserInfo !== null && !/^[^:]+:/.test(basicAuthUserInfo)) {
    yield { key: 'basic.auth.user.info', message: 'expected user:password, got text without a user and ":"' };
  }
  if (basicAuthUserInfo !== null && bearerAuthToken !== null) {
    yield {
      key: 'bearer.auth.token',
      message: 'expected either this or basic.auth.user.info, got both; leave one of them out',
    };
  }
  // Else no request could be sent, and the registry would be waited for.
  if (bearerAuthToken !== null && !/^[!-~]+$/.test(bearerAuthToken)) {
    yield {
      key: 'bearer.auth.token',
      message: 'expected letters, digits and signs, without spaces, in one line',
    };
  }
  const isTls = options.schemaRegistryUrl.some((url) => url.startsWith('https:'));
  const files = [options.schemaRegistrySslTruststoreLocation, options.schemaRegistrySslKeystoreLocation];
  if (!isTls && files.some((file) => file !== null)) {
    yield {
      key: 'schema.registry.url',
      message: 'expected an address with https, as schema.registry.ssl.… has no effect on another',
    };
  }
  const unknown = subject.replaceAll(/\{(topic|record)\}/g, '').match(/\{[^}]*\}?|\}/);
  if (subject.trim() === '' || unknown !== null) {
    const got = JSON.stringify(unknown?.[0] ?? subject);
    yield {
      key: 'subject',
      message: `expected topic, record, topic-record or a name with {topic} and {record}, got ${got}`,
    };
  }
}

function urlProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return `expected an address such as http://localhost:8081, got ${JSON.stringify(withoutUser(text))}`;
  }
  if (url.username === '' && url.password === '') return null;
  return 'expected an address without a user and password; set them in basic.auth.user.info';
}

/** What stands before an @ may be a password. */
function withoutUser(text: string): string {
  return text.replace(/.*@/s, '…@');
}
