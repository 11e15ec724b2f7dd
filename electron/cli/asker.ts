/** Answers the questions that come up on the way to a device: on the terminal, through SSH_ASKPASS, or not at all. */
import { type Fault, safeText, TEXT } from '../../remote-agent/protocol/index.ts';
import type { Question } from '../ssh/index.ts';
import type { World } from './world.ts';

type Secret = Extract<Question, { kind: 'secret' }>;
type HostKey = Extract<Question, { kind: 'host-key' }>;

export class Asker {
  private readonly world: World;
  /** Called around questions, so that nothing is drawn over them. */
  private readonly pause: () => void;
  /** Why a question could not even be asked. */
  private unaskable: Fault | null = null;

  constructor(world: World, pause: () => void) {
    this.world = world;
    this.pause = pause;
  }

  readonly ask = async (question: Question): Promise<string | boolean | null> => {
    this.pause();
    return question.kind === 'host-key' ? this.askHostKey(question) : this.askSecret(question);
  };

  /** What to tell instead of "cancelled" when nobody could be asked. */
  explain(fault: Fault): Fault {
    return fault.code === 'cancelled' && this.unaskable ? this.unaskable : fault;
  }

  private async askHostKey({ host, algorithm, fingerprint }: HostKey): Promise<boolean | null> {
    const { terminal } = this.world;
    if (!terminal) return null; // the fault that follows says how to accept it
    const words = `The host key of ${safeText(host, TEXT.short)} is not known yet.\n${safeText(algorithm, TEXT.short)} ${safeText(fingerprint, TEXT.short)}\nCompare it with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub (or another type) on the device.\nConnect and remember it (yes/no)? `;
    for (;;) {
      const answer = (await terminal.ask(words, false))?.trim().toLowerCase();
      if (answer === undefined) return null;
      if (answer === 'yes' || answer === 'no') return answer === 'yes';
    }
  }

  private async askSecret({ text, retry }: Secret): Promise<string | null> {
    const question = `${retry ? 'That was not accepted. ' : ''}${safeText(text, TEXT.fault).replace(/:?\s*$/, '')}: `;
    const { terminal, askpass } = this.world;
    if (askpass) return askpass(question);
    if (terminal) return terminal.ask(question, true);
    this.unaskable = {
      code: 'auth-failed',
      message: `cannot ask for the ${safeText(text, TEXT.fault)}: there is no terminal`,
      hint: 'Use a key without a passphrase or an SSH agent (ssh-add), or name a program that asks in SSH_ASKPASS. For sudo, allow it without a password or log in as root.',
    };
    return null;
  }
}
