import { describe, expect, it } from 'vitest';
import { Redactor } from './redactions.js';

const redact = (text: string) => new Redactor({ state: '/tmp/x/state' }).redact(text);

describe('Redactor', () => {
  it('binds: the same value reads the same, another otherwise', () => {
    const redactor = new Redactor({});
    expect(redactor.redact('id Cf-LbX0gTe6Lq0cMpl8WFg, QW_j8PVWSOCRDsV5zTy2WA')).toBe('id <id1>, <id2>');
    expect(redactor.redact('"QW_j8PVWSOCRDsV5zTy2WA"')).toBe('"<id2>"');
  });
  it('hides ports after a loopback host, in JSON and, once seen, alone', () => {
    expect(redact('127.0.0.1:34567,127.0.0.1:34568 "port": 34569 │ 34567 │')).toBe(
      '127.0.0.1:<port1>,127.0.0.1:<port2> "port": <port3> │ <port1> │',
    );
  });
  it('hides no number that is not a port', () => {
    const text = 'replicas [34567, 1] offset 34567 127.0.0.1:1 kafka.example:9092 "offset": 34567 127.0.0.1:34567x';
    expect(redact(text)).toBe(text);
  });
  it('hides instants and measured durations, not settings', () => {
    expect(redact('2026-11-22T10:42:47.123Z 20261122T104247Z-topics-alter.json took 12.3 ms of 500 ms')).toBe(
      '<time> <time>-topics-alter.json took <duration> ms of 500 ms',
    );
  });
  it('hides process ids where they are named', () => expect(redact('pid 4711, retention 4712')).toBe('pid <pid1>, retention 4712'));
  it('hides directories as whole tokens', () => expect(redact('/tmp/x/state/undo /tmp/x/states')).toBe('<state>/undo /tmp/x/states'));
  it('leaves names of 22 characters alone', () => {
    const text = 'a-topic-whose-name-ing orders.payments.settlingg min.insync.replicas.valg unclean.leader.election.enable';
    expect(redact(text)).toBe(text);
  });
});
