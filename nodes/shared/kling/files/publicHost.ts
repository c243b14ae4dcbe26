import { readUrl } from '../values';

/** The addresses that are not reached from the internet: network, and how many bits of it count. Sources: IANA's special-purpose registries. */
const PRIVATE_V4: ReadonlyArray<[network: string, bits: number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];
/** The same for IPv6, by the first two groups as one number. */
const PRIVATE_V6: ReadonlyArray<[network: number, bits: number]> = [
	[0xfc000000, 7],
	[0xfe800000, 10],
	[0xfec00000, 10],
	[0xff000000, 8],
	[0x20010db8, 32],
];

/** Names that private networks give. Sources: RFC 6761, RFC 6762 (with its appendix G), RFC 8375, and ICANN's `.internal`. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Whether a URL leads to a host that the internet can reach, as far as the URL itself tells. */
export function isPublic(url: string): boolean {
	const host = readUrl(url)?.hostname.replace(/\.$/, '') ?? '';
	if (host.startsWith('[')) return isPublicV6(groupsOf(host.slice(1, -1)));
	if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isPublicV4(numberOf(host));
	return host.includes('.') && !PRIVATE_NAME.test(host);
}

function isPublicV4(address: number): boolean {
	return !PRIVATE_V4.some(([network, bits]) => isWithin(address, numberOf(network), bits));
}

function isPublicV6(groups: readonly number[]): boolean {
	const [start, embedded] = [groups.slice(0, 6), joined(groups[6]!, groups[7]!)];
	const isMapped = start.every((group, place) => group === (place === 5 ? 0xffff : 0));
	if (isMapped) return isPublicV4(embedded);
	if (start.every((group) => group === 0)) return false;
	const address = joined(groups[0]!, groups[1]!);
	return !PRIVATE_V6.some(([network, bits]) => isWithin(address, network, bits));
}

/** Numbers of 32 bits; JavaScript shifts signed ones. */
const isWithin = (address: number, network: number, bits: number): boolean =>
	Math.floor(address / 2 ** (32 - bits)) === Math.floor(network / 2 ** (32 - bits));

const joined = (high: number, low: number): number => high * 65_536 + low;

function numberOf(address: string): number {
	return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

/** The eight groups of an address as a URL has it: in hexadecimal, the longest run of zeros left out. */
function groupsOf(address: string): number[] {
	const [before, after] = address.split('::').map((half) => half.split(':').filter(Boolean));
	const zeros = after ? Array<string>(8 - before!.length - after.length).fill('0') : [];
	return [...before!, ...zeros, ...(after ?? [])].map((group) => parseInt(group, 16));
}
