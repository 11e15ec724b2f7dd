/** Version of Sonde, the same in package.json (a test holds them together); agent and workstation tell each other. */
export const SONDE_VERSION = '0.1.0';
