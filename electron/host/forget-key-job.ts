/** Forgets the host key of a device, for main. */
import { faultOf } from '../../remote-agent/protocol/index.ts';
import type { ForgottenKey } from '../bridge/index.ts';
import { forgetHostKeys } from '../ssh/index.ts';

export interface ForgetTold {
  readonly forgotten: ForgottenKey | null;
  readonly message: string;
  readonly hint: string;
}

export async function forgetHostKey(destination: string): Promise<ForgetTold> {
  try {
    const forgotten = await forgetHostKeys({ destination, identityFiles: [], knownHostsFile: null });
    return { forgotten, message: '', hint: '' };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return { forgotten: null, message: fault.message, hint: fault.hint ?? '' };
  }
}
