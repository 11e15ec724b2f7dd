// The list of recordings.
import type { Library } from '../../../../electron/bridge/library.ts';
import { EMPTY_LIBRARY, libraryOf } from '../recordings.ts';
import type { Stage, States } from '../stage.ts';

const showing =
  (library: Library) =>
  ({ controller }: Stage) =>
    controller.state.setState({ screen: { kind: 'library' }, library });

export const LIBRARY: States = {
  library: showing(libraryOf(60)),
  'library-empty': showing(EMPTY_LIBRARY),
  'library-many': showing(libraryOf(5000)),
};
