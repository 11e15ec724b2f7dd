/** What counted a dropped packet: numbers of the table `drop-place`. One packet may be counted at several of them. */
export const DROP_PLACES = {
  1: { title: 'Kernel', description: 'The network code dropped it, for the reason that the kernel itself names.' },
  2: { title: 'Interface', description: 'A counter of a network interface: the packet did not get in or out.' },
  3: { title: 'Protocol', description: 'A counter of IP, TCP or UDP: a full buffer or queue, a packet nobody wanted.' },
} as const;

export type DropPlace = keyof typeof DROP_PLACES;
