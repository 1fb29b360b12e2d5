import { describe, expect, it } from 'vitest';
import { parseBootstrapServers } from '../../../src/kafka/connection/bootstrap-servers.ts';

describe('parseBootstrapServers', () => {
  it('reads hosts, addresses and ports', () => {
    expect(parseBootstrapServers(' kafka-1:9092, 10.0.0.1:1 ,[::1]:9093,PLAINTEXT://h:2,')).toEqual([
      { host: 'kafka-1', port: 9092 },
      { host: '10.0.0.1', port: 1 },
      { host: '::1', port: 9093 },
      { host: 'h', port: 2 },
    ]);
  });

  it.each(['', 'kafka', 'kafka:', 'kafka:0', 'kafka:70000', 'a:1,b', '::1:9092'])('refuses "%s"', (value) => {
    expect(() => parseBootstrapServers(value)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
