import { describe, expect, it } from 'vitest';
import { type Evidence, judge, type ReadRecord } from './judge.js';

const values = Array.from({ length: 100 }, (_, index) => `record ${index}`);
const record = (index: number, offset: number): ReadRecord => ({ partition: index % 2, offset, value: values[index]! });
const written = values.map((_, index) => record(index, Math.floor(index / 2)));
const evidence = (changed: Partial<Evidence> = {}): Evidence => ({
  idempotent: true,
  sent: values,
  acknowledged: written,
  read: written,
  ...changed,
});
const innocent = { lost: [], faults: [], copies: 0 };

describe('the judge of what was written while brokers failed', () => {
  it('finds nothing where all is as it was acknowledged', () => {
    expect(judge(evidence())).toEqual(innocent);
    expect(judge(evidence({ acknowledged: written.slice(0, 90) }))).toEqual(innocent);
    expect(judge(evidence({ acknowledged: [...written].reverse() }))).toEqual(innocent);
  });

  it.each([true, false])('finds each single record that is removed, whether the producer is idempotent (%s) or not', (idempotent) => {
    for (const [index, gone] of written.entries()) {
      const { lost } = judge(evidence({ idempotent, read: written.filter((_, other) => other !== index) }));
      expect(lost).toEqual([gone]);
    }
  });

  it.each([true, false])('finds a record that was read twice (idempotent: %s)', (idempotent) => {
    for (const index of [0, 50, 99]) {
      const read = [...written.slice(0, index + 1), written[index]!, ...written.slice(index + 1)];
      expect(judge(evidence({ idempotent, read })).faults).not.toEqual([]);
    }
  });

  it('finds a second copy of a record of an idempotent producer, and lets another producer have it', () => {
    const read = [...written, record(0, 50), record(1, 50)];
    expect(judge(evidence({ read }))).toMatchObject({
      lost: [],
      copies: 2,
      faults: ['"record 0" is there 2 times', '"record 1" is there 2 times'],
    });
    expect(judge(evidence({ read, idempotent: false }))).toEqual({ ...innocent, copies: 2 });
  });

  it('finds a record in the place of another', () => {
    const read = written.map((each, index) => (index === 7 ? { ...each, value: values[8]! } : each));
    expect(judge(evidence({ read, idempotent: false })).lost).toEqual([written[7]]);
  });

  it('finds what is missing of a producer that does not tell which record is where', () => {
    const acknowledged = written.map((each) => ({ ...each, value: null }));
    expect(judge(evidence({ acknowledged }))).toEqual(innocent);
    const gone = written[7]!;
    expect(judge(evidence({ acknowledged, read: written.filter((each) => each !== gone) }))).toMatchObject({
      lost: [{ ...gone, value: null }],
      faults: [`"${gone.value}" is not there, and all were acknowledged`],
    });
  });

  it('finds what nobody sent', () => {
    expect(judge(evidence({ read: [...written, { partition: 0, offset: 50, value: 'x' }] })).faults).toEqual([
      '0:50 holds "x", which nobody sent',
    ]);
  });

  it('finds what was acknowledged twice, and two for one place', () => {
    expect(judge(evidence({ idempotent: false, acknowledged: [...written, record(0, 50)] })).faults).toContain(
      '"record 0" was acknowledged twice',
    );
    const acknowledged = written.map((each, index) => (index === 2 ? { ...each, offset: 0 } : each));
    expect(judge(evidence({ acknowledged })).faults).toContain('0:0 was acknowledged for "record 0" and for "record 2"');
  });

  it('finds records out of order', () => {
    const swapped = written.map((each, index) => (index === 10 ? record(10, 6) : index === 12 ? record(12, 5) : each));
    const read = [...swapped].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
    expect(judge(evidence({ acknowledged: swapped, read }))).toMatchObject({
      lost: [],
      faults: ['"record 12" was acknowledged at 0:5, and "record 10", sent before it, at 0:6'],
    });
  });
});
