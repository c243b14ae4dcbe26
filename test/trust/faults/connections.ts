import type { FaultRow } from './row';

type ConnectionRow = Pick<FaultRow, 'id' | 'fault' | 'play'> & Partial<FaultRow>;

/** Whom the texts speak of. */
export interface PeerWords {
	name: string;
	/** What a call without an answer may have cost. */
	warning: RegExp;
}

export const PROVIDER: PeerWords = { name: 'provider', warning: /may have been charged/ };
export const FILE_SERVER: PeerWords = { name: 'server of the file', warning: /./ };

/** Long enough for a busy machine to connect and send. */
const TIMEOUT_S = 3;

/** Faults of the connection, at whom they happen. */
export function connectionRows({ name, warning }: PeerWords): FaultRow[] {
	const broke = { message: `The connection to the ${name} broke before the answer was complete`, description: warning };
	const late = { message: `The ${name} did not answer within ${TIMEOUT_S} seconds`, description: warning, timeout: TIMEOUT_S };
	const insecure = { message: `No secure connection to the ${name} could be made`, again: 'never' as const };
	const rows: ConnectionRow[] = [
		{
			id: 'dns',
			fault: 'a host name that does not exist',
			play: { place: 'dns' },
			message: `The host name of the ${name} could not be found`,
		},
		{ id: 'refused', fault: 'connection refused', play: { place: 'refused' }, message: `The ${name} could not be reached` },
		{ id: 'closed', fault: 'closed at once', play: { place: 'closesAtOnce' }, ...broke },
		{ id: 'untrusted', fault: 'an untrusted certificate', play: { place: 'untrusted' }, ...insecure },
		{ id: 'wrong-host', fault: 'a certificate for another host', play: { place: 'wrongHost' }, ...insecure },
		{ id: 'no-tls', fault: 'a server that does not speak TLS', play: { place: 'noTls' }, ...insecure },
		{ id: 'reset-before', fault: 'reset before the answer', play: { kind: 'resetBefore' }, ...broke },
		{ id: 'reset-during', fault: 'reset during the answer', play: { kind: 'resetDuring' }, ...broke },
		{ id: 'hang', fault: 'no answer at all', play: { kind: 'hang' }, ...late },
		{ id: 'hang-body', fault: 'headers, and then nothing', play: { kind: 'hang', afterHeaders: true }, ...late },
		{ id: 'drip', fault: 'a slow drip of the body', play: { kind: 'drip', bytesEveryMs: 50 }, ...late },
		{
			id: 'drip-headers',
			fault: 'a slow drip of the headers',
			play: { kind: 'drip', bytesEveryMs: 50, dripHeaders: true },
			...late,
		},
	];
	return rows.map((row) => ({
		group: 'Connection',
		again: 'backoff',
		message: '',
		httpStatus: null,
		serviceCode: null,
		...row,
		id: `connection-${row.id}`,
	}));
}
