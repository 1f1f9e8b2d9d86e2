import { describe, expect, it } from 'vitest';
import { listenersOf } from '../../../src/commands/brokers/listeners.js';

describe('listenersOf', () => {
  const map = { name: 'listener.security.protocol.map', value: 'INSIDE:SASL_SSL,OUTSIDE:SSL' };

  it('takes what is advertised, with the protocol of each listener', () => {
    const configs = [
      { name: 'advertised.listeners', value: 'INSIDE://kafka1:9092, OUTSIDE://[2001:db8::1]:19092' },
      { name: 'listeners', value: 'INSIDE://:9092' },
      map,
    ];
    expect(listenersOf(configs)).toEqual([
      { listener: 'INSIDE', securityProtocol: 'SASL_SSL', host: 'kafka1', port: 9092 },
      { listener: 'OUTSIDE', securityProtocol: 'SSL', host: '2001:db8::1', port: 19092 },
    ]);
  });

  it('takes the listeners themselves where nothing else is advertised', () => {
    const configs = [{ name: 'advertised.listeners', value: null }, { name: 'listeners', value: 'PLAINTEXT://:9092' }, map];
    expect(listenersOf(configs)).toEqual([{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: '', port: 9092 }]);
  });
});
