import { describe, expect, it } from 'vitest';
import { reusedToken, tokenOfCommand } from '../../../src/cli/security/oauth-token.js';

const goingOn = new AbortController().signal;

describe('a token command', () => {
  it('prints the token, and the token may say when it ends', async () => {
    expect(await tokenOfCommand('echo abc', goingOn)).toEqual({ text: 'abc', expiresAt: null });
    const claims = Buffer.from('{"exp":1700000000}').toString('base64url');
    expect(await tokenOfCommand(`echo x.${claims}.y`, goingOn)).toEqual({ text: `x.${claims}.y`, expiresAt: 1_700_000_000_000 });
  });
  it.each([
    ['fails', 'echo hidden; exit 3', /^the token command failed \(exit code 3\)$/],
    ['is killed', 'kill -9 $$', /^the token command failed \(exit code SIGKILL\)$/],
    ['prints nothing', 'true', /gives no token$/],
    ['prints more', 'echo hidden token', /must be one word$/],
  ])('that %s is an error without its output', async (_, command, message) => {
    const refused = expect.objectContaining({ name: 'AuthenticationError', message: expect.stringMatching(message) });
    await expect(tokenOfCommand(command, goingOn)).rejects.toThrow(refused);
  });
  it('ends with the command that wants it', async () => {
    const controller = new AbortController();
    const token = tokenOfCommand('exec sleep 60', controller.signal);
    controller.abort();
    await expect(token).rejects.toThrow(/cannot be run: The operation was aborted/);
  });
});

it('asks again for a token that could not be had, once for all that want it', async () => {
  let now = 0;
  const answers = ['first', null, 'second'];
  const token = await reusedToken(
    async () => {
      const text = answers.shift();
      if (text == null) throw new Error('down');
      return { text, expiresAt: 60_000 };
    },
    () => now,
  );
  expect(await Promise.all([token(), token()])).toEqual(['first', 'first']);
  now = 40_000;
  const failed = await Promise.allSettled([token(), token()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  now = 10_000;
  expect(await Promise.all([token(), token()])).toEqual(['second', 'second']);
});
