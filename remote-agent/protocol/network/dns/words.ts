/** Numbers of DNS by the names that people use for them: IANA's "Domain Name System (DNS) Parameters". */

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  29: 'LOC',
  33: 'SRV',
  35: 'NAPTR',
  39: 'DNAME',
  41: 'OPT',
  43: 'DS',
  44: 'SSHFP',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  256: 'URI',
  257: 'CAA',
};

export const DNS_TYPE = { A: 1, CNAME: 5, PTR: 12, AAAA: 28, OPT: 41, ANY: 255 } as const;

const CODES: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  0: ['NOERROR', 'No error'],
  1: ['FORMERR', 'The server could not read the query'],
  2: ['SERVFAIL', 'The server failed to find out'],
  3: ['NXDOMAIN', 'There is no such name'],
  4: ['NOTIMP', 'The server does not do this kind of query'],
  5: ['REFUSED', 'The server refuses to answer this'],
  6: ['YXDOMAIN', 'The name exists and should not'],
  7: ['YXRRSET', 'The records exist and should not'],
  8: ['NXRRSET', 'The records do not exist and should'],
  9: ['NOTAUTH', 'The server is not responsible for the zone, or the signature is not its own'],
  10: ['NOTZONE', 'The name is not in the zone'],
  11: ['DSOTYPENI', 'The server does not do this kind of session'],
  16: ['BADVERS', 'The server does not speak this version, or the signature is wrong'],
  17: ['BADKEY', 'The key is not known'],
  18: ['BADTIME', 'The signature is out of its time'],
  19: ['BADMODE', 'The way of exchanging keys is wrong'],
  20: ['BADNAME', 'The name of the key exists already'],
  21: ['BADALG', 'The algorithm is not supported'],
  22: ['BADTRUNC', 'The signature was shortened too much'],
  23: ['BADCOOKIE', 'The cookie is missing or wrong'],
};

/** "AAAA"; "TYPE1234" (RFC 3597) where there is no name. */
export function dnsTypeName(type: number): string {
  return TYPES[type] ?? `TYPE${type}`;
}

/** "NXDOMAIN"; "RCODE77" where there is no name. */
export function dnsCodeName(code: number): string {
  return CODES[code]?.[0] ?? `RCODE${code}`;
}

/** "There is no such name"; '' where nothing is known. */
export function dnsCodeMeaning(code: number): string {
  return CODES[code]?.[1] ?? '';
}
