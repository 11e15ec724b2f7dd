import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../remote-agent/agent/args.ts';
import { serveCommand } from '../../../remote-agent/protocol/index.ts';

describe('the command line', () => {
  it('is the one that protocol/agent-cli.ts builds', () => {
    const command = serveCommand({ node: 'node', agent: 'agent.cjs', loader: '/l', runDir: '/r', leaseS: 45 });
    expect(parseCommand(command.slice(command.indexOf('agent.cjs') + 1))).toEqual({
      kind: 'serve',
      options: { runDir: '/r', loader: '/l', leaseS: 45, keep: null },
    });
  });

  it('says where the end of a session is left', () => {
    const keep = { folder: '/d/flight', workstationMs: 1_700_000_000_000 };
    const command = serveCommand({ node: 'node', agent: 'agent.cjs', loader: '/l', runDir: '/r', leaseS: 45, keep });
    expect(parseCommand(command.slice(command.indexOf('agent.cjs') + 1))).toEqual({
      kind: 'serve',
      options: { runDir: '/r', loader: '/l', leaseS: 45, keep },
    });
  });

  it.each([
    [[]],
    [['run']],
    [['serve']],
    [['serve', '--dir', '/r']],
    [['serve', '--dir', '/r', '--loader', '/l', '--lease', 'x']],
    [['serve', '--dir', '/r', '--loader', '/l', '--what']],
    [['serve', '--dir', '/r', '--loader', '/l', '--keep', '/d']],
    [['unattended', '--dir', '/r', '--loader', '/l', '--lease', '5']],
    [['version', 'x']],
  ])('%j is explained', (argv) => {
    expect(parseCommand(argv).kind).toBe('usage');
  });
});
