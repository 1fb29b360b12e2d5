import { expect } from 'vitest';

/** What Headrace answers otherwise than Kafka Connect, on purpose. */
export interface Difference {
  readonly why: string;
  readonly status: number;
  /** The message begins so; the recorded body stands where there is none. */
  readonly message?: string;
  /** In the place of the recorded one. */
  readonly body?: unknown;
  /** JSON where there is none. */
  readonly contentType?: string;
}

const mistake = (message: string): Difference => ({
  why: 'the client is wrong, not the worker: 400, where Kafka Connect answers 500',
  status: 400,
  message,
});

const PAGE = {
  why: 'a browser is shown the console',
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: expect.stringMatching(/^<!doctype html>/),
};

const INVALID = 'Connector configuration is invalid and contains the following 1 error(s):\n';
const NO_TYPE = {
  why: 'values are not shown: which of them are secret, only the connector would tell',
  status: 400,
};

/** By the title of the exchange. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  '011-create-bad-config-several-errors': {
    why: 'a mistake is told once, in the words of Headrace behind the name of the key',
    status: 400,
    message:
      'Connector configuration is invalid and contains the following 4 error(s):\nInvalid value -1 for',
  },
  '012-create-missing-connector-class': {
    ...NO_TYPE,
    message: 'Connector config {transforms.route.topic, input.path, name} contains no connector type',
  },
  '030-create-empty-config': {
    ...NO_TYPE,
    message: 'Connector config {name} contains no connector type',
  },
  '102-put-config-missing-class': {
    ...NO_TYPE,
    message: 'Connector config {transforms.route.topic, input.path, name} contains no connector type',
  },
  '013-create-unknown-class': {
    why: 'the connectors are other ones',
    status: 400,
    message:
      'Failed to find any class that implements Connector and which name matches no.such.Connector, available',
  },
  '014-create-class-not-a-connector': {
    why: 'the connectors are other ones',
    status: 400,
    message:
      'Failed to find any class that implements Connector and which name matches java.lang.String, available',
  },
  '015-create-unknown-config-key': {
    why: 'a key that nobody knows is a mistake: what it was meant to set would not be set',
    status: 400,
    message: `${INVALID}Configuration is not defined: no.such.key`,
  },
  '021-create-nested-value': mistake(
    'transforms.route.topic: expected text, a number, true or false, got an object',
  ),
  '027-create-control-char-name': {
    why: 'a mistake is told in the words of Headrace behind the name of the key',
    status: 400,
    message: `${INVALID}Invalid value a\nb for configuration name: expected a name without control characters`,
  },
  '028-create-no-config': mistake('expected config in the body'),
  '029-create-null-config': mistake('expected config in the body'),
  '031-create-unknown-json-field': mistake('expected name, config and initial_state in the body, got foo'),
  '032-create-flat-config': mistake('expected name, config and initial_state in the body, got '),
  '038-create-initial-state-bad': mistake('initial_state: expected one of RUNNING, PAUSED, STOPPED'),
  '043-malformed-json': mistake('expected a JSON object as body, got what is not JSON'),
  '044-malformed-json-trailing-comma': mistake('expected a JSON object as body, got what is not JSON'),
  '045-body-is-array': mistake('expected a JSON object as body, got an array'),
  '046-body-is-string': mistake('expected a JSON object as body, got a string'),
  '047-body-empty': mistake('expected a JSON object as body, got nothing'),
  '048-body-null': mistake('expected a JSON object as body, got null'),
  '103-put-config-wrapped': mistake('config: expected text, a number, true or false, got an object'),
  '104-put-config-empty-body': mistake('expected a JSON object as body, got nothing'),
  '151-offsets-patch-bad-partition': mistake('offsets[0]: '),
  '152-offsets-patch-bad-offset': mistake('offsets[0]: '),
  '155-offsets-patch-null-partition': mistake('offsets[0]: '),
  '156-offsets-patch-unknown-field': mistake('expected offsets in the body, got x'),
  '111-patch-config-name': {
    why: 'a name is refused here as it is with PUT',
    status: 400,
    message: "Connector name configuration (other) doesn't match connector name in the URL (gput)",
  },
  '215-double-slash': {
    why: 'an error is JSON',
    status: 400,
    message: 'expected a path without empty segments',
  },
  '237-create-slash-name': {
    why: 'a name that no URL can carry in Kafka Connect is refused when it is made',
    status: 400,
    message: `${INVALID}Invalid value g/slash for configuration name: expected a name without / and \\`,
  },
  '238-get-slash-name-encoded': {
    why: 'there is no such connector',
    status: 404,
    message: 'Connector g/slash not found',
  },
  '240-delete-slash-name-encoded': {
    why: 'there is no such connector',
    status: 404,
    message: 'Connector g/slash not found',
  },
  '228-internal-tasks': {
    why: 'workers ask nothing of each other over REST',
    status: 405,
    message: 'HTTP 405 Method Not Allowed',
  },
  '229-internal-fence': {
    why: 'workers ask nothing of each other over REST',
    status: 404,
    message: 'HTTP 404 Not Found',
  },
  '242-get-percent-name': {
    why: 'a name that can be given can be asked for',
    status: 200,
    body: expect.objectContaining({ name: 'g%pct' }),
  },
  '223-accept-html': PAGE,
  '224-accept-browser': PAGE,
  '243-connectors-end': {
    why: 'one of the two names was refused',
    status: 200,
    body: ['g%pct'],
  },
};
