// Before a session: the first screens, settings, connecting.
import type { SecretStoreView } from '../../../../electron/bridge/settings.ts';
import { DEVICES } from '../recents.ts';
import { libraryOf } from '../recordings.ts';
import { KEPT_SECRETS, NO_KEYRING, SETTINGS_TROUBLE } from '../settings.ts';
import { connecting, type Stage, type States } from '../stage.ts';
import { connecting as connectingView, HOST_KEY, NO_TRACEFS, stepsAt, SUDO } from '../views.ts';

/** With the devices of the start screen. The keyring is looked at when the settings open. */
async function openSettings(
  { controller }: Stage,
  secretStore: SecretStoreView = { refusal: NO_KEYRING, kept: [] },
): Promise<void> {
  controller.settings.open();
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  controller.state.setState({ devices: DEVICES, library: libraryOf(60), secretStore });
}

export const START: States = {
  'start-first': () => {},
  'start-recent': () => {},
  'start-fault': ({ controller }) =>
    controller.state.setState({
      screen: {
        kind: 'start',
        busy: null,
        fault: {
          code: 'bad-recording',
          message: 'cannot open notes.txt: it is not a recording',
          hint: 'Sonde opens .mcap files that it has written.',
        },
      },
    }),
  welcome: ({ controller }) => controller.showWelcome(),
  settings: (stage) => openSettings(stage),
  'settings-keyring': (stage) => openSettings(stage, { refusal: null, kept: KEPT_SECRETS }),
  'settings-trouble': async (stage) => {
    await openSettings(stage);
    const { settings } = stage.controller.state.getState();
    if (settings) stage.controller.state.setState({ settings: { ...settings, trouble: SETTINGS_TROUBLE } });
  },
  connecting: async (stage) => (await connecting(stage)).show(connectingView('upload-node')),
  'host-key': async (stage) => (await connecting(stage)).show(connectingView('ssh', HOST_KEY)),
  secret: async (stage) => (await connecting(stage)).show(connectingView('become-root', SUDO)),
  'secret-remembered': async (stage) => {
    stage.controller.state.setState({ secretStore: { refusal: null, kept: [] } });
    (await connecting(stage)).show(connectingView('become-root', SUDO));
  },
  'connect-failed': async (stage) =>
    (await connecting(stage)).show({
      kind: 'ended',
      fault: NO_TRACEFS,
      steps: stepsAt('start-probe', true),
      recording: null,
    }),
};
