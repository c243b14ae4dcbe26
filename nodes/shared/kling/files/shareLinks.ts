import { refusal } from '../klingError';
import type { MediaKind } from './mediaKind';

/** Links that people share of a service's files, and that open a page. */
interface ShareHost {
	/** As it stands in a sentence. */
	name: string;
	/** Matched against the host name, which is in lower case. */
	host: RegExp;
	/** What path and query of a link to a page look like. */
	page: RegExp;
	/** What they have in them where the link leads to the file all the same. */
	direct?: RegExp;
	/** The link to the file itself, for files that anyone with the link may open; null where there is none. */
	file?(url: URL): string | null;
	/** Who loads the file otherwise. */
	loader: string;
}

const BY_HTTP = 'Download the file yourself';
const node = (name: string) => `Load the file with n8n's ${name} node`;

/** One row for each service. */
const SHARE_HOSTS: readonly ShareHost[] = [
	{
		// Sources: drive.google.com/uc is what Drive's API gives as webContentLink ("files", fields webViewLink and webContentLink);
		// links of older files need their resource key ("Access link-shared files using resource keys").
		name: 'Google Drive',
		host: /^(drive|docs)\.google\.com$/,
		page: /^\/(a\/[^/]+\/)?(u\/\d+\/)?(file\/(u\/\d+\/)?d\/|open\?|drive\/|folderview\?)/,
		file: driveFile,
		loader: node('Google Drive'),
	},
	{
		// Source: Google's help, "Share photos and videos": a link opens Google Photos.
		name: 'Google Photos',
		host: /^photos\.(app\.goo\.gl|google\.com)$/,
		page: /^\/./,
		loader: BY_HTTP,
	},
	{
		// Source: Dropbox's help, "Force a shared link to download or render": dl=1 and raw=1.
		name: 'Dropbox',
		host: /^(www\.)?dropbox\.com$/,
		page: /^\/(s|sh|scl\/f[io]|t|transfer|preview|home)\//,
		direct: /^\/s\/(dl|raw)\/|[?&](dl|raw)=1(&|$)/,
		file: (url) => (/^\/(s|scl\/fi)\//.test(url.pathname) ? withParameter(url, 'dl') : null),
		loader: node('Dropbox'),
	},
	{
		// Source: Microsoft's OneDrive API, "Sharing links": webUrl opens the item in the browser; its file takes a call of the API.
		name: 'OneDrive',
		host: /^(1drv\.ms|onedrive\.live\.com)$/,
		page: /^\/./,
		direct: /^\/download\b|[?&]download=1(&|$)/,
		loader: node('Microsoft OneDrive'),
	},
	{
		// Source: Microsoft Graph, "sharingLink": webUrl opens the item on the website. With download=1 SharePoint sends the file.
		name: 'SharePoint',
		host: /\.sharepoint\.com$/,
		page: /^\/:[a-z]:\//,
		direct: /[?&]download=1(&|$)/,
		file: (url) => (url.pathname.startsWith('/:f:') ? null : withParameter(url, 'download')),
		loader: node('Microsoft SharePoint'),
	},
	{
		// Source: Apple's iCloud help, "Share files and folders": a link opens iCloud.com.
		name: 'iCloud',
		host: /^(www\.|share\.)?icloud\.com$/,
		page: /^\/(iclouddrive|photos|sharedalbum|attachment)\b/,
		loader: BY_HTTP,
	},
	{
		// Source: WeTransfer's help, "How do I download a transfer": a link opens a page with a button.
		name: 'WeTransfer',
		host: /^(we\.tl|([\w-]+\.)?wetransfer\.com)$/,
		page: /^\/(t-|downloads\/)/,
		loader: BY_HTTP,
	},
	{
		// Source: YouTube's help, "Share videos": a link opens the player, and no URL leads to the file.
		name: 'YouTube',
		host: /^(youtu\.be|(www\.|m\.|music\.)?youtube\.com)$/,
		page: /^\/(watch\?|shorts\/|live\/|embed\/|playlist\?|[\w-]{11}(\?|$))/,
		loader: BY_HTTP,
	},
];

/**
 * Refuses a link to a page that shows a file instead of the file itself: whoever fetches it gets the page.
 * @param url one that was read
 * @throws KlingError with the link to the file, where the service has one
 */
export function checkShareLink(url: string, kind: MediaKind): void {
	const parsed = new URL(url);
	const target = parsed.pathname + parsed.search;
	const service = SHARE_HOSTS.find(({ host, page, direct }) => {
		return host.test(parsed.hostname) && page.test(target) && direct?.test(target) !== true;
	});
	if (!service) return;
	const file = service.file?.(parsed) ?? null;
	const use = file === null ? '' : `Share the file with anyone who has the link, and use ${file} instead. Or: `;
	throw refusal(
		`The ${kind} URL is a share link of ${service.name}: it opens a page, not the file`,
		`${use}${service.loader}, and choose Binary File here.`,
	);
}

/** A Drive link that anyone may open gives the file away by its id. */
function driveFile({ pathname, searchParams }: URL): string | null {
	const id = /\/d\/([\w-]+)/.exec(pathname)?.[1] ?? (pathname.endsWith('/open') ? searchParams.get('id') : null);
	if (id === null) return null;
	const key = searchParams.get('resourcekey');
	return `https://drive.google.com/uc?export=download&id=${id}${key === null ? '' : `&resourcekey=${key}`}`;
}

/** The same link with a switch set. */
function withParameter(url: URL, name: string): string {
	const direct = new URL(url);
	direct.hash = '';
	direct.searchParams.set(name, '1');
	return direct.href;
}
