import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { advertisedUrl } from '../../src/rest/advertised-url.ts';

const NONE = { restAdvertisedListener: null, restAdvertisedHostName: null, restAdvertisedPort: null };

test.each([
  [['http://10.0.0.1:8083'], {}, 'http://10.0.0.1:8083'],
  [['http://[::1]:8083'], {}, 'http://[::1]:8083'],
  [['http://0.0.0.0:8083'], {}, `http://${hostname()}:8083`],
  [['http://[::]:8083'], {}, `http://${hostname()}:8083`],
  [['http://worker:80'], {}, 'http://worker:80'],
  [['https://worker:443'], {}, 'https://worker:443'],
  [['http://a:1', 'https://a:2'], {}, 'http://a:1'],
  [['http://a:1', 'https://a:2'], { restAdvertisedListener: 'https' }, 'https://a:2'],
  [['http://0.0.0.0:1'], { restAdvertisedHostName: 'worker-1.example' }, 'http://worker-1.example:1'],
  [['http://0.0.0.0:1'], { restAdvertisedHostName: '2001:db8::1' }, 'http://[2001:db8::1]:1'],
  [['http://a:1'], { restAdvertisedPort: 30_083 }, 'http://a:30083'],
] as const)('a worker on %j with %j is reached at its advertised address', (addresses, given, expected) => {
  expect(advertisedUrl(addresses, { ...NONE, ...given })).toBe(expected);
});
