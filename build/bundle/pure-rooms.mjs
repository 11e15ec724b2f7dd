// A room's index.ts names everything it has. Sonde's modules do nothing when they are loaded, so whoever imports one
// name through an index needs only the file behind it: main takes file names from the recording room, not its codecs.

export const PURE_ROOMS = {
  name: 'pure-rooms',
  setup(builder) {
    builder.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'resolving') return null;
      const found = await builder.resolve(path, { ...from, pluginData: 'resolving' });
      return { ...found, sideEffects: false };
    });
  },
};
