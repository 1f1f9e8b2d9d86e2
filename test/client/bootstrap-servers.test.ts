import { describe, expect, it } from 'vitest';
import { parseBootstrapServers } from '../../src/client/bootstrap-servers.js';
import { UsageError } from '../../src/model/errors.js';

describe('parseBootstrapServers', () => {
  it.each([
    ['localhost:9092', [{ host: 'localhost', port: 9092 }]],
    [
      ' a:1, b.example:65535 ,',
      [
        { host: 'a', port: 1 },
        { host: 'b.example', port: 65_535 },
      ],
    ],
    ['[::1]:9092', [{ host: '::1', port: 9092 }]],
  ])('reads %j', (text, addresses) => {
    expect(parseBootstrapServers(text)).toEqual(addresses);
  });

  it.each([
    '',
    ' , ',
    'localhost',
    'localhost:',
    ':9092',
    'localhost:0',
    'localhost:65536',
    'localhost:http',
    '::1:9092',
    'PLAINTEXT://a:1',
  ])('refuses %j', (text) => {
    expect(() => parseBootstrapServers(text)).toThrow(UsageError);
  });
});
