import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diskFailure, systemCode } from '../../src/embedded/disk-failure.js';
import { MachineError } from '../../src/model/errors.js';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: some text of the system`), { code });

describe('diskFailure', () => {
  it.each([
    ['EACCES', 'cannot write /state/x: no permission', 'KAFKA_TS_HOME'],
    ['EPERM', 'cannot write /state/x: no permission', 'KAFKA_TS_HOME'],
    ['EROFS', 'cannot write /state/x: the file system is read-only', 'KAFKA_TS_HOME'],
    ['ENOTDIR', 'cannot write /state/x: a part of the path is a file', 'KAFKA_TS_HOME'],
    ['ENOSPC', 'cannot write /state/x: no space left on the disk', 'free some'],
    ['EDQUOT', 'cannot write /state/x: the disk quota is used up', 'free some'],
    ['EMFILE', 'cannot write /state/x: too many open files', 'ulimit'],
  ])('says of %s which path, and what to do', (code, message, hint) => {
    expect(diskFailure(systemError(code), 'write', '/state/x')).toEqual(
      expect.objectContaining({ name: 'MachineError', message, hint: expect.stringContaining(hint), cause: expect.anything() }),
    );
  });

  it('gives the words of the system where it knows no better', () => {
    expect(diskFailure(systemError('EIO'), 'write', '/x')).toEqual(new MachineError('cannot write /x: EIO: some text of the system'));
  });

  it('leaves alone what is not of the system', () => {
    const bug = new TypeError('undefined is not a function');
    expect(diskFailure(bug, 'write', '/x')).toBe(bug);
    const ofNode = Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' });
    expect(diskFailure(ofNode, 'write', '/x')).toBe(ofNode);
  });
});

describe('systemCode', () => {
  it('is that of a real failure', () => {
    try {
      readFileSync('/nowhere/at/all');
    } catch (error) {
      expect(systemCode(error)).toBe('ENOENT');
    }
    expect.assertions(1);
  });
});
